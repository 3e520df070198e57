"""Shows how far long work has come: a bar on a terminal, plain lines on any other stream."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

#: Told what is being done; told how many runs are done, how many are planned, and of what.
Tell = Callable[[str], None]
Count = Callable[[int, int, str], None]
Clock = Callable[[], float]

#: Plain lines count at every tenth of the way, and in between when the last line is this many seconds old.
SILENCE = 30.0
#: Runs that come faster than this (seconds) at first were kept from an earlier start: they tell no speed.
AT_ONCE = 0.05


@contextmanager
def following(stream: TextIO, clock: Clock = time.monotonic) -> Iterator[tuple[Tell, Count]]:
    """Give two functions that show on `stream` what they are told.

    What is told stays. Counts are a bar with the time left, which is gone when the block ends; on a
    stream that is no terminal they are lines, about ten in all, or one in half a minute.

    Parameters
    ----------
    stream : usually standard error.
    clock : seconds from any moment, for the time left.
    """
    pace = Pace(clock)
    if not stream.isatty():
        shown = _Lines(stream, pace, clock)
        yield shown.tell, shown.count
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}", markup=False),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("", total=None, left="")

        def tell(message: str) -> None:
            pace.begin()
            bar.console.print(message, markup=False, highlight=False, soft_wrap=True)

        def count(done: int, planned: int, what: str) -> None:
            bar.update(
                task, completed=done, total=planned, description=_run(done, planned, what),
                left=pace.left(done, planned),
            )  # fmt: skip

        yield tell, count


class Pace:
    """Estimates the time left from runs done since a series began."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._first = self._last = clock()
        self._start = self._done = 0
        self._measuring = False

    def begin(self) -> None:
        """Take what came before this moment for no run, if none is done yet: something was made ready."""
        if not self._done:
            self._first = self._last = self._clock()

    def left(self, done: int, planned: int) -> str:
        """Return the time left when `done` of `planned` runs are done, in words; empty if not known."""
        now = self._clock()
        if done <= self._done:  # another series
            self._start, self._first, self._measuring = 0, self._last, False
        if not self._measuring and now - self._last < AT_ONCE:
            self._start, self._first = done, now
        else:
            self._measuring = True
        self._last, self._done = now, done
        if done == self._start or done >= planned:
            return ""
        return f"about {_words((now - self._first) / (done - self._start) * (planned - done))} left"


class _Lines:
    """Plain lines, few of them however many runs there are."""

    def __init__(self, stream: TextIO, pace: Pace, clock: Clock) -> None:
        self._stream = stream
        self._pace = pace
        self._clock = clock
        self._tenth = 0
        self._done = 0
        self._written = clock()

    def tell(self, message: str) -> None:
        self._pace.begin()
        self._stream.write(f"{message}\n")
        self._stream.flush()
        self._written = self._clock()

    def count(self, done: int, planned: int, what: str) -> None:
        left = self._pace.left(done, planned)
        if done <= self._done:  # another series
            self._tenth = 0
        tenth = 10 * done // max(planned, 1)
        self._done = done
        if tenth > self._tenth or self._clock() - self._written >= SILENCE:
            self._tenth = tenth
            self.tell(_run(done, planned, what) + (f", {left}" if left else ""))


def _run(done: int, planned: int, what: str) -> str:
    return f"run {done} of {planned} ({what})"


def _words(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds < 60:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
