"""The answer in five lines: what was claimed, what the replay gives, the verdicts, what they hang on."""

from __future__ import annotations

from collections.abc import Mapping

from sim.evidence.finding import Attribution, BreakEven, Evidence, Judged, Sensitivity, StaffNeeded
from sim.evidence.region import claimed, distance, documented_change
from sim.evidence.result import ClaimResult, ReadingResult
from sim.figures import words
from sim.report.language import Lang
from sim.report.page import write
from sim.report.page.texts import say
from sim.scenario.model import Claim

#: A sign before each verdict, so that colour is never alone.
VERDICT_SIGNS = {
    "supported": "✓",
    "contradicted": "✗",
    "plausible": "≈",
    "more_draws": "≈",
    "not_testable": "○",
}
#: Claims that are told in the first line; the others are counted.
TOLD = 2
Titles = Mapping[str, Mapping[str, str]]


def answer(
    reading: ReadingResult, titles: Titles, documents: Titles, assumptions: int, lang: Lang
) -> list[tuple[str, list[str]]]:
    """Return the lines as (heading, sentences); claims that documents give no figure for come last.

    Parameters
    ----------
    reading : the headline reading.
    titles : of levers, by name.
    documents : titles of documents, by name.
    assumptions : how many the scenario makes.
    """
    ordered = sorted(reading.claims, key=lambda result: claimed(result.claim)[0] is None)
    if not ordered:
        return [(say("claimed", lang), [say("no-claims", lang)])]
    judged = {found.claim: found for found in reading.evidence.judged} if reading.evidence else {}
    told = [r for r in ordered if claimed(r.claim)[0] is not None][:TOLD] or ordered[:1]
    first = told[0]
    claims = [_claimed(result.claim, lang) for result in told]
    claims += dict.fromkeys(_source(result.claim, documents, lang) for result in told)
    if len(ordered) > len(told):
        claims.append(say("more-claims", lang, count=str(len(ordered) - len(told))))
    return [
        (say("claimed", lang), claims),
        (say("gives", lang), [_gives(r, judged.get(str(r.claim.name)), lang, len(told) > 1) for r in told]),
        (say("verdict", lang), _verdicts(told, judged, lang)),
        (say("hangs-on", lang), _hangs_on(first, reading.evidence, titles, assumptions, lang)),
        (say("would-flip", lang), _flips(told, judged, lang)),
    ]


def plain_verdict(judged: Judged, lang: Lang) -> str:
    """Return a verdict as a sentence."""
    share = words.percent(judged.share) if judged.share is not None else write.DASH
    key = judged.verdict.name.lower()
    text = say(f"plain.{key}", lang, share=share, agreement=words.percent(judged.agreement))
    close = f" ({say('borderline', lang)})" if judged.borderline else ""
    return f"{VERDICT_SIGNS[key]} {text}{close}"


def at_likeliest(result: ClaimResult, lang: Lang) -> str:
    """Return how the simulated figure at the likeliest inputs compares with the documented one."""
    allowed, side = claimed(result.claim)
    simulated = result.after if side == "after" else result.change
    if allowed is None:
        return say("likely.none", lang)
    if simulated is None or simulated.estimate != simulated.estimate:
        return say("likely.nothing", lang)
    away = distance(simulated.estimate, allowed)
    unit = judged_unit(result.claim, side)
    return (
        say("likely.differs", lang, away=write.change(away, unit, lang))
        if away
        else say("likely.agrees", lang)
    )


def judged_unit(claim: Claim, side: str) -> str:
    """Return the unit of the figure that is judged: a ratio of means is a share."""
    return "share" if side == "change" and claim.scale == "ratio" else claim.unit


def _claimed(claim: Claim, lang: Lang) -> str:
    title, unit = write.claim_title(claim, lang), claim.unit
    before = write.stated(claim.before, unit, lang)
    after = write.bounded(claim, claim.after, unit, lang)
    if claim.before is not None and claim.after is not None:
        return say("claim.both", lang, title=title, before=before, after=after)
    if claim.after is not None:
        return say("claim.after", lang, title=title, after=after)
    if (moved := documented_change(claim)) is not None:
        told = write.bounded(claim, moved, judged_unit(claim, "change"), lang)
        return say("claim.change", lang, title=title, change=told)
    if claim.before is not None:
        return say("claim.before", lang, title=title, before=before)
    return say("claim.none", lang, title=title)


def _source(claim: Claim, documents: Titles, lang: Lang) -> str:
    place = claim.document
    return say("by", lang, document=write.named(str(place.document), documents, lang), at=str(place.at))


