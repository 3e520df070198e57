"""`python -m benchmarks`: the parts that need no other simulator run, and their tables are readable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import __main__ as program
from benchmarks import growth, machine, memory, processes, queues, same_networks, streaming
from benchmarks.simulators import ours
from benchmarks.table import BEGIN, END, Table, write
from sim.chance.draws import Draws
from sim.engine.simpy_engine import run
from sim.network.elements import QueueRule
from sim.runs.speed import engine


def test_a_table_has_columns_in_line_and_a_dash_for_what_is_missing() -> None:
    table = Table("Title", "A note.", ("what", "n", "x"), (("one", 1234, 0.5), ("eleven", 1, None)))
    assert table.as_text() == (
        "### Title\n\n"
        "| what   |     n |   x |\n"
        "| ------ | ----: | --: |\n"
        "| one    | 1,234 | 0.5 |\n"
        "| eleven |     1 |   - |\n\n"
        "A note."
    )


def test_tables_are_written_between_the_marks_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Head\n\n{BEGIN}\nold\n{END}\n\nTail\n", encoding="utf-8")
    write(page, "new")
    write(page, "newer")
    assert page.read_text(encoding="utf-8") == f"# Head\n\n{BEGIN}\n\nnewer\n\n{END}\n\nTail\n"
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.md has no lines"):
        write(page, "new")


def test_the_page_has_a_place_for_the_tables_and_names_every_part() -> None:
    text = program.PAGE.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)
    for part in program.PARTS:
        assert f"`{part}`" in text


def test_a_page_is_written_from_a_complete_run_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(["--write", "--quick"])
    assert "leave out --quick" in capsys.readouterr().err


def test_the_machine_is_stated_without_its_name() -> None:
    import platform

    words = machine.words()
    assert "processors" in words
    assert "numpy 2" in words
    assert platform.node() not in words.split()


def test_our_own_rows_of_the_networks() -> None:
    table = same_networks.table(True, (ours.reference, ours.limit))
    assert [row[1] for row in table.rows[:2]] == ["reference engine", "bare Numba loop (the limit)"]
    assert len(table.rows) == 6
    office = table.rows[5]
    assert "has no calendar" in str(office[1])
    assert set(office[2:]) == {None}
    for row in table.rows[::2]:
        assert row[3] == 1.0


def test_growth_with_cases_has_its_unit_at_the_largest_quick_size(capsys: pytest.CaptureFixture[str]) -> None:
    rows = growth.cases_table(True).rows
    reference = [row for row in rows if row[0] == "simpy, records steps"]
    assert [row[1] for row in reference] == [1_000, 10_000]
    assert reference[-1][4] == 1.0
    assert reference[0][4] == pytest.approx(reference[0][3] / reference[1][3])  # type: ignore[operator]
    assert all(row[5] >= row[6] >= 0 for row in rows)  # type: ignore[operator]


def test_growth_with_pools_and_queues() -> None:
    assert [row[0] for row in growth.pools_table(True).rows] == [1, 20]
    assert {row[:2] for row in growth.pending_table(True).rows} >= {("simpy", 10), ("simpy", 1_000)}
    rows = [row for row in queues.table(True).rows if row[0] == "simpy"]
    assert [row[2] for row in rows] == [10, 100, 10_000] * 2


@pytest.mark.parametrize("rule", queues.RULES)
def test_as_many_wait_as_the_table_says(rule: QueueRule) -> None:
    net = queues.queue_of(200, 100, rule)
    records = run(net, Draws(1))
    assert records.activities == len(records.cases) == 301
    assert (records.cases["ended"] >= 0).all()
    if rule is QueueRule.FIRST_COME:
        assert 200 * (net.window[1] - queues.EFFORT) < records.queue_area[0] < 200 * net.window[1]
        assert set(np.diff(np.sort(records.steps["started"]))) == {queues.EFFORT}


@pytest.mark.skipif(engine("compiled")[0] is None, reason="there is no compiled engine here")
def test_the_hotline_grows_as_busy_and_its_memory_with_what_is_in_progress() -> None:
    table = streaming.table(True)
    rows: list[dict[str, Any]] = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    assert [(row["records"], row["tickets"]) for row in rows] == [
        ("none", 2_000), ("none", 20_000), ("none", 200_000), ("steps", 2_000), ("steps", 20_000)
    ]  # fmt: skip
    assert rows[0]["x smallest"] == rows[3]["x smallest"] == 1.0
    assert rows[2]["in progress"] == pytest.approx(10 * rows[1]["in progress"], rel=0.1)
    # With records these 200 000 tickets add 200 MB.
    assert rows[2]["added MB"] < 80


@pytest.mark.slow
def test_processes_give_the_same_numbers() -> None:
    rows = processes.table(True).rows
    assert [row[0] for row in rows][:2] == ["1 process", "2 processes"]
    assert rows[0][3:] == (1.0, "1.00")


def test_a_quick_run_leaves_the_largest_scenario_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert memory.table(True).rows == ()
    assert program.main(["--quick", "--only", "memory"]) == 0
    assert "Left out here" in capsys.readouterr().out
