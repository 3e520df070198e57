"""Small offices by hand: recorded arrivals, backlog, counters, holds, merged steps, marks, run and window."""

import numpy as np
import pytest

from sim.engine import order
from sim.errors import RunError
from sim.measures.claims import ClaimSpec, Population, claim_statistic, claim_values
from sim.measures.clocks import Clock
from tests.offices import Office, hand, play

HOUR = 3600
DAY = 24 * HOUR

REVIEWED_TWICE = """
process:
  - mark: accepted
  - repeat: supplement
    do: [{step: review, by: clerks, effort: 30 min}, {mark: reviewed}]
    again: 1
    at-most: 1
    redo: [{wait: mend, for: 1 day, hands: applicant}]
"""


def test_hand_recorded_arrivals_are_used_as_they_are(tmp_path):
    """A file in any order; the first in time is from before the run: left out, and its number stays empty.

    One clerk, an hour each.

    case | number | class    | arrived         | ended
    1    | 1      | question | Mon 06 09:00:30 | Mon 06 10:00:30
    2    | 2      | request  | Mon 06 09:10    | Mon 06 11:00:30
    3    | 3      | request  | Mon 06 09:20    | Mon 06 14:00:30

    case | touch | queue   | off-shift
    1    | 1:00  | 0       | 0
    2    | 1:00  | 0:50:30 | 0
    3    | 1:00  | 1:40:30 | 2:00
    """
    (tmp_path / "arrivals.csv").write_text(
        "received,kind\n2023-02-06 09:20,request\n2023-02-06 09:00:30,question\n"
        "2023-02-05 10:00,request\n2023-02-06 09:10,request\n",
        encoding="utf-8",
    )
    office = play(
        """
        cases:
          classes: {question: {share: 0.5}, request: {share: 0.5}}
          arrive: {from-csv: arrivals.csv, time: received, class: kind}
        pools: {clerks: {size: 1, on: office}}
        process: [{step: serve, by: clerks, effort: 1 h}]
        """,
        folder=tmp_path,
    )
    hand(office, test_hand_recorded_arrivals_are_used_as_they_are.__doc__)
    assert any("1 of 4 arrivals lie outside the run" in text for text in office.network.warnings)


def test_hand_a_backlog_has_waited_since_it_arrived():
    """Two cases three days old, at the review, when the run starts on Monday at midnight; a new one at
    9:00.

    They have waited since Friday 00:00: seven open hours on Friday. The window counts from its start only:
    9 h, 10 h and an hour and a half.

    case | element | joined       | started      | ended
    1    | review  | Fri 03 00:00 | Mon 06 09:00 | Mon 06 10:00
    2    | review  | Fri 03 00:00 | Mon 06 10:00 | Mon 06 11:00
    3    | intake  | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:30
    3    | review  | Mon 06 09:30 | Mon 06 11:00 | Mon 06 12:00

    case | initial | arrived      | touch | queue | off-shift | elapsed
    1    | yes     | Fri 03 00:00 | 1:00  | 7:00  | 74:00     | 82:00
    2    | yes     | Fri 03 00:00 | 1:00  | 8:00  | 74:00     | 83:00
    3    | no      | Mon 06 09:00 | 1:30  | 1:30  | 0         | 3:00

    pool      | busy | queue
    desks     | 0:30 | 0
    reviewers | 3:00 | 20:30
    """
    office = play(
        """
        cases:
          arrive: {at: [2023-02-06 09:00]}
          backlog: [{at: review, count: 2, age: 3 days}]
        pools: {desks: {size: 1, on: office}, reviewers: {size: 1, on: office}}
        process:
          - step: intake
            by: desks
            effort: 30 min
          - step: review
            by: reviewers
            effort: 1 h
        """,
        run_for="start: 2023-02-06, window: 3 weeks, follow-for: 3 weeks",
    )
    hand(office, test_hand_a_backlog_has_waited_since_it_arrived.__doc__)


def test_hand_the_limit_of_a_backlog_runs_since_it_joined():
    """Limit of four days, one clerk, an hour each. Case 1 is six days old and late from the start: the
    senior takes it. Case 2 is three days old and due on Tuesday at midnight.

    case | element         | joined       | started      | ended        | due          | status | missed
    1    | check           | Tue 31 00:00 | -            | Mon 06 00:00 | Sat 04 00:00 | moved  | yes
    1    | check/escalated | Mon 06 00:00 | Mon 06 09:00 | Mon 06 10:00 | Sat 04 00:00 | done   | no
    2    | check           | Fri 03 00:00 | Mon 06 09:00 | Mon 06 10:00 | Tue 07 00:00 | done   | no
    """
    office = play(
        """
        cases: {backlog: [{at: check, count: 1, age: 6 days}, {at: check, count: 1, age: 3 days}]}
        pools: {clerks: {size: 1, on: office}, seniors: {size: 1, on: office}}
        process:
          - step: check
            by: clerks
            effort: 1 h
            limit: {within: 4 days, missed: {move-to: seniors}}
        """,
        run_for="start: 2023-02-06, window: 3 weeks, follow-for: 3 weeks",
    )
    hand(office, test_hand_the_limit_of_a_backlog_runs_since_it_joined.__doc__)


