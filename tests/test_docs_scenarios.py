"""Every example of docs/scenarios.md is a part of a scenario that loads, builds and runs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sim.chance.draws import Draws
from sim.engine.simpy_engine import run
from sim.network.build import build
from sim.scenario import model_process, model_reform
from sim.scenario.fields import Model
from sim.scenario.laws import LAWS
from sim.scenario.load import Scenario, loads
from sim.scenario.model import ScenarioModel
from sim.scenario.numbers import FORMS
from sim.scenario.positions import parse
from sim.scenario.variant import after, before, reading_names

GUIDE = (Path(__file__).parents[1] / "docs" / "scenarios.md").read_text(encoding="utf-8")
BLOCKS = [
    (GUIDE.count("\n", 0, found.start()) + 1, found[1].strip() or "sections", found[2])
    for found in re.finditer(r"^```yaml *(\w*)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
]
BASE: dict[str, str] = {
    "scenario": "scenario: example",
    "title": 'title: {en: "Example", zh: "例子"}',
    "run": "run: {start: 2023-02-06, warm-up: 1 week, window: 2 weeks, follow-for: 4 weeks}",
    "documents": 'documents: {notice: {title: "A notice"}}',
    "numbers": 'numbers: {handling: {assume: [10 min, 40 min], why: "similar desks"}}',
    "calendars": 'calendars: {office: {region: CN, open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}}',
    "cases": "cases: {classes: {question: {share: 0.6}, request: {share: 0.4}}, "
    "attributes: {size: {small: 0.7, large: 0.3}}, arrive: {count: 260, per: 26 weeks, during: office}}",
    "pools": "pools: {clerks: {size: 4, on: office}, reviewers: {size: 3, on: office}}",
    "process": "process: [{mark: accepted}, {step: check-papers, by: clerks, effort: 5 min}]",
}
#: What the edits of the guide are made on.
EDITED = BASE | {
    "cases": "cases: {classes: {question: {share: 0.6}, request: {share: 0.4}}, "
    "arrive: {main: {count: 260, per: 26 weeks, during: office}}}",
    "pools": "pools: {clerks: {size: 4, on: office}, reviewers: {size: 3, on: office}, "
    "drivers: {size: 1, on: office}, couriers: {size: 1, on: office}}",
    "process": """process:
  - {step: check-papers, by: clerks, effort: 5 min}
  - {step: review, by: reviewers, effort: {gamma: {mean: 5 min, cv: 1}}}
  - {choice: route, options: {simple: {share: 0.7, do: []}, complex: {share: 0.3, do: []}}}
  - parallel: opinions
    branches: {fire: [{step: fire-opinion, by: clerks, effort: 5 min}], water: [{wait: water, for: 1 day}]}
  - {step: weigh, by: clerks, effort: 5 min}
  - {step: measure, by: clerks, effort: 5 min}
  - {step: copy-papers, by: clerks, effort: 5 min}
  - {step: stamp, by: clerks, effort: 5 min}
  - {step: deliver, by: {any: [drivers, couriers]}, effort: 5 min}
  - {wait: archive, for: 1 day}
  - {wait: notify, for: 1 day}
