"""Runs the reference set again and tells where it differs from the committed expectations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.engine.choose import prepare
from sim.errors import InputError
from sim.report.language import Lang, either
from sim.report.layout import table
from sim.report.listing import listing
from sim.runs.reference import reference_runs
from sim.scenario.files import find
from sim.scenario.load import load
from sim.scenario.nearest import near
from sim.store.documents import plain
from sim.store.reference import Compared, compare, read_reference, reference_files, write_reference

Tell = Callable[[str], None]

#: Numbers that differ of which text shows the values, per run.
MOST_SHOWN = 5


@dataclass(frozen=True)
class Verified:
    """Every run of the reference set beside its expectation."""

    runs: tuple[Compared, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not any(run.different for run in self.runs)

    def document(self) -> dict[str, Any]:
        """Return what `verify --json` prints."""
        found: dict[str, Any] = plain({"agrees": self.agrees, "runs": self.runs})
        return found

    def rows(self) -> list[dict[str, object]]:
        """Return one row a run."""
        return [
            {
                "scenario": run.scenario,
                "variant": run.variant,
                "engine": run.engine,
                "numbers": run.numbers,
                "different": len(run.different),
                "largest": run.largest,
                "tolerance": run.tolerance,
                "file_changed": run.file_changed,
            }
            for run in self.runs
        ]

    def as_text(self, lang: Lang = "en") -> str:
        """Return a table of the runs, and below it the first numbers that differ."""
        headers = [
            either(lang, *words)
            for words in (
                ("scenario", "情景"), ("variant", "方案"), ("engine", "引擎"), ("numbers", "数值"),
                ("differ", "不同"), ("largest difference", "最大相对差"), ("", ""),
            )
        ]  # fmt: skip
        same, differs = either(lang, "same", "一致"), either(lang, "differs", "不一致")
        lines = [
            [
                run.scenario, run.variant, run.engine, str(run.numbers), str(len(run.different)),
                f"{run.largest:.1e}" if run.largest else "0", differs if run.different else same,
            ]
            for run in self.runs
        ]  # fmt: skip
        out = [table(headers, lines, right=(3, 4, 5))]
        tolerances = {run.tolerance for run in self.runs}
        out.append(
            either(lang, "Numbers must be equal here.", "本平台要求数值完全相等。")
            if tolerances == {0.0}
            else either(
                lang,
                "The expectations are of another platform: "
                f"numbers may differ by {max(tolerances):g} of their size.",
                f"与期望值的平台不同：允许相对差 {max(tolerances):g}。",
            )
        )
        for run in self.runs:
            if run.different:
                out += ["", f"{run.scenario}, {run.variant}, {run.engine}"]
                if run.file_changed:
                    out.append(either(lang, "  its file has changed since", "  情景文件已改动"))
                out += [
                    f"  {d.number}: {either(lang, 'expected', '期望')} {d.expected}, "
                    f"{either(lang, 'found', '得到')} {d.found}"
                    for d in run.different[:MOST_SHOWN]
                ]
                if (more := len(run.different) - MOST_SHOWN) > 0:
                    out.append(either(lang, f"  ... and {more} more", f"  ……另有 {more} 个"))
        return "\n".join(out)


def verify(names: Sequence[str], out: Path, tell: Tell) -> Verified:
    """Run the reference set of the scenarios `names` (none: all that have one) and compare.

    Raises
    ------
    InputError : for a scenario that has no expectations.
    """
    files = reference_files(out)
    for name in names:
        if name not in files:
            raise InputError(f"there are no expectations for `{name}`. {near(name, files, 'scenarios')}")
    prepare("auto", tell)
    found: list[Compared] = []
    for name in dict.fromkeys(names or files):
        tell(f"{name}: running")
        reference = read_reference(files[name])
        scenario = load(find(name))
        found += [compare(reference, scenario, run) for run in reference_runs(scenario)]
    return Verified(tuple(found))


def write(names: Sequence[str], out: Path, tell: Tell) -> tuple[Path, ...]:
    """Make what runs give now the expectations of the scenarios `names` (none: all); return the files."""
    prepare("auto", tell)
    paths = []
    for name in dict.fromkeys(names or [str(entry["id"]) for entry in listing().entries]):
        tell(f"{name}: running")
        scenario = load(find(name))
        paths.append(write_reference(out, scenario, list(reference_runs(scenario))))
    return tuple(paths)