def test_hand_the_patience_of_a_backlog_begins_with_the_run():
    """Two cases three days old, a patience of ten hours, a clerk who comes at 9:00 on Monday; an hour and
    a half each.

    Case 1 starts at 9:00. Case 2 would at 10:30, but its patience ends at 10:00.

    case | element | joined       | started      | ended        | status
    1    | check   | Fri 03 00:00 | Mon 06 09:00 | Mon 06 10:30 | done
    2    | check   | Fri 03 00:00 | -            | Mon 06 10:00 | withdrawn
    """
    office = play(
        """
        cases: {backlog: [{at: check, count: 2, age: 3 days}], patience: 10 h}
        pools: {clerks: {size: 1, on: office}}
        process: [{step: check, by: clerks, effort: 90 min}]
        """,
        run_for="start: 2023-02-06, window: 3 weeks, follow-for: 3 weeks",
    )
    hand(office, test_hand_the_patience_of_a_backlog_begins_with_the_run.__doc__)


def test_hand_counters_add_up_per_case():
    """Three papers for each case; a visit at each of two reviews and at the meeting; 20 yuan for the
    courier and 5 for the block around it.

    case | papers | visits | yuan
    1    | 3      | 3      | 25
    2    | 3      | 3      | 25
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 10:00]}, counts: {papers: 3}}
        pools: {clerks: {size: 1, on: office}}
        process:
          - repeat: supplement
            do: [{step: review, by: clerks, effort: 30 min, counts: {visits: 1}}]
            again: 1
            at-most: 1
          - batch: hearing
            on: {dates: [2023-02-07], at: "14:00"}
            counts: {visits: 1}
          - block: delivery
            counts: {yuan: 5}
            do: [{wait: courier, for: 2 days, counts: {yuan: 20}}]
        """
    )
    hand(office, test_hand_counters_add_up_per_case.__doc__)


def test_hand_a_hold_keeps_the_officer_through_waits():
    """One officer. A file keeps the officer from opening to closing, half an hour each, with a day
    between; a phone call of half an hour needs an officer who is not kept.

    Case 1 keeps the officer from Monday 9:00 to Tuesday 10:00, then case 2, which has waited longer than
    the call, to Wednesday 11:00. Steps within the block use the unit that is kept. Kept and idle are
    twice 24 h.

    case | element | joined       | started      | ended
    1    | care    | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:00
    1    | open    | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:30
    1    | pause   | Mon 06 09:30 | Mon 06 09:30 | Tue 07 09:30
    1    | close   | Tue 07 09:30 | Tue 07 09:30 | Tue 07 10:00
    2    | care    | Mon 06 09:10 | Tue 07 10:00 | Tue 07 10:00
    2    | open    | Tue 07 10:00 | Tue 07 10:00 | Tue 07 10:30
    2    | pause   | Tue 07 10:30 | Tue 07 10:30 | Wed 08 10:30
    2    | close   | Wed 08 10:30 | Wed 08 10:30 | Wed 08 11:00
    3    | phone   | Mon 06 12:30 | Wed 08 11:00 | Wed 08 11:30

    Waiting for the unit: case 2 from Monday 9:10 to Tuesday 10:00, 24:50, of which 17 h closed.

    case | touch | queue | off-shift | wait
    1    | 1:00  | 0     | 0         | 24:00
    2    | 1:00  | 7:50  | 17:00     | 24:00
    3    | 0:30  | 13:00 | 33:30     | 0

    pool     | busy | held  | queue
    officers | 2:30 | 14:00 | 71:20
    """
    office = play(
        """
        cases:
          classes: {file: {share: 0.5}, call: {share: 0.5}}
          arrive:
            files: {at: [2023-02-06 09:00, 2023-02-06 09:10], class: file}
            calls: {at: [2023-02-06 12:30], class: call}
        pools: {officers: {size: 1, on: office}}
        process:
          - choice: kind
            by: class
            options:
              file:
                do:
                  - block: care
                    hold: officers
                    do:
                      - step: open
                        by: officers
                        effort: 30 min
                      - wait: pause
                        for: 1 day
                      - step: close
                        by: officers
                        effort: 30 min
              call: {do: [{step: phone, by: officers, effort: 30 min}]}
        """
    )
    hand(office, test_hand_a_hold_keeps_the_officer_through_waits.__doc__)


