"""The evidence put to the test: synthetic worlds of known truth, and how often the method is right.

python -m benchmarks.validation [--worlds N] [--outside N] [--jobs J] [--write FILE]

Each world's documents state one realised period before and one after; the method sees the scenario and the
documents alone. Progress goes to standard error, the tables to standard output. Exit status 0: all rates are
as they should be; 1: some are not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.engine.choose import prepare
from sim.evidence.calibrate import calibrate
from sim.evidence.finding import Verdict
from sim.evidence.gather import gather
from sim.evidence.study import Study
from sim.runs.jobs import run_jobs
from sim.runs.replicate import Plan
from sim.runs.where import Where
from sim.scenario.variant import before
from tests.worlds import READING, make_world

#: Draws of a world at first; doubled once where too few count, as in a replay.
DRAWS = 64
#: Every so many worlds the levers are judged too.
LEVERS = 3
#: How far beyond its range a true input may lie in the second table, as a share of the range.
OUTSIDE = 0.5
_PAGE = """\
# Does the method work?

The evidence is tried on invented offices of which everything is known. Each world is a scenario with stated
ranges; its true inputs, the dial with them, are drawn from those ranges' own laws. Its documents state one
realised period before and one after (give or take a tenth), and a promise made beforehand: at most so long,
the cut of another office with the same ranges, which this office may keep or not. The method sees the
scenario and the documents, never the truth. `make validation` makes this page.

{worlds} worlds of {kinds} kinds; {testable} of them are testable: at least 30 effective draws of 128.

| what | found | should be |
|---|---|---|
{rates}

The worlds have three parts (two levers and the context), so their effects are exact over all subsets.

The share of draws that keep the promise, next to how often it was kept:

{shares}

By kind of process:

{by_kind}
"""
_BEYOND = """
## When the truth lies outside the stated ranges

The same with all true inputs, the dial apart, beyond their ranges at once, by up to {beyond} of each.
No method can repair a range that is wrong; this shows what it costs.

