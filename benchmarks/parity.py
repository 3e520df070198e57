"""Parity at scale: both engines on thousands of random models or all shipped scenarios; no cell may differ.

python -m benchmarks.parity [--models N] [--start K] [--jobs J] [--engines simpy compiled]
python -m benchmarks.parity --scenarios [--seeds S] [--weeks W]

Progress goes to standard error, the result to standard output. Exit status 0: no difference; 1: some; 2: an
engine is not there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sim.engine.choose import choose, prepare
from sim.errors import ReplayError
from sim.runs.jobs import run_jobs
from sim.runs.where import Where
from tests.census import ALL
from tests.engines import OTHER, REFERENCE, missing
from tests.parity import Engines, Looked, fails, look, shrunk
from tests.parity_scenarios import Shipped, look_at, shipped
from tests.random_models import seeded

#: Models of one job.
CHUNK = 20
#: Models that differ and are shown in full.
SHOWN = 5
#: Models tried to make one of them smaller.
TRIES = 300

J = TypeVar("J", bound="Chunk | Part")


@dataclass(frozen=True)
class Chunk:
    """Random models that one job compares."""

    first: int
    last: int  # not included
    engines: tuple[str, str]

    def __str__(self) -> str:
        return f"models {self.first} to {self.last - 1}"

    def size(self) -> int:
        """Models in it."""
        return self.last - self.first


@dataclass(frozen=True)
class Part:
    """One variant and seed of a shipped scenario."""

    what: Shipped
    engines: tuple[str, str]

    def __str__(self) -> str:
        return str(self.what)

    def size(self) -> int:
        """Runs in it."""
        return 1


def engines_of(names: tuple[str, str]) -> Engines:
    """Return two engines by name."""
    return choose(names[0]), choose(names[1])


def compare_chunk(chunk: Chunk) -> Looked:
    """Compare the engines on the models of a chunk."""
    found = Looked()
    for seed in range(chunk.first, chunk.last):
        found.add(look(seed, engines_of(chunk.engines)))
    return found


def compare_part(part: Part) -> Looked:
    """Compare the engines on one variant and seed of a shipped scenario."""
    return look_at(part.what, engines_of(part.engines))


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.parity", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--models", type=int, default=10_000, help="number of random models (10000)")
    parser.add_argument("--start", type=int, default=0, help="seed of the first model (0)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument("--engines", nargs=2, default=(REFERENCE, OTHER), metavar="NAME", help="the two")
    parser.add_argument("--scenarios", action="store_true", help="all shipped scenarios instead")
    parser.add_argument("--seeds", type=int, default=20, help="with --scenarios: seeds of each variant (20)")
    parser.add_argument(
        "--weeks", type=int, default=2,
        help="with --scenarios: window of those that state an evidence window, being large; 0: as stated (2)",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    names = (options.engines[0], options.engines[1])
    for name in names:
        why = missing(name)
        if why:
            print(f"parity needs the engine {name}: {why}", file=sys.stderr)
            return 2
    for name in names:  # compiled, if need be, before workers start
        prepare(name, lambda message: print(message, file=sys.stderr, flush=True))
    began = time.perf_counter()
    if options.scenarios:
        parts = [Part(what, names) for what in shipped(range(1, options.seeds + 1), options.weeks)]
        found, broken = _all(compare_part, parts, options.jobs, "runs")
    else:
        last = options.start + options.models
        chunks = [Chunk(s, min(s + CHUNK, last), names) for s in range(options.start, last, CHUNK)]
        found, broken = _all(compare_chunk, chunks, options.jobs, "models")
    for line in _report(found, names, scenarios=options.scenarios):
        print(line)
    print(f"{time.perf_counter() - began:.0f} s with {options.jobs} processes")
    if broken:
        print(broken)
    return 1 if found.failures or broken else 0


def _all(work: Callable[[J], Looked], jobs: Sequence[J], processes: int, what: str) -> tuple[Looked, str]:
    """Do all jobs and say how far they are; return what was seen, and where a process died, if one did."""
    found = Looked()
    total, done, began, said = sum(job.size() for job in jobs), 0, time.perf_counter(), 0.0
    results = run_jobs(work, jobs, Where(processes))
    for job in jobs:
        try:
            found.add(next(results))
        except ReplayError as error:
            return found, f"{job}, or the jobs beside it: {error}"
        done += job.size()
        now = time.perf_counter()
        if now - said >= 5 or done == total:
            said = now
            left = (now - began) / done * (total - done)
            print(
                f"{done} of {total} {what}, {found.runs} runs, {len(found.failures)} mismatches, "
                f"about {left / 60:.1f} min left",
                file=sys.stderr, flush=True,
            )  # fmt: skip
    return found, ""


def _report(found: Looked, names: tuple[str, str], *, scenarios: bool) -> Iterator[str]:
    for number, (where, lines) in enumerate(found.failures.items()):
        yield f"MISMATCH {where}"
        if number >= SHOWN:
            continue
        yield from (f"  {line}" for line in lines[:5])
        if not scenarios:
            seed = int(where.split(",")[0].split()[1])
            engines = engines_of(names)
            small = shrunk(seeded(seed), partial(fails, seed=seed, engines=engines), TRIES)
            yield "  the smallest model found on which they differ:"
            yield "  " + json.dumps(small, ensure_ascii=False)
    if not scenarios:
        never = sorted(ALL - set(found.reached))
        reached = f"{len(ALL) - len(never)} of {len(ALL)} parts of the language and kinds of events reached"
        yield reached + (f"; never: {', '.join(never)}" if never else "")
        yield (
            f"{found.models} random models, {found.runs} runs ({found.errors} ended with the same error), "
            f"{found.refused} models refused"
        )
    else:
        yield f"{found.models} variants of shipped scenarios and seeds, {found.runs} runs"
    yield f"{found.rows} rows compared, {len(found.failures)} mismatches ({names[0]} and {names[1]})"


if __name__ == "__main__":
    sys.exit(main())
