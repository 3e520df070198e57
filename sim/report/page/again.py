"""Section 9 of the page: the commands that give the same numbers, and what was run where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.evidence.result import ReplayResult
from sim.figures import words
from sim.report.language import Lang
from sim.report.page.texts import say


@dataclass(frozen=True)
class Again:
    """Commands, and rows of (what, value)."""

    commands: tuple[str, ...]
    looks: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


def again(result: ReplayResult, manifest: Mapping[str, Any], several: bool, lang: Lang) -> Again:
    """Return how to reproduce a replay.

    Parameters
    ----------
    manifest : of the run.
    several : whether the scenario has more readings than those replayed.
    """
    name = result.scenario.name
    reading = f" --reading {result.readings[0].reading}" if several else ""
    replay = f"reform-replay replay {name} --reps {result.reps} --seed {result.seed} --engine {result.engine}"
    versions, machine = dict(manifest.get("versions") or {}), manifest.get("machine") or {}
    window = manifest.get("window") or {}
    rows = [
        (say("run.version", lang), f"reform-replay {versions.pop('reform-replay', None) or ''}"),
        (say("run.hash", lang), result.scenario.text_hash),
        (say("run.seed", lang), str(result.seed)),
        (say("run.reps", lang), ", ".join(f"{r.reading}: {r.reps}" for r in result.readings)),
        (say("run.engine", lang), result.engine),
        *[
            (f"{say('run.dials', lang)} ({r.reading})", _dial(r, lang))
            for r in result.readings
            if r.calibration
        ],
        (say("run.machine", lang), machine_text(machine, lang)),
        (say("run.seconds", lang), say("seconds", lang, count=words.plain(round(result.seconds, 1)))),
        (say("run.versions", lang), ", ".join(f"{k} {v}" for k, v in versions.items() if v)),
        (say("run.window", lang), f"{window.get('origin')}, {window.get('time_zone')}"),
    ]
    return Again(
        (replay + reading,),
        (f"reform-replay show {name}", f"reform-replay trace {name} --case 100 --seed {result.seed}"),
        tuple(rows),
    )


def machine_text(machine: Mapping[str, Any], lang: Lang) -> str:
    """Return system, architecture and processors of the machine in words."""
    processors = machine.get("processors")
    parts = [machine.get("system"), machine.get("architecture")]
    parts.append(say("processors", lang, count=str(processors)) if processors else None)
    return ", ".join(str(part) for part in parts if part)


def _dial(reading: Any, lang: Lang) -> str:
    found = reading.calibration
    text = f"{found.dial.name} = {found.solution.value:.4g} {found.dial.unit.name}".rstrip()
    return text if found.solution.solved else f"{text} ({say('not-solved', lang)})"