def _gives(result: ClaimResult, judged: Judged | None, lang: Lang, several: bool) -> str:
    claim = result.claim
    _, side = claimed(claim)
    unit = judged_unit(claim, side)
    before = result.before.estimate if result.before else None
    if judged is not None and judged.before is not None:
        before = judged.before.mean
    set_here = "set" if result.calibrated_here else "before"
    then = (
        ""
        if before is None
        else say(f"gives.{set_here}", lang, before=write.figure(before, claim.unit, lang))
    )
    head = f"{write.claim_title(claim, lang)}{'：' if lang == 'zh' else ': '}" if several else ""
    write_figure = write.change if side == "change" else write.figure
    spread = (judged.change if side == "change" else judged.after) if judged else None
    if judged is not None and spread is not None:
        low, high = (write.figure(v, unit, lang, bare=True) for v in (spread.low, spread.high))
        return head + say(
            "gives.change" if side == "change" else "gives.draws", lang,
            after=write_figure(spread.mean, unit, lang), low=low, high=high,
            draws=str(judged.draws.solved), before=then,
        )  # fmt: skip
    simulated = result.change if side == "change" else result.after
    if simulated is None:
        return head + say("gives.nothing", lang)
    key = "gives.change-likeliest" if side == "change" else "gives.likeliest"
    return head + say(key, lang, after=write_figure(simulated.estimate, unit, lang), before=then)


def _verdicts(told: list[ClaimResult], judged: Mapping[str, Judged], lang: Lang) -> list[str]:
    colon = "：" if lang == "zh" else ": "
    lines = []
    for result in told:
        found = judged.get(str(result.claim.name))
        text = plain_verdict(found, lang) if found else at_likeliest(result, lang)
        lines.append(f"{write.claim_title(result.claim, lang)}{colon}{text}" if len(told) > 1 else text)
    return lines if judged else [*lines, say("no-draws", lang)]


def _hangs_on(
    first: ClaimResult, evidence: Evidence | None, titles: Titles, assumptions: int, lang: Lang
) -> list[str]:
    if evidence is None:
        return [say("hangs.unknown", lang, count=str(assumptions))]
    name = str(first.claim.name)
    lines = []
    found = _of(evidence.sensitivities, name, "after")
    if found is not None and found.rows:
        inputs = [
            say("hangs.input", lang, name=row.name, share=words.percent(max(row.first, 0.0)))
            for row in found.rows[:2]
        ]
        lines.append(say("hangs.inputs", lang, names=("、" if lang == "zh" else ", ").join(inputs)))
    causes = [each for each in evidence.attributions if each.claim == name and each.shares]
    lines += [_main_lever(each, titles, lang) for each in causes]
    return lines or [say("flip.none", lang)]


def _of(found: tuple[Sensitivity, ...], claim: str, output: str) -> Sensitivity | None:
    return next((each for each in found if each.claim == claim and each.output == output), None)


def _main_lever(found: Attribution, titles: Titles, lang: Lang) -> str:
    direction = 1 if found.total.mean >= 0 else -1
    ahead = max(found.shares, key=lambda share: direction * share.value)
    value, total = (write.change(v, found.unit, lang) for v in (ahead.value, found.total.mean))
    return say("hangs.lever", lang, lever=write.named(ahead.name, titles, lang), value=value, total=total)


def _flips(told: list[ClaimResult], judged: Mapping[str, Judged], lang: Lang) -> list[str]:
    if not judged:
        return [say("flip.unknown", lang)]
    lines = []
    for result in told:
        found = judged.get(str(result.claim.name))
        if found is not None and found.break_even is not None:
            lines.append(break_even(found.break_even, found.unit, lang))
        if found is not None and found.staff is not None:
            lines.append(_staff(found.staff, found.unit, lang))
    return lines or [say("flip.none", lang)]


def break_even(found: BreakEven, unit: str, lang: Lang) -> str:
    """Return at which value of an input a verdict would turn, as a sentence."""
    low, high, likely = (
        write.with_unit(words.plain(v), found.unit, lang) for v in (found.low, found.high, found.likely)
    )
    if found.value is None:
        at = [write.figure(v, unit, lang) for v in sorted((found.at_low, found.at_high))]
        return say("flip.nowhere", lang, name=found.name, low=low, high=high, at_low=at[0], at_high=at[1])
    value = write.with_unit(words.number(found.value), found.unit, lang)
    return say("flip.value", lang, name=found.name, value=value, likely=likely, low=low, high=high)


def _staff(found: StaffNeeded, unit: str, lang: Lang) -> str:
    if found.factor is None:
        return say("flip.no-staff", lang, unlimited=write.figure(found.unlimited, unit, lang))
    if found.factor <= 1.0:
        return say("flip.enough", lang)
    return say("flip.staff", lang, factor=words.number(found.factor))
