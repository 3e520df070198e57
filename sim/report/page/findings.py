"""Tables of sections 4 to 6: verdicts, attribution and sensitivity, as rows of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.evidence.finding import Attribution, Judged, Sensitivity
from sim.evidence.region import claimed, documented_change
from sim.evidence.result import ClaimResult, ReadingResult
from sim.figures import words
from sim.report.language import Lang
from sim.report.page import write
from sim.report.page.answer import VERDICT_SIGNS, at_likeliest, judged_unit
from sim.report.page.texts import say

Titles = Mapping[str, Mapping[str, str]]


#: Inputs that are shown at once; the others are folded away.
MOST_INPUTS = 12


@dataclass(frozen=True)
class Table:
    """A table of a page.

    Attributes
    ----------
    caption : what it shows.
    headers : one a column; ``numeric`` tells which of them are aligned to the right.
    rows : cells as texts, the first of each row its heading.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


def likeliest_table(results: list[tuple[str, ClaimResult]], caption: str, lang: Lang) -> Table:
    """Return documented beside simulated at the likeliest inputs, a row for each side and reading."""
    rows = []
    for reading, result in results:
        claim = result.claim
        _, side = claimed(claim)
        documented = {"before": claim.before, "after": claim.after, "change": documented_change(claim)}
        for name, interval in (("before", result.before), ("after", result.after), ("change", result.change)):
            if documented[name] is None and interval is None:
                continue
            unit = judged_unit(claim, name)
            bound = write.bounded if name == side else _unbounded
            simulated = write.change if name == "change" else write.figure
            rows.append((
                reading, say(name, lang), bound(claim, documented[name], unit, lang),
                simulated(interval.estimate if interval else None, unit, lang),
                write.span(interval.low, interval.high, unit, lang) if interval else write.DASH,
                _note(result, name, side, lang),
            ))  # fmt: skip
    headers = ("reading", "side", "documented", "simulated", "interval95", "verdict")
    return Table(
        caption, tuple(say(h, lang) for h in headers), tuple(rows), (False, False, True, True, True, False)
    )


def _unbounded(_claim: object, value: write.Documented, unit: str, lang: Lang) -> str:
    return write.stated(value, unit, lang)


def _note(result: ClaimResult, name: str, side: str, lang: Lang) -> str:
    if name == "before" and result.calibrated_here and result.calibration is not None:
        return say("dial-set", lang) if result.calibration.solution.solved else say("not-solved", lang)
    return at_likeliest(result, lang) if name == side else ""


def verdict_table(found: list[tuple[str, Judged]], lang: Lang) -> Table:
    """Return one claim's verdicts, a column a reading, with the three errors apart."""
    columns = [_verdict_cells(judged, lang) for _, judged in found]
    heads = [
        say(h, lang) for h in ("verdict", "allowed", "simulated", "interval90", "share-inside", "distance")
    ]
    colon = "：" if lang == "zh" else ": "
    heads += [say("errors", lang) + colon + say(e, lang) for e in ("inputs", "luck", "monte-carlo")]
    heads += [say(h, lang) for h in ("draws", "agreement", "open")]
    rows = tuple((head, *cells) for head, *cells in zip(heads, *columns, strict=True))
    headers = (say("reading", lang), *(reading for reading, _ in found))
    return Table(say("draws-table", lang), headers, rows, (False,) * len(headers))


def _verdict_cells(judged: Judged, lang: Lang) -> list[str]:
    unit = judged.unit
    spread = judged.change if judged.side == "change" else judged.after
    errors = judged.errors
    deviations = (errors.inputs, errors.luck, errors.monte_carlo) if errors else (None, None, None)
    simulated = write.change if judged.side == "change" else write.figure
    return [
        verdict_word(judged, lang),
        write.region(judged.region, unit, lang),
        simulated(spread.mean, unit, lang) if spread else write.DASH,
        write.span(spread.low, spread.high, unit, lang) if spread else write.DASH,
        _share(judged),
        write.change(judged.distance.mean, unit, lang) if judged.distance else write.DASH,
        *(write.figure(deviation, unit, lang) for deviation in deviations),
        f"{judged.draws.made} / {judged.draws.solved} / {judged.draws.effective:.0f}",
        words.percent(judged.agreement),
        words.percent(judged.open_share),
    ]


def verdict_word(judged: Judged, lang: Lang) -> str:
    """Return the verdict in a word or two, with a sign, and whether it is a close call."""
    key = judged.verdict.name.lower()
    close = f" ({say('borderline', lang)})" if judged.borderline else ""
    return f"{VERDICT_SIGNS[key]} {say(key, lang)}{close}"


