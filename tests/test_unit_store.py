"""The results store: complete or absent, readable again, honest about what it cannot write."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from pathlib import Path

import numpy as np
import pytest

from sim.errors import StoreError
from sim.store import documents, results

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROWS = np.array([(1, 60, True), (2, -1, False)], dtype=[("case", "i8"), ("ended", "i8"), ("missed", "?")])


def test_a_complete_run_has_its_final_name_and_can_be_read_again(tmp_path: Path) -> None:
    with results.new_run(tmp_path, "permit-desk", WHEN) as run:
        run.manifest({"seed": 7})
        run.summary({"mean": 1.5})
        run.table("cases", ROWS)
        (run.figures / "a.svg").write_text("<svg/>")
        assert results.runs(tmp_path) == ()
    (folder,) = results.runs(tmp_path)
    assert folder == tmp_path / "permit-desk" / "20260302T093000Z"
    assert sorted(p.name for p in folder.iterdir()) == [
        "cases.parquet",
        "figures",
        "manifest.json",
        "summary.json",
    ]
    assert results.read(folder) == {"mean": 1.5}
    assert results.read_table(folder, "cases").to_pylist() == [
        {"case": 1, "ended": 60, "missed": True},
        {"case": 2, "ended": -1, "missed": False},
    ]


def test_the_manifest_tells_versions_and_machine(tmp_path: Path) -> None:
    with results.new_run(tmp_path, "permit-desk") as run:
        run.manifest({"seed": 7})
    (folder,) = results.runs(tmp_path, "permit-desk")
    manifest = results.read(folder, "manifest.json")
    assert manifest["seed"] == 7
    assert manifest["versions"]["numpy"] == np.__version__
    assert manifest["machine"]["processors"] >= 1


def test_csv_on_request(tmp_path: Path) -> None:
    with results.new_run(tmp_path, "permit-desk", WHEN) as run:
        run.manifest({})
        path = run.table("cases", ROWS, "csv")
        assert path.read_text().splitlines()[0] == '"case","ended","missed"'
    (folder,) = results.runs(tmp_path)
    assert results.read_table(folder, "cases").column("ended").to_pylist() == [60, -1]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_run_that_fails_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def fail() -> None:
        with results.new_run(tmp_path, "permit-desk") as run:
            run.summary({})
            raise error

    with pytest.raises(error):
        fail()
    assert list(tmp_path.iterdir()) == []
    with results.new_run(tmp_path, "permit-desk") as run:
        run.manifest({})
    with pytest.raises(error):
        fail()
    assert [path.name for path in (tmp_path / "permit-desk").iterdir()] == [run.final.name]


def test_what_a_killed_run_left_is_cleared_and_never_listed(tmp_path: Path) -> None:
    left = tmp_path / "permit-desk" / ".20260101T000000Z.999999999"
    left.mkdir(parents=True)
    (left / "manifest.json").write_text("{}")
    assert results.runs(tmp_path) == ()
    with results.new_run(tmp_path, "permit-desk", WHEN) as run:
        run.manifest({})
    assert [p.name for p in (tmp_path / "permit-desk").iterdir()] == ["20260302T093000Z"]


def test_two_runs_of_one_second_are_kept_apart(tmp_path: Path) -> None:
    with results.new_run(tmp_path, "a", WHEN) as first, results.new_run(tmp_path, "a", WHEN) as second:
        first.manifest({})
        second.manifest({})
    assert [p.name for p in results.runs(tmp_path)] == ["20260302T093000Z", "20260302T093000Z-2"]


def test_a_store_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="--out"), results.new_run(tmp_path / "file", "a"):
        pass


def test_missing_and_broken_results_are_said(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text("{")
    (tmp_path / "steps.parquet").write_text("no parquet")
    with pytest.raises(StoreError, match="summary"):
        results.read(tmp_path)
    with pytest.raises(StoreError, match=r"no table cases\. It has steps"):
        results.read_table(tmp_path, "cases")
    with pytest.raises(StoreError, match="table steps cannot be read"):
        results.read_table(tmp_path, "steps")


class Colour(IntEnum):
    DARK_RED = 1


@dataclass(frozen=True)
class Value:
    low: float
    names: tuple[str, ...]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "null"),
        (float("inf"), "null"),
        (np.float64(1.5), "1.5"),
        (np.bool_(True), "true"),
        (np.array([1, 2]), "[1, 2]"),
        ({"b", "a"}, '["a", "b"]'),
        (Colour.DARK_RED, '"dark-red"'),
        (date(2026, 3, 2), '"2026-03-02"'),
        (Path("a") / "b", '"a/b"'),
        (Value(0.5, ("许可",)), '{"low": 0.5, "names": ["许可"]}'),
    ],
)
def test_documents_hold_plain_values_only(value: object, text: str) -> None:
    assert json.dumps(documents.plain(value), ensure_ascii=False) == text


def test_documents_refuse_what_they_cannot_say() -> None:
    with pytest.raises(TypeError, match="object"):
        documents.plain(object())