""",
}


def _sections(text: str) -> dict[str, str]:
    """Split a text into its top-level sections."""
    found = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)
    return {part.split(":")[0]: part.rstrip() for part in found if ":" in part and not part.startswith("#")}


def _indented(text: str, spaces: int = 2) -> str:
    return "".join(" " * spaces + line for line in text.splitlines(keepends=True))


def _texts(kind: str, text: str) -> list[str]:
    """Return the scenarios that an example stands for."""
    if kind == "whole":
        return [text]
    if kind == "sections":
        return ["\n".join((BASE | _sections(text)).values())]
    if kind == "process":
        return ["\n".join((BASE | {"process": "process:\n" + _indented(text)}).values())]
    if kind == "edits":
        reform = "reform:\n  - lever: example\n    edits:\n" + _indented(text, 6)
        return ["\n".join((EDITED | {"reform": reform}).values())]
    assert kind in ("laws", "numbers"), kind
    items = [
        re.sub(r" +#.*", "", line).removeprefix("- ") for line in text.splitlines() if line.startswith("- ")
    ]
    made = []
    for item in items:
        sections = BASE | {"process": f"process: [{{step: check-papers, by: clerks, effort: {item}}}]"}
        if "dial" in item:
            sections |= _sections(JUDGED) | {
                "process": sections["process"].replace("[{", "[{mark: a}, {").replace("}]", "}, {mark: b}]")
            }
        made.append("\n".join(sections.values()))
    return made


JUDGED = """
cases: {arrive: {count: {assume: [250, 270], why: "counted"}, per: 26 weeks}}
pools: {clerks: {size: {fact: 4, document: notice, at: "1"}, on: office}}
claims: [{claim: desk, document: {document: notice, at: "1"}, from: a, to: b, clock: elapsed, unit: h,
          before: 2, comparator: about, tolerance: 1, why: "rounded"}]
"""


def _shortened(scenario: Scenario) -> dict[str, str]:
    length = scenario.model.run.window.base() + scenario.model.run.follow_for.base()
    if length < 1e7:
        return {}
    times = {"run.warm-up": "1 week", "run.window": "2 weeks", "run.follow-for": "4 weeks"}
    return times | ({"run.evidence-window": "1 week"} if scenario.model.run.evidence_window else {})


@pytest.mark.parametrize(("line", "kind", "text"), BLOCKS, ids=[f"line-{line}" for line, _, _ in BLOCKS])
def test_an_example_of_the_guide_runs(line: int, kind: str, text: str, tmp_path: Path) -> None:
    first = datetime(2023, 2, 6, 9)
    rows = [
        f"{first + timedelta(hours=h):%Y-%m-%d %H:%M},{'question' if h % 3 else 'request'}" for h in range(40)
    ]
    (tmp_path / "arrivals.csv").write_text("received,kind\n" + "\n".join(rows) + "\n", encoding="utf-8")
    for whole in _texts(kind, text):
        path = tmp_path / "example.yaml"
        path.write_text(whole, encoding="utf-8")
        scenario = loads(whole, "example", tmp_path, path=path)
        for reading in reading_names(scenario):
            for variant in (
                before(scenario, reading, _shortened(scenario)),
                after(scenario, reading, _shortened(scenario)),
            ):
                records = run(build(variant), Draws(1))
                assert len(records.cases) > 5, (line, variant.name)
                assert (records.cases["ended"] >= 0).any(), (line, variant.name)


def _keys(value: Any) -> set[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (set(value) if isinstance(value, dict) else set()).union(*map(_keys, inner))


def _all_models(base: type[Model]) -> set[type[Model]]:
    return {base}.union(*(_all_models(sub) for sub in base.__subclasses__()))


def test_the_guide_shows_every_key_of_the_language() -> None:
    shown: set[str] = set()
    for _, _, text in BLOCKS:
        shown |= _keys(parse("top:\n" + _indented(text), "guide"))
    named = set(
        re.findall(r"`([a-z][a-z-]*)`|\b([a-z][a-z-]*): ", GUIDE + GUIDE.replace("{", " ").replace(",", " "))
    )
    words = shown | {word for pair in named for word in pair}
    ours = {m for m in _all_models(Model) if m.__module__.startswith("sim.scenario")}
    hidden = {"quantity", "name", "part", "parts", "note", "adopt"}  # `parts` is what a merge makes
    keys = {key for model in ours for key in model.field_names()} - hidden
    assert keys - words == set()
    for listed in (model_process.KINDS, model_reform.EDITS, LAWS, FORMS, ScenarioModel.field_names()):
        assert set(listed) - words == set()


def test_the_message_shown_in_the_guide_is_the_message_given() -> None:
    whole = next(text for _, kind, text in BLOCKS if kind == "whole")
    broken = whole.replace("by: clerks", "by: clerk")
    with pytest.raises(Exception, match="there is no pool") as caught:
        loads(broken, "scenarios/permit-desk.yaml")
    assert str(caught.value) in GUIDE