def _share(judged: Judged) -> str:
    if judged.share is None:
        return write.DASH
    if judged.share_interval is None:
        return words.percent(judged.share)
    low, high = map(words.percent, judged.share_interval)
    return f"{words.percent(judged.share)} ({low} – {high})"


def shares_table(found: Attribution, titles: Titles, lang: Lang) -> Table:
    """Return what each lever contributes, by Shapley value and one after another."""
    unit = found.unit
    steps = dict(found.waterfall)
    rows = []
    for share in found.shares:
        name = write.named(share.name, titles, lang)
        if share.kind == "context":
            name = say("of-context", lang, name=name)
        note = say("overloaded", lang) if share.overloaded else ""
        step = steps.get(share.name)
        rows.append((name, write.change(share.value, unit, lang), _changes(share.low, share.high, unit, lang),
                     write.change(step, unit, lang), note))  # fmt: skip
    total = found.total
    rows.append((say("total", lang), write.change(total.mean, unit, lang),
                 _changes(total.low, total.high, unit, lang), "", ""))  # fmt: skip
    shown = words.say("points", lang) if unit == "share" else words.unit(unit, lang)
    headers = (say("lever", lang), say("shapley", lang), say("interval90", lang), say("in-turn", lang), "")
    return Table(
        say("shares-table", lang, unit=shown), headers, tuple(rows), (False, True, True, True, False)
    )


def _changes(low: float, high: float, unit: str, lang: Lang) -> str:
    return (
        write.span(100 * low, 100 * high, "", lang) if unit == "share" else write.span(low, high, unit, lang)
    )


def kinds_table(found: Attribution, lang: Lang) -> Table:
    """Return the kinds of time before and after, in days."""
    rows = tuple(
        (
            words.say(kind.kind, lang), words.number(kind.before), words.number(kind.after),
            write.change(kind.change, "", lang), write.span(kind.low, kind.high, "", lang),
        )
        for kind in found.kinds
    )  # fmt: skip
    headers = [say(h, lang) for h in ("kind", "before", "after", "change", "interval90")]
    return Table(say("kinds-table", lang), tuple(headers), rows, (False, True, True, True, True))


def inputs_tables(found: Sensitivity, lang: Lang) -> tuple[Table, str, Table | None]:
    """Return what one output depends on: the most influential inputs, how many others, and these."""
    unit = found.unit
    totals = any(row.total is not None for row in found.rows)
    rows = []
    for row in found.rows:
        index = f"{words.percent(max(row.first, 0.0))} ± {words.percent(row.first_error)}"
        cells = [
            row.name,
            write.with_unit(_ends(row.low, row.high, lang), row.unit, lang),
            words.plain(float(f"{row.likely:.6g}")),
            write.figure(row.at_low, unit, lang),
            write.figure(row.at_high, unit, lang),
            index,
        ]  # fmt: skip
        if totals:
            total = write.DASH
            if row.total is not None and row.total_error is not None:
                total = f"{words.percent(max(row.total, 0.0))} ± {words.percent(row.total_error)}"
            cells.append(total)
        rows.append(tuple(cells))
    heads = [
        "input",
        "range",
        "likeliest",
        "at-low",
        "at-high",
        "first",
        *(["total-index"] if totals else []),
    ]
    numeric = (False, True, True, True, True, True, True)[: len(heads)]
    title = of_others = say(f"depends.{found.output}", lang)
    if found.explained is not None:
        key = "emulator" if totals else "no-emulator"
        title = say(key, lang, title=title, share=words.percent(max(found.explained, 0.0)))
    headers = tuple(say(h, lang) for h in heads)
    most = MOST_INPUTS if len(rows) > MOST_INPUTS + 1 else len(rows)
    first, others = Table(title, headers, tuple(rows[:most]), numeric), tuple(rows[most:])
    if not others:
        return first, "", None
    told = say("other-inputs", lang, count=str(len(others)))
    return first, told, Table(of_others, headers, others, numeric)


def _ends(low: float, high: float, lang: Lang) -> str:
    return say("region.to", lang, low=words.plain(low), high=words.plain(high))


def by_claim(readings: tuple[ReadingResult, ...]) -> dict[str, list[tuple[str, ClaimResult]]]:
    """Return (reading, result) of each claim, by its name, in order."""
    found: dict[str, list[tuple[str, ClaimResult]]] = {}
    for reading in readings:
        for result in reading.claims:
            found.setdefault(str(result.claim.name), []).append((reading.reading, result))
    return found