| what | found |
|---|---|
| worlds | {worlds} |
| no draw reproduces the documented figure before | {none} |
| testable | {testable} |
| the 90 % interval covers, of the testable | {covers} |
| the 90 % interval covers, of all with an interval | {everywhere} |
"""


@dataclass(frozen=True)
class Try:
    """One world to try."""

    number: int
    outside: float


@dataclass(frozen=True)
class Tried:
    """What the method said of one world, next to the truth.

    Attributes
    ----------
    kind : of process.
    covered : whether the 90 % interval covers the realised "after"; None if no draw was solved.
    verdict : on the realised figure, which is true.
    promised, share, kept : verdict on the promise, share of draws that keep it, whether it was kept.
    effective : draws.
    levers : (covered, whether its sign is right or None if the interval holds 0, size of the error over the
        whole change) of each part, where looked at.
    """

    kind: str
    covered: bool | None
    verdict: str
    promised: str
    share: float | None
    kept: bool
    effective: float
    levers: tuple[tuple[bool, bool | None, float], ...] = field(default=())

    @property
    def testable(self) -> bool:
        """Whether enough draws count for a verdict."""
        return self.verdict != Verdict.NOT_TESTABLE and self.covered is not None


def try_world(one: Try) -> Tried:
    """Run the method on one world."""
    levers = one.number % LEVERS == 0 and not one.outside
    world = make_world(one.number, outside=one.outside, effects=levers)
    plan = Plan(reps=1, seed=one.number + 1)
    calibration = calibrate(world.scenario, before(world.scenario), plan)
    evidence = gather(
        world.scenario, READING, calibration, plan,
        Study(DRAWS, "sampled" if levers else "none", explain=False),
        headline=True, tell=lambda _message: None, progress=lambda _done, _of, _what: None,
    )  # fmt: skip
    stated, promise = evidence.judged
    covered = None if stated.after is None else stated.after.low <= world.after <= stated.after.high
    found = []
    for attribution in evidence.attributions[:1] if levers else ():
        whole = abs(sum(world.effects.values())) or 1.0
        for share in attribution.shares:
            true = world.effects[share.name]
            inside = share.low <= true <= share.high
            sign = None if share.low <= 0.0 <= share.high else share.value * true > 0
            found.append((inside, sign, abs(share.value - true) / whole))
    return Tried(
        world.kind, covered, stated.verdict.value, promise.verdict.value, promise.share, world.kept,
        stated.draws.effective, tuple(found),
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the worlds, print the tables, return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.validation",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--worlds", type=int, default=600, help="worlds with truths from their ranges (600)")
    parser.add_argument("--outside", type=int, default=90, help="worlds with truths beyond them (90)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument("--write", type=Path, help="file to write the page to")
    options = parser.parse_args(arguments)
    prepare("auto", _say)
    began = time.perf_counter()
    tries = [Try(n, 0.0) for n in range(options.worlds)]
    tries += [Try(10_000 + n, OUTSIDE) for n in range(options.outside)]
    found = []
    for i, one in enumerate(run_jobs(try_world, tries, Where(options.jobs))):
        found.append(one)
        if (i + 1) % 10 == 0:
            left = (time.perf_counter() - began) / (i + 1) * (len(tries) - i - 1)
            _say(f"{i + 1} of {len(tries)} worlds, about {left / 60:.0f} min left")
    inside, outside = found[: options.worlds], found[options.worlds :]
    text, right = report(inside, outside)
    print(text)
    if options.write is not None:
        options.write.write_text(text, encoding="utf-8")
    return 0 if right else 1


def report(inside: Sequence[Tried], outside: Sequence[Tried]) -> tuple[str, bool]:
    """Return the page and whether all rates are as they should be."""
    testable = [t for t in inside if t.testable]
    coverage = _rate([bool(t.covered) for t in testable])
    wrong = _rate([t.verdict == Verdict.CONTRADICTED for t in testable])
    kept, broken = ([t.promised for t in testable if t.kept is held] for held in (True, False))
    denied = _rate([verdict == Verdict.CONTRADICTED for verdict in kept])
    believed = _rate([verdict == Verdict.SUPPORTED for verdict in broken])
    levers = [lever for t in inside for lever in t.levers]
    everywhere = _rate([bool(t.covered) for t in inside if t.covered is not None])
    rows = [
        ("the 90 % interval covers the realised figure after the reform", f"{coverage:.1%}", "86 to 94 %"),
        ("the same, with the worlds said to be not testable", f"{everywhere:.1%}", "-"),
        ("the realised figure is contradicted, although it is right", f"{wrong:.1%}", "at most 10 %"),
        (f"a promise that was kept is contradicted (of {len(kept)})", f"{denied:.1%}", "at most 10 %"),
        (f"a promise that was broken is supported (of {len(broken)})", f"{believed:.1%}", "at most 10 %"),
    ]
    if levers:
        error = sum(lever[2] for lever in levers) / len(levers)
        covers, signs = _rate([one[0] for one in levers]), [one[1] for one in levers if one[1] is not None]
        rows += [
            (f"a lever's 90 % interval covers its true effect ({len(levers)})", f"{covers:.1%}", "-"),
            (
                f"its sign is right, where the interval leaves 0 out ({len(signs)})",
                f"{_rate(signs):.1%}",
                "-",
            ),
            ("size of its error over the whole change, on average", f"{error:.1%}", "-"),
        ]
    table, honest = _reliability(testable)
    kinds = len({t.kind for t in inside})
    text = _PAGE.format(
        worlds=len(inside), kinds=kinds, testable=len(testable),
        rates="\n".join(f"| {' | '.join(row)} |" for row in rows),
        shares="\n".join(table), by_kind="\n".join(_by_kind(inside)),
    )  # fmt: skip
    if outside:
        text += _outside(outside)
    right = 0.86 <= coverage <= 0.94 and max(wrong, denied, believed) <= 0.10 and honest
    return text, right


def _outside(tried: Sequence[Tried]) -> str:
    """Return the second table: truths beyond the stated ranges."""
    covered = [bool(t.covered) for t in tried if t.covered is not None]
    tested = [bool(t.covered) for t in tried if t.testable]
    return _BEYOND.format(
        beyond=f"{OUTSIDE:.0%}", worlds=len(tried), none=len(tried) - len(covered), testable=len(tested),
        covers=f"{_rate(tested):.1%}", everywhere=f"{_rate(covered):.1%}",
    )  # fmt: skip


def _reliability(tried: Sequence[Tried]) -> tuple[list[str], bool]:
    """Return the table of shares and whether each of its rows with 20 worlds or more is within 10 points."""
    rows = ["| share of draws | worlds | mean share | kept |", "|---|---|---|---|"]
    honest = True
    for low, high in ((0.0, 0.15), (0.15, 0.3), (0.3, 0.45), (0.45, 0.6), (0.6, 0.8), (0.8, 1.01)):
        group = [t for t in tried if t.share is not None and low <= t.share < high]
        if not group:
            continue
        said = sum(t.share or 0.0 for t in group) / len(group)
        true = _rate([t.kept for t in group])
        honest &= len(group) < 20 or abs(said - true) <= 0.1
        rows.append(f"| {low:.0%} to {min(high, 1):.0%} | {len(group)} | {said:.0%} | {true:.0%} |")
    return rows, honest


def _by_kind(tried: Sequence[Tried]) -> list[str]:
    rows = ["| kind | worlds | testable | covered | effective draws, mean |", "|---|---|---|---|---|"]
    for kind in dict.fromkeys(t.kind for t in tried):
        group = [t for t in tried if t.kind == kind]
        good = [t for t in group if t.testable]
        size = sum(t.effective for t in group) / len(group)
        covered = _rate([bool(t.covered) for t in good])
        rows.append(f"| {kind} | {len(group)} | {len(good)} | {covered:.0%} | {size:.0f} |")
    return rows


def _rate(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else float("nan")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
