"""Shows how far long work has come: a bar on a terminal, plain lines on any other stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

#: Told what is being done; told how many runs are done, how many are planned, and of what.
Tell = Callable[[str], None]
Count = Callable[[int, int, str], None]


@contextmanager
def following(stream: TextIO) -> Iterator[tuple[Tell, Count]]:
    """Give two functions that show on `stream` what they are told; a bar is gone when the block ends."""
    if not stream.isatty():

        def line(message: str) -> None:
            stream.write(f"{message}\n")
            stream.flush()

        yield line, lambda done, planned, what: line(f"run {done} of {planned} ({what})")
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(message: str) -> None:
            bar.update(task, description=message)

        def count(done: int, planned: int, what: str) -> None:
            bar.update(task, completed=done, total=planned, description=f"run {done} of {planned} ({what})")

        yield tell, count
