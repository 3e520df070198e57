"""What is shown of how far long work has come: few plain lines, or a bar with the time left."""

from __future__ import annotations

import io

import pytest

from sim.report.progress import SILENCE, Pace, following


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def lines(planned: int, seconds: float, before: int = 0) -> list[str]:
    """What is written while so many runs, each of so many seconds, are counted."""
    stream, watch = io.StringIO(), Watch()
    with following(stream, watch) as (_, count):
        for done in range(1, planned + 1):
            if done > before:
                watch.now += seconds
            count(done, planned, "after")
    return stream.getvalue().splitlines()


def test_few_runs_have_a_line_each() -> None:
    assert lines(3, 10.0) == [
        "run 1 of 3 (after), about 20 s left", "run 2 of 3 (after), about 10 s left", "run 3 of 3 (after)",
    ]  # fmt: skip


def test_hundreds_of_runs_have_a_line_every_tenth_of_the_way() -> None:
    found = lines(400, 0.2)
    assert len(found) == 10
    assert found[0] == "run 40 of 400 (after), about 1 min left"
    assert found[-1] == "run 400 of 400 (after)"


def test_long_runs_have_a_line_in_half_a_minute() -> None:
    found = lines(400, SILENCE / 3)
    assert 400 / 3 <= len(found) <= 400 / 3 + 10
    assert found[0] == "run 3 of 400 (after), about 1 h 6 min left"


def test_what_was_made_ready_before_the_first_run_counts_as_no_run() -> None:
    stream, watch = io.StringIO(), Watch()
    with following(stream, watch) as (tell, count):
        watch.now += 60.0
        tell("The engine is compiled, after 60 s.")
        watch.now += 1.0
        count(1, 2, "after")
    assert stream.getvalue().splitlines()[-1] == "run 1 of 2 (after), about 1 s left"


def test_runs_that_were_kept_do_not_count_as_fast() -> None:
    """38 of 40 come at once; the last two take a minute each, as the first of them shows."""
    assert lines(40, 60.0, before=38)[-2:] == [
        "run 39 of 40 (after), about 1 min left", "run 40 of 40 (after)",
    ]  # fmt: skip


def test_a_new_series_has_a_speed_of_its_own() -> None:
    watch = Watch()
    pace = Pace(watch)
    watch.now += 1000
    assert pace.left(1, 2) == "about 17 min left"
    watch.now += 1000
    assert pace.left(2, 2) == ""
    watch.now += 5
    assert pace.left(1, 3) == "about 10 s left"


def test_a_second_series_writes_its_tenths_too() -> None:
    stream, watch = io.StringIO(), Watch()
    with following(stream, watch) as (tell, count):
        for reading in ("one", "two"):
            tell(f"reading {reading}")
            for done in range(1, 101):
                count(done, 100, reading)
    found = stream.getvalue().splitlines()
    assert found[0] == "reading one"
    assert found[11] == "reading two"
    assert len(found) == 22


def test_a_terminal_has_a_bar_and_keeps_what_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    stream, watch = Terminal(), Watch()
    with following(stream, watch) as (tell, count):
        tell("12 of 40 jobs were done [before]; going on from there")
        watch.now += 60
        count(13, 40, "after")
        count(14, 40, "after")
    shown = stream.getvalue()
    assert "12 of 40 jobs were done [before]; going on from there\n" in shown
    assert "run 14 of 40 (after)" in shown
    assert "left" in shown
