"""The evidence of a replay as tables for analysts: verdicts, draws, attribution, sensitivity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sim.evidence.finding import Attribution, Evidence, Judged, Sensitivity, Spread
from sim.store.documents import plain

Row = dict[str, Any]


def evidence_tables(found: Iterable[Evidence]) -> dict[str, list[Row]]:
    """Return the rows of each table by its name; a table without rows is left out.

    ``verdicts`` has a row a claim and reading; ``draws`` one a draw and number (inputs in their own units,
    figures in their claims'); ``attribution`` one a claim and part, in three views (``part``: Shapley
    values, ``waterfall``: in file order, ``time``: kinds of time, in days of 24 hours); ``sensitivity``
    one a claim, output and input.
    """
    kept = list(found)
    tables = {
        "verdicts": [_verdict(one) for e in kept for one in e.judged],
        "draws": [row for e in kept for row in _draws(e)],
        "attribution": [row for e in kept for one in e.attributions for row in _attribution(one)],
        "sensitivity": [row for e in kept for one in e.sensitivities for row in _sensitivity(one)],
    }
    return {name: rows for name, rows in tables.items() if rows}


def _verdict(j: Judged) -> Row:
    allowed = j.region or (None, None)
    errors, flip, staff = j.errors, j.break_even, j.staff
    shares = j.share_interval or (None, None)
    return {
        "reading": j.reading,
        "claim": j.claim,
        "unit": j.unit,
        "side": j.side,
        "allowed_low": plain(allowed[0]),
        "allowed_high": plain(allowed[1]),
        "calibrated": j.calibrated,
        "verdict": j.verdict.value,
        "agreement": j.agreement,
        "share": j.share,
        "share_low": shares[0],
        "share_high": shares[1],
        **_spread("before", j.before),
        **_spread("after", j.after),
        **_spread("change", j.change),
        "error_inputs": plain(errors.inputs if errors else None),
        "error_luck": plain(errors.luck if errors else None),
        "error_monte_carlo": plain(errors.monte_carlo if errors else None),
        "draws": j.draws.made,
        "solved": j.draws.solved,
        "effective": j.draws.effective,
        "without_figure": j.lost,
        "dial_values": j.draws.values,
        "dial_error": j.draws.error,
        "open_share": j.open_share,
        "break_even_input": flip.name if flip else None,
        "break_even_value": flip.value if flip else None,
        "staff_factor": staff.factor if staff else None,
    }


def _spread(name: str, found: Spread | None) -> Row:
    ends = ("mean", "low", "middle", "high")
    return {f"{name}_{end}": None if found is None else plain(getattr(found, end)) for end in ends}


def _draws(found: Evidence) -> Iterator[Row]:
    columns: list[tuple[str, str, Any]] = [
        ("input", name, found.values[:, place]) for place, name in enumerate(found.names)
    ]
    for claim, figures in found.figures.items():
        columns += [(side, claim, figures[:, place]) for place, side in enumerate(("before", "after"))]
    for draw, weight in enumerate(found.weights):
        for kind, name, values in columns:
            yield {
                "reading": found.reading, "draw": draw, "weight": float(weight),
                "kind": kind, "name": name, "value": plain(float(values[draw])),
            }  # fmt: skip


def _attribution(found: Attribution) -> Iterator[Row]:
    head = {"reading": found.reading, "claim": found.claim}
    tail = {"method": found.method, "draws": found.draws, "runs": found.runs}

    def row(view: str, name: str, unit: str, change: float, ends: tuple[float, float] | None) -> Row:
        low, high = ends or (None, None)
        return {
            **head, "view": view, "name": name, "unit": unit, "change": change,
            "low": low, "high": high, **tail,
        }  # fmt: skip

    for share in found.shares:
        yield row("part", share.name, found.unit, share.value, (share.low, share.high))
    for name, change in found.waterfall:
        yield row("waterfall", name, found.unit, change, None)
    for kind in found.kinds:
        yield row("time", kind.kind, "days", kind.change, (kind.low, kind.high))


def _sensitivity(found: Sensitivity) -> Iterator[Row]:
    for one in found.rows:
        yield {
            "reading": found.reading,
            "claim": found.claim,
            "output": found.output,
            "unit": found.unit,
            "input": one.name,
            "input_unit": one.unit,
            "input_low": one.low,
            "input_high": one.high,
            "input_likely": one.likely,
            "at_low": one.at_low,
            "at_high": one.at_high,
            "first": plain(one.first),
            "first_error": plain(one.first_error),
            "total": plain(one.total),
            "total_error": plain(one.total_error),
            "emulator_explains": plain(found.explained),
        }