def test_hand_patience_ends_the_wait_for_a_hold():
    """The officer is kept until Tuesday 10:00; case 2 waits for one at most a day, case 3 comes late
    enough.

    case | element | joined       | started      | ended        | status
    1    | care    | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:00 | done
    1    | pause   | Mon 06 09:00 | Mon 06 09:00 | Tue 07 10:00 | done
    2    | care    | Mon 06 09:30 | -            | Tue 07 09:30 | withdrawn
    3    | care    | Mon 06 10:30 | Tue 07 10:00 | Tue 07 10:00 | done
    3    | pause   | Tue 07 10:00 | Tue 07 10:00 | Wed 08 11:00 | done
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 09:30, 2023-02-06 10:30]}}
        pools: {officers: {size: 1, on: office}}
        process:
          - block: care
            hold: officers
            patience: 1 day
            do: [{wait: pause, for: 25 h}]
        """
    )
    hand(office, test_hand_patience_ends_the_wait_for_a_hold.__doc__)


MERGE = """
cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 10:00, 2023-02-06 11:00]}}
pools: {clerks: {size: 3, on: office}}
process:
  - step: scan
    by: clerks
    effort: {uniform: [5 min, 20 min]}
  - step: check
    by: clerks
    effort: {exponential: {mean: 30 min}}
reform:
  - lever: one-step
    edits: [{merge: [scan, check], as: scan-and-check, by: clerks}]
"""


def test_hand_merged_steps_keep_the_draws_of_their_parts():
    """Case by case, the merged step's effort is the sum of the two efforts that it replaces."""
    before = play(MERGE)
    after = play(MERGE, levers=["one-step"])

    def efforts(office: Office) -> dict[str, int]:
        steps = office.records.steps
        return {
            f"{row['case']}/{office.network.nodes[row['element']].name}": int(row["effort"]) for row in steps
        }

    parts, merged = efforts(before), efforts(after)
    assert len(parts) == 6
    assert len(set(parts.values())) == 6  # drawn apart, or the test could not fail
    assert merged == {f"{i}/scan-and-check": parts[f"{i}/scan"] + parts[f"{i}/check"] for i in range(3)}


def test_hand_a_claim_goes_from_the_first_to_the_last_passing_of_its_marks():
    """Two reviews of half an hour, a day of mending between; the mark `reviewed` is passed twice.

    The window ends with Thursday 23. Case 2 passes the mark within it, but for the last time after it: it
    is not among those closed in the window, though it arrived in it. Both took 25 h from mark to mark.

    mark     | case | at
    accepted | 1    | Mon 06 09:00
    reviewed | 1    | Mon 06 09:30
    reviewed | 1    | Tue 07 10:00
    accepted | 2    | Thu 23 09:00
    reviewed | 2    | Thu 23 09:30
    reviewed | 2    | Fri 24 10:00
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-23 09:00]}}
        pools: {clerks: {size: 1, on: office}}
        """,
        REVIEWED_TWICE,
        run_for="start: 2023-02-06, warm-up: 0 days, window: 18 days, follow-for: 3 days",
    )
    hand(office, test_hand_a_claim_goes_from_the_first_to_the_last_passing_of_its_marks.__doc__)
    values = {}
    for population in Population:
        spec = ClaimSpec(spans=(("accepted", "reviewed"),), population=population, unit_seconds=HOUR)
        values[population] = claim_values(office.network, office.records, spec).values.tolist()
    assert values == {Population.CLOSED_IN: [25.0], Population.ARRIVED_IN: [25.0, 25.0]}


def test_hand_arrivals_go_on_until_the_cohort_of_the_window_has_ended():
    """A wait of ten days; the window is the second week. Its one case ends on Saturday 25 at 9:00, and with
    that second the run ends.

    case | arrived      | ended        | status
    1    | Tue 07 09:00 | Fri 17 09:00 | done
    2    | Wed 15 09:00 | Sat 25 09:00 | done
    3    | Tue 21 09:00 | -            | open
    4    | Sat 25 09:00 | -            | open
    """
    office = play(
        """
        cases:
          arrive:
            at: [2023-02-07 09:00, 2023-02-15 09:00, 2023-02-21 09:00, 2023-02-25 09:00,
                 "2023-02-25 09:00:01"]
        process: [{wait: pause, for: 10 days}]
        """,
        run_for="start: 2023-02-06, warm-up: 1 week, window: 1 week, follow-for: 4 weeks",
    )
    hand(office, test_hand_arrivals_go_on_until_the_cohort_of_the_window_has_ended.__doc__)
    assert office.time(office.records.stopped) == "Sat 25 09:00"


