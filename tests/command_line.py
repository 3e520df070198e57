"""Runs the command line inside the tests' own process, and a small scenario to run it on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import cli

DESK = """\
scenario: permit-desk
title: {en: Permit desk, zh: 许可窗口}
documents:
  notice: {title: A notice, issuer: A city, date: 2023-01-01}
run: {start: 2023-02-06, warm-up: 1 week, window: 3 weeks, follow-for: 3 weeks}
calendars:
  office: {region: CN, open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}
cases:
  arrive:
    count: {fact: 60, document: notice, at: table 1}
    per: {fact: 3 weeks, document: notice, at: table 1}
    during: office
pools:
  clerks: {size: {assume: [1, 3], likely: 2, why: as many as in offices of this size}, on: office}
process:
  - mark: accepted
  - step: check-papers
    title: {en: Check the papers, zh: 核对材料}
    by: clerks
    effort: {exponential: {mean: {dial: [10 min, 2 h], direction: up, why: nobody measured it}}}
  - repeat: supplement
    do:
      - step: decide
        by: clerks
        effort: {assume: [10 min, 30 min], why: a short decision}
    again: {assume: [0.1, 0.5], likely: 0.3, why: offices say a third}
    at-most: 2
    redo:
      - wait: mend
        for: {assume: [1 working day, 3 working days], why: the applicant mends the papers}
        hands: applicant
  - mark: decided
reform:
  - lever: shared-data
    title: {en: Data are shared, zh: 数据共享}
    from: {document: notice, at: item 2}
    edits:
      - scale: supplement.again
        times: {assume: [0.1, 0.4], why: what is looked up needs no mending}
  - lever: one-more
    title: {en: One more clerk, zh: 增加一名}
    from: {document: notice, at: item 3}
    edits:
      - set: pools.clerks.size
        to: {fact: 3, document: notice, at: item 3}
claims:
  - claim: desk.mean
    title: {en: Mean time, zh: 平均用时}
    document: {document: notice, at: item 4, says: from one day to half a day}
    from: accepted
    to: decided
    unit: working days
    clock: working-time
    before: 1
    after: 0.5
    comparator: about
    tolerance: 0.2
    why: the notice rounds
"""
#: The same with a range in place of the dial, which takes a while to be set.
WITHOUT_DIAL = DESK.replace("{dial: [10 min, 2 h], direction: up,", "{assume: [10 min, 2 h], likely: 55 min,")


@dataclass(frozen=True)
class Outcome:
    """What a command left: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    def document(self) -> Any:
        """Return standard output as the one JSON document that it must be."""
        return json.loads(self.out)


class CommandLine:
    """Calls the command line as a shell would."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    def __call__(self, *arguments: str | Path) -> Outcome:
        self.capture.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main([str(argument) for argument in arguments])
        out, err = self.capture.readouterr()
        assert isinstance(stopped.value.code, int)
        assert "Traceback" not in err
        return Outcome(stopped.value.code, out, err)


def desk(folder: Path, text: str = DESK) -> Path:
    """Write the small scenario to ``scenarios`` in `folder`."""
    path = folder / "scenarios" / "permit-desk.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
