"""``staff``: what it finds, and says of one fewer, holds when it is run; it is kept and found again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.store import results
from sim.whatif.goals import goal_of
from tests.command_line import WITHOUT_DIAL, CommandLine, desk

FEW = ("--jobs", "1")
GOAL = ("staff", "permit-desk", "--goal", "mean <= 1.7 days", *FEW)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    desk(tmp_path, WITHOUT_DIAL)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def test_the_staff_found_meet_the_goal_when_they_are_run_and_one_fewer_do_not(run: CommandLine) -> None:
    found = run(*GOAL, "--json").document()
    size = found["staff"]["clerks"]
    assert found["minimal"] == "optimal"
    assert found["cost"] == size
    swept = run(
        "sweep", "permit-desk", "--set", f"pools.clerks.size={size - 1},{size}", "--within", "2 days",
        "--reps", str(found["result"]["reps"]), *FEW, "--json",
    ).document()  # fmt: skip
    fewer, enough = (point["measures"]["lead-time"]["mean"]["mean"] for point in swept["points"])
    assert fewer > 1.7 >= enough
    (goal,) = found["result"]["goals"]
    assert goal["mean"] == pytest.approx(enough, rel=1e-12)  # the same as setting the field in the scenario
    assert goal["confidence"] >= 0.95
    (one,) = found["fewer"]
    assert (one["staff"], one["state"]) == ({"clerks": size - 1}, "fails")


def test_the_reform_needs_no_more_staff(run: CommandLine) -> None:
    before = run(*GOAL, "--json").document()
    after = run(*GOAL, "--with", "shared-data", "--json").document()
    assert after["variant"] == "shared-data"
    assert after["staff"]["clerks"] <= before["staff"]["clerks"]
    short = run(*GOAL, "--set", "decide.effort=1 min", "--json").document()
    assert short["result"]["goals"][0]["mean"] < before["result"]["goals"][0]["mean"]


def test_what_no_staff_can_reach_is_said_with_unlimited_staff_as_the_proof(run: CommandLine) -> None:
    outcome = run("staff", "permit-desk", "--goal", "p90 <= 1 h", *FEW)
    assert outcome.status == 0
    assert (
        "No staffing can meet the goals. With practically unlimited staff (20000 in every pool)"
        in outcome.out
    )
    assert "< 0.1 %" in outcome.out
    found = run("staff", "permit-desk", "--goal", "p90 <= 1 h", *FEW, "--json").document()
    assert (found["feasible"], found["staff"], len(found["tried"])) == (False, None, 1)
    most = run(*GOAL, "--most", "1", "--json").document()
    assert (most["feasible"], most["staff"], most["most"]) == (False, None, 1)
    assert "the most allowed, the goals are missed" in run(*GOAL, "--most", "1").out
    assert (
        "任何人员配置都无法达标"
        in run("staff", "permit-desk", "--goal", "p90 <= 1 h", *FEW, "--lang", "zh").out
    )


def test_several_goals_are_all_met(run: CommandLine) -> None:
    goals = (
        "--goal",
        "mean <= 4 days",
        "--goal",
        "utilisation <= 0.5",
        "--goal",
        "wait mean <= 2 working hours",
    )
    found = run("staff", "permit-desk", *goals, *FEW, "--json").document()
    assert found["goals"] == ["mean <= 4 days", "utilisation clerks <= 0.5", "wait mean <= 2 working hours"]
    mean, use, wait = (goal["mean"] for goal in found["result"]["goals"])
    assert mean <= 4
    assert use <= 0.5
    assert wait <= 2
    alone = run("staff", "permit-desk", "--goal", "mean <= 4 days", *FEW, "--json").document()
    assert alone["cost"] <= found["cost"]


def test_it_is_kept_and_found_again(run: CommandLine, tmp_path: Path) -> None:
    first = run(*GOAL)
    (folder,) = results.runs(tmp_path / "results", "permit-desk")
    assert folder.name.startswith("staff-")
    assert "clerks 20000: meets after 5 replications" in first.err
    again = run(*GOAL)
    assert again.out == first.out
    assert f"found in {Path('results') / 'permit-desk' / folder.name}, made on " in again.err
    assert len(results.runs(tmp_path / "results")) == 1
    assert "found in" not in run(*GOAL, "--confidence", "0.9").err
    rows = list(csv.DictReader(io.StringIO(run(*GOAL, "--csv").out)))
    assert [row["found"] for row in rows].count("True") == 1
    assert {row["state"] for row in rows} <= {"meets", "fails", "undecided"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "say what is to be met with --goal"),
        (("--goal", "fast"), "this is no goal"),
        (("--goal", "p90 <= 4"), "a length of time above 0 is needed, found `4`"),
        (("--goal", "p90 >= 4 days"), "needs `<=`, found `>=`"),
        (("--goal", "share within 4 days <= 0.9"), "a share needs `>=`, found `<=`"),
        (("--goal", "share within 4 days >= 90"), "between 0 and 1"),
        (("--goal", "utilisation clerk <= 0.9"), "Did you mean `clerks`?"),
        (("--goal", "mean <= 1 day", "--goal", "mean <= 2 days"), "asked for twice"),
        (("--goal", "mean <= 1 day", "--pool", "clerk"), "there is no pool `clerk`. Did you mean `clerks`?"),
        (("--goal", "mean <= 1 day", "--cost", "clerks"), "--cost clerks: write pools.NAME=COST"),
        (("--goal", "mean <= 1 day", "--cost", "pools.clerks=-1"), "with a cost above 0"),
        (("--goal", "mean <= 1 day", "--most", "0"), "--most must be a head-count from 1"),
        (("--goal", "mean <= 1 day", "--confidence", "95"), "--confidence must be above 0.5 and below 1"),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(
    run: CommandLine, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    outcome = run("staff", "permit-desk", *arguments, *FEW)
    assert outcome.status == 2
    assert told in outcome.err
    assert not list(results.runs(tmp_path / "results"))


def test_goals_are_read_however_they_are_spaced() -> None:
    goal = goal_of("P90<=4 working days")
    assert (goal.kind, goal.quantile, goal.bound, str(goal.limit)) == ("share", 0.9, 0.9, "4 working days")
    assert goal_of("share within 2 h ≥ 90 %").bound == pytest.approx(0.9)
    assert goal_of("wait  median <= 5 min").what == "wait"
    assert goal_of("utilization planning.a <= 80 %").pool == "planning.a"
    assert str(goal_of("mean <= 2 weeks").limit) == "14 days"
    with pytest.raises(InputError, match="p0 is no quantile"):
        goal_of("p0 <= 1 h")
