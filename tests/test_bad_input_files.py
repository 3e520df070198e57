"""Files that are no scenarios at all are refused quickly and in words: too big, binary, bombs, folders."""

from __future__ import annotations

import cProfile
import pstats
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest

from sim.errors import InputError, ScenarioError
from sim.scenario.files import find
from sim.scenario.load import load, loads


def _told(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return str(caught.value).replace(str(path), path.name)


def test_a_file_of_50_mb_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    tracemalloc.start()
    told = _told(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told == "big.yaml: the file is larger than 1000 kB. A scenario is a few screens of text."
    assert peak < 5_000_000


def test_a_text_of_more_than_1_mb_is_refused() -> None:
    with pytest.raises(ScenarioError, match="larger than 1000 kB"):
        loads("# " + "x" * 1_000_000)


def test_binary_rubbish_is_told_from_text(tmp_path: Path) -> None:
    path = tmp_path / "rubbish.yaml"
    path.write_bytes(b"scenario: desk\ntitle: \xff\xfe\x00\x01\x80")
    assert (
        _told(path) == "rubbish.yaml:2:8: the file is not text in UTF-8 (byte 0xff). Save it as UTF-8 text."
    )


def test_control_characters_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "zeros.yaml"
    path.write_bytes(b"scenario: desk\nabout: \x00\x00\x07")
    assert _told(path).endswith("the file holds characters that no text has. Is it a text file?")


def test_text_in_utf_16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    path.write_bytes("scenario: desk\n".encode("utf-16"))
    assert "not text in UTF-8" in _told(path)


def test_an_alias_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    levels = "abcdefghi"
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{n}: &{n} [{', '.join([f'*{m}'] * 10)}]" for m, n in pairwise(levels)]
    path.write_text("\n".join(lines), encoding="utf-8")
    told = _told(path)
    assert told.startswith("bomb.yaml:1:4: `&a`: YAML anchors are not allowed.")
    assert "bomb.yaml:2:8: `*a`: YAML aliases are not allowed." in told


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_with_no_more_work_for_a_longer_file(tmp_path: Path, opening: str) -> None:
    def calls(openings: int) -> int:
        path = tmp_path / "deep.yaml"
        path.write_text("process: \n  " + opening * openings, encoding="utf-8")
        profile = cProfile.Profile()
        profile.enable()
        told = _told(path)
        profile.disable()
        assert "nested more than 60 deep" in told
        return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]

    calls(1_000)  # the first call imports and compiles
    # Counted, not timed: a busy machine is no failure. Reading stops where the nesting is too deep.
    assert calls(100_000) < 1.5 * calls(10_000)


def test_deep_nesting_by_indentation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "steep.yaml"
    path.write_text("\n".join(" " * n + "a:" for n in range(500)), encoding="utf-8")
    assert "nested more than 60 deep" in _told(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert _told(tmp_path / "none.yaml") == "none.yaml: there is no such file. Check its name and folder."
    folder = tmp_path / "desk.yaml"
    folder.mkdir()
    assert _told(folder) == "desk.yaml: this is a folder. Name a scenario file in it."


def test_an_unknown_scenario_brings_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "permit-desk.yaml").write_text("", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"there is no scenario `permit-dusk`\. Did you mean `permit-desk`\?"
    ):
        find("permit-dusk", [tmp_path])
    assert find("permit-desk", [tmp_path]).name == "permit-desk.yaml"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbfscenario: desk\r\nprocess: []\r\n")
    assert "windows.yaml:2:10: process: the process is empty." in _told(path)


def test_more_problems_than_anybody_reads_are_cut_off() -> None:
    keys = "".join(f"k{number}: 1\n" for number in range(20_000))
    with pytest.raises(ScenarioError) as caught:
        loads(keys, "many.yaml")
    assert len(caught.value.problems) == 501
    assert str(caught.value).startswith("many.yaml: there are more than 500 problems. These are the first.")


def test_a_very_long_name_does_not_make_a_very_long_message() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads("process:\n  - step: check\n    by: " + "c" * 100_000 + "\n")
    assert all(len(str(problem)) < 2000 for problem in caught.value.problems)