def test_hand_what_is_open_after_the_follow_up_is_reported_as_open():
    """A wait of ten days and a follow-up of three: the run ends with Wednesday 22, the window's case is
    open.

    case | arrived      | ended        | status
    1    | Tue 07 09:00 | Fri 17 09:00 | done
    2    | Wed 15 09:00 | -            | open
    3    | Tue 21 09:00 | -            | open
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-07 09:00, 2023-02-15 09:00, 2023-02-21 09:00, 2023-02-23 09:00]}}
        process: [{wait: pause, for: 10 days}]
        """,
        run_for="start: 2023-02-06, warm-up: 1 week, window: 1 week, follow-for: 3 days",
    )
    hand(office, test_hand_what_is_open_after_the_follow_up_is_reported_as_open.__doc__)
    assert office.time(office.records.stopped) == "Wed 22 23:59:59"
    arrived = claim_values(office.network, office.records, ClaimSpec(population=Population.ARRIVED_IN))
    assert (arrived.values.tolist(), arrived.missing, arrived.open) == ([], 1, 1)
    closed = claim_values(office.network, office.records, ClaimSpec())
    assert (closed.values.tolist(), closed.missing, closed.open) == ([10.0], 0, 0)


def test_hand_a_run_lasts_at_least_as_long_as_its_window():
    """The last case of a window of three weeks ends on its first day; the run goes on to the window's end."""
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00]}}
        process: [{wait: pause, for: 1 h}]
        """
    )
    assert office.records.stopped == 21 * DAY


@pytest.mark.parametrize(
    ("clock", "unit", "value"),
    [
        (Clock.ELAPSED, HOUR, 25.0),
        (Clock.WORKING_TIME, 7 * HOUR, 8 / 7),
        (Clock.WORKING_DATES, 1, 1.0),
        (Clock.TOUCH, HOUR, 1.0),
        (Clock.APPLICANT, HOUR, 24.0),
    ],
)
def test_hand_a_claim_on_every_clock(clock, unit, value):
    """Two reviews of half an hour with a day of mending between, Monday 9:00 to Tuesday 10:00.

    Elapsed 25 h. Open are 3 h and 4 h on Monday and one hour on Tuesday. One working date after Monday.
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00]}}
        pools: {clerks: {size: 1, on: office}}
        """,
        REVIEWED_TWICE,
    )
    spec = ClaimSpec(spans=(("accepted", "reviewed"),), clock=clock, unit_seconds=unit)
    assert claim_statistic(office.network, office.records, spec) == pytest.approx(value)


def test_hand_a_loop_in_which_time_does_not_pass_is_an_error(monkeypatch, engine):
    """Ten thousand passes of work without length in one second, where a thousand happenings are allowed.

    An engine that is compiled has the million compiled in: it gets a million passes, each of eight stamps, as
    no element can be drawn for more than 65 535 times in one case.
    """
    monkeypatch.setattr(order, "MOST_PER_INSTANT", 1000)
    line = "                  - {{step: stamp-{}, by: clerks, effort: 0 min}}"
    stamps = "\n".join(line.format(i) for i in range(8))
    with pytest.raises(RunError, match=r"time does not pass.* Case 0/0 entered stamp-0 \d+ times"):
        play(
            """
            cases: {arrive: {at: [2023-02-06 09:00]}}
            pools: {clerks: {size: 1, on: office}}
            """,
            f"""
            process:
              - repeat: round
                do:
{stamps}
                again: 1
                at-most: {10_000 if engine == "simpy" else 2_000_000}
            """,
        )


def test_hand_watching_the_pools_changes_nothing():
    """The same office with and without pool states; every cell of the tables is equal.

    One clerk of 9 to 12 and 14 to 18 and two cases of an hour, at 9:00 and 11:30.
    """
    text = """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 11:30]}}
        pools: {clerks: {size: 1, on: office}}
        process: [{step: check, by: clerks, effort: 1 h}]
        """
    plain, watched = play(text), play(text, pool_states=True)
    for name in ("cases", "counts", "steps", "pieces", "meetings", "queue_area", "busy_area", "excess_area"):
        assert np.array_equal(getattr(plain.records, name), getattr(watched.records, name))
    assert len(plain.records.pools) == 0
    monday = watched.records.pools[watched.records.pools["time"] < DAY]
    assert [
        (watched.time(r["time"])[7:], *(int(r[n]) for n in ("capacity", "busy", "waiting"))) for r in monday
    ] == [
        ("09:00", 1, 1, 0),
        ("10:00", 1, 0, 0),
        ("11:30", 1, 1, 0),
        ("12:00", 0, 0, 0),
        ("14:00", 1, 1, 0),
        ("14:30", 1, 0, 0),
        ("18:00", 0, 0, 0),
    ]
