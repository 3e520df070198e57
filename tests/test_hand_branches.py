"""Small offices by hand: parallel branches, patience, ends within a branch, rework, copies, choices."""

import pytest

from tests.offices import hand, play


def test_hand_parallel_branches_of_unequal_length_follow_the_last_to_end():
    """Fire: an hour of work. Environment: two days of survey, then an hour of work. Then half an hour to
    decide.

    Both fire branches end on Monday; what counts is the environment branch, which ends on Wednesday.
    There case 2 waits half an hour for the one environment officer.

    case | element     | joined       | started      | ended
    1    | fire        | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00
    1    | survey      | Mon 06 09:00 | Mon 06 09:00 | Wed 08 09:00
    1    | environment | Wed 08 09:00 | Wed 08 09:00 | Wed 08 10:00
    1    | decide      | Wed 08 10:00 | Wed 08 10:00 | Wed 08 10:30
    2    | fire        | Mon 06 09:30 | Mon 06 10:00 | Mon 06 11:00
    2    | survey      | Mon 06 09:30 | Mon 06 09:30 | Wed 08 09:30
    2    | environment | Wed 08 09:30 | Wed 08 10:00 | Wed 08 11:00
    2    | decide      | Wed 08 11:00 | Wed 08 11:00 | Wed 08 11:30

    branch | case | joined       | ended        | status
    dry    | 1    | Mon 06 09:00 | Mon 06 10:00 | done
    green  | 1    | Mon 06 09:00 | Wed 08 10:00 | done
    dry    | 2    | Mon 06 09:30 | Mon 06 11:00 | done
    green  | 2    | Mon 06 09:30 | Wed 08 11:00 | done

    Hands-on work counts both branches.

    case | touch | queue | off-shift | wait  | elapsed | work
    1    | 1:30  | 0     | 0         | 48:00 | 49:30   | 2:30
    2    | 1:30  | 0:30  | 0         | 48:00 | 50:00   | 2:30
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 09:30]}}
        pools: {fire: {size: 1, on: office}, green: {size: 1, on: office}, clerks: {size: 1, on: office}}
        process:
          - parallel: opinions
            branches:
              dry: [{step: fire, by: fire, effort: 1 h}]
              green:
                - wait: survey
                  for: 2 days
                - step: environment
                  by: green
                  effort: 1 h
          - step: decide
            by: clerks
            effort: 30 min
        """
    )
    hand(office, test_hand_parallel_branches_of_unequal_length_follow_the_last_to_end.__doc__)


@pytest.mark.parametrize(
    ("first", "second", "touch", "wait"), [("work", "rest", "1:00", "0"), ("rest", "work", "0", "1:00")]
)
def test_hand_of_branches_that_end_together_the_first_in_the_file_counts(first, second, touch, wait):
    """An hour of work beside an hour of waiting: the split follows whichever stands first."""
    bodies = {
        "work": "[{step: check, by: clerks, effort: 1 h}]",
        "rest": "[{wait: notice, for: 1 h}]",
    }
    office = play(
        f"""
        cases: {{arrive: {{at: [2023-02-06 09:00]}}}}
        pools: {{clerks: {{size: 1, on: office}}}}
        process:
          - parallel: both
            branches:
              {first}: {bodies[first]}
              {second}: {bodies[second]}
        """
    )
    (row,) = office.rows("case", False)
    assert (row["touch"], row["wait"], row["elapsed"]) == (touch, wait, "1:00")


def test_hand_a_branch_within_a_branch():
    """Outer branches: two inner ones of 1 h and 3 h of waiting, then an hour of work; beside it 2 h of
    waiting.

    case | element | joined       | started      | ended
    1    | short   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00
    1    | long    | Mon 06 09:00 | Mon 06 09:00 | Mon 06 12:00
    1    | middle  | Mon 06 09:00 | Mon 06 09:00 | Mon 06 11:00
    1    | check   | Mon 06 12:00 | Mon 06 14:00 | Mon 06 15:00

    case | touch | queue | off-shift | wait
    1    | 1:00  | 0     | 2:00      | 3:00
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00]}}
        pools: {clerks: {size: 1, on: office}}
        process:
          - parallel: outer
            branches:
              a:
                - parallel: inner
                  branches:
                    x: [{wait: short, for: 1 h}]
                    y: [{wait: long, for: 3 h}]
                - step: check
                  by: clerks
                  effort: 1 h
              b: [{wait: middle, for: 2 h}]
        """
    )
    hand(office, test_hand_a_branch_within_a_branch.__doc__)


def test_hand_patience_in_a_branch_withdraws_the_whole_case():
    """Two fire officers (1 h), one green officer (2 h) for whom nobody waits longer than half an hour.

    Case 2 leaves at 9:45: its fire work, half an hour done, stops in that second, and case 3 takes over
    that officer. A minute later case 3 leaves too.

    case | element | joined       | started      | ended        | served | status
    1    | fire    | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00 | 1:00   | done
    1    | green   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 11:00 | 2:00   | done
    2    | fire    | Mon 06 09:15 | Mon 06 09:15 | Mon 06 09:45 | 0:30   | cancelled
    2    | green   | Mon 06 09:15 | -            | Mon 06 09:45 | 0      | withdrawn
    3    | fire    | Mon 06 09:16 | Mon 06 09:45 | Mon 06 09:46 | 0:01   | cancelled
    3    | green   | Mon 06 09:16 | -            | Mon 06 09:46 | 0      | withdrawn

    branch | case | joined       | ended        | status
    dry    | 1    | Mon 06 09:00 | Mon 06 10:00 | done
    wet    | 1    | Mon 06 09:00 | Mon 06 11:00 | done
    dry    | 2    | Mon 06 09:15 | Mon 06 09:45 | cancelled
    wet    | 2    | Mon 06 09:15 | Mon 06 09:45 | done
    dry    | 3    | Mon 06 09:16 | Mon 06 09:46 | cancelled
    wet    | 3    | Mon 06 09:16 | Mon 06 09:46 | done

    The branch that ended the case is the one that counts.

    case | end       | status    | touch | queue
    1    | done      | done      | 2:00  | 0
    2    | withdrawn | withdrawn | 0     | 0:30
    3    | withdrawn | withdrawn | 0     | 0:30

    pool  | busy | queue
    fire  | 1:31 | 0:29
    green | 2:00 | 1:00
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 09:15, 2023-02-06 09:16]}}
        pools: {fire: {size: 2, on: office}, green: {size: 1, on: office}}
        process:
          - parallel: opinions
            branches:
              dry: [{step: fire, by: fire, effort: 1 h}]
              wet: [{step: green, by: green, effort: 2 h, patience: 30 min}]
        """
    )
    hand(office, test_hand_patience_in_a_branch_withdraws_the_whole_case.__doc__)


def test_hand_a_start_in_the_second_of_withdrawal_comes_too_late():
    """One clerk, one hour each; cases wait half an hour, except for the filing after it (one filer, 2 h).

    At 10:00 the patience of case 2 ends, and it leaves before the dispatch. Case 3, a second later, starts.
    Case 4 has begun when it is paused over lunch for two hours: only the wait for the first start counts.
    At the filer cases 3 and 4 wait for hours.

    case | element | joined          | started      | ended           | status
    1    | check   | Mon 06 09:00    | Mon 06 09:00 | Mon 06 10:00    | done
    1    | file    | Mon 06 10:00    | Mon 06 10:00 | Mon 06 12:00    | done
    2    | check   | Mon 06 09:30    | -            | Mon 06 10:00    | withdrawn
    3    | check   | Mon 06 09:30:01 | Mon 06 10:00 | Mon 06 11:00    | done
    3    | file    | Mon 06 11:00    | Mon 06 14:00 | Mon 06 16:00    | done
    4    | check   | Mon 06 11:45    | Mon 06 11:45 | Mon 06 14:45    | done
    4    | file    | Mon 06 14:45    | Mon 06 16:00 | Mon 06 18:00    | done

    case | touch | queue   | off-shift | end
    1    | 3:00  | 0       | 0         | done
    2    | 0     | 0:30    | 0         | withdrawn
    3    | 3:00  | 1:29:59 | 2:00      | done
    4    | 3:00  | 1:15    | 2:00      | done
    """
    office = play(
        """
        cases:
          arrive: {at: [2023-02-06 09:00, 2023-02-06 09:30, "2023-02-06 09:30:01", 2023-02-06 11:45]}
          patience: 30 min
        pools: {clerks: {size: 1, on: office}, filers: {size: 1, on: office}}
        process:
          - step: check
            by: clerks
            effort: 1 h
          - step: file
            by: filers
            effort: 2 h
            patience: none
        """
    )
    hand(office, test_hand_a_start_in_the_second_of_withdrawal_comes_too_late.__doc__)


def test_hand_patience_begins_anew_at_every_queue():
    """Steps of 20 and 40 min, one clerk each; 25 min of patience. Case 2 waits 20 min at each, 40 min in
    all.

    case | element | joined       | started      | ended        | status
    1    | first   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:20 | done
    1    | second  | Mon 06 09:20 | Mon 06 09:20 | Mon 06 10:00 | done
    2    | first   | Mon 06 09:00 | Mon 06 09:20 | Mon 06 09:40 | done
    2    | second  | Mon 06 09:40 | Mon 06 10:00 | Mon 06 10:40 | done
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 09:00]}, patience: 25 min}
        pools: {clerks: {size: 1, on: office}, filers: {size: 1, on: office}}
        process:
          - step: first
            by: clerks
            effort: 20 min
          - step: second
            by: filers
            effort: 40 min
        """
    )
    hand(office, test_hand_patience_begins_anew_at_every_queue.__doc__)


def test_hand_an_end_in_a_branch_cancels_the_other_branches():
    """An hour's check, after which a bad case is refused; beside it a notice of five days, and a file
    that waits for a clerk who does not come before Wednesday.

    Case 1 is refused on Monday at 10:00: its notice and its waiting file end in that second. Case 2 goes
    on.

    case | element | joined       | started      | ended        | status
    1    | check   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00 | done
    1    | notice  | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00 | cancelled
    1    | file    | Mon 06 09:00 | -            | Mon 06 10:00 | cancelled
    2    | check   | Mon 06 09:05 | Mon 06 10:00 | Mon 06 11:00 | done
    2    | notice  | Mon 06 09:05 | Mon 06 09:05 | Sat 11 09:05 | done
    2    | file    | Mon 06 09:05 | Wed 08 09:00 | Wed 08 10:00 | done

    case | end     | status  | touch | wait   | queue
    1    | refused | refused | 1:00  | 0      | 0
    2    | done    | done    | 0     | 120:00 | 0
    """
    office = play(
        """
        cases:
          classes: {bad: {share: 0.5}, good: {share: 0.5}}
          arrive:
            bads: {at: [2023-02-06 09:00], class: bad}
            goods: {at: [2023-02-06 09:05], class: good}
        pools: {clerks: {size: 1, on: office}, filers: {size: 1, on: wednesdays}}
        process:
          - parallel: both
            branches:
              checking:
                - step: check
                  by: clerks
                  effort: 1 h
                - choice: verdict
                  by: class
                  options:
                    bad: {do: [{end: refused, status: refused}]}
                    good: {do: []}
              publishing: [{wait: notice, for: 5 days}]
              filing: [{step: file, by: filers, effort: 1 h}]
        """,
        calendars="""
        office: {open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}
        wednesdays: {open: {wed: ["09:00-12:00"]}}
        """,
    )
    hand(office, test_hand_an_end_in_a_branch_cancels_the_other_branches.__doc__)


def test_hand_rework_twice():
    """A review of half an hour, sent back every time, at most twice; mending takes the applicant a day.

    The first pass is no rework; the two redo passes are, with all that they hold.

    case | element | entry | joined       | started      | ended        | rework
    1    | review  | 1     | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:30 | no
    1    | mend    | 1     | Mon 06 09:30 | Mon 06 09:30 | Tue 07 09:30 | yes
    1    | review  | 2     | Tue 07 09:30 | Tue 07 09:30 | Tue 07 10:00 | yes
    1    | mend    | 2     | Tue 07 10:00 | Tue 07 10:00 | Wed 08 10:00 | yes
    1    | review  | 3     | Wed 08 10:00 | Wed 08 10:00 | Wed 08 10:30 | yes
    1    | file    | 1     | Wed 08 10:30 | Wed 08 10:30 | Wed 08 10:40 | no

    case | touch | wait | rework | rework-touch | rework-wait | applicant | visits
    1    | 0:40  | 0    | 49:00  | 1:00         | 48:00       | 48:00     | 3
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00]}}
        pools: {clerks: {size: 1, on: office}}
        process:
          - repeat: supplement
            do: [{step: review, by: clerks, effort: 30 min, counts: {visits: 1}}]
            again: 1
            at-most: 2
            redo: [{wait: mend, for: 1 day, hands: applicant}]
          - step: file
            by: clerks
            effort: 10 min
        """
    )
    hand(office, test_hand_rework_twice.__doc__)


def permits(form, over):
    """Two permits with desks of their own; cases at 9:00."""
    return play(
        f"""
        cases: {{arrive: {{at: [2023-02-06 09:00, 2023-02-06 09:00]}}}}
        process:
          - for-each: permits
            as: {form}
            over: {{{over}}}
            pools: {{desk: {{size: 1, on: office}}}}
            do: [{{step: check, by: desk, effort: 20 min}}]
        """
    )


def test_hand_for_each_in_sequence():
    """Filing takes 30 min, planning an hour, each at its own desk, one after the other.

    case | element                | joined       | started      | ended        | by
    1    | permits.filing.check   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:30 | permits.filing.desk
    1    | permits.planning.check | Mon 06 09:30 | Mon 06 09:30 | Mon 06 10:30 | permits.planning.desk
    2    | permits.filing.check   | Mon 06 09:00 | Mon 06 09:30 | Mon 06 10:00 | permits.filing.desk
    2    | permits.planning.check | Mon 06 10:00 | Mon 06 10:30 | Mon 06 11:30 | permits.planning.desk
    """
    office = permits("sequence", "filing: {check.effort: 30 min}, planning: {check.effort: 1 h}")
    hand(office, test_hand_for_each_in_sequence.__doc__)


def test_hand_for_each_in_parallel():
    """The same at once: each case is done when its planning is.

    case | element                | joined       | started      | ended        | by
    1    | permits.filing.check   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:30 | permits.filing.desk
    1    | permits.planning.check | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00 | permits.planning.desk
    2    | permits.filing.check   | Mon 06 09:00 | Mon 06 09:30 | Mon 06 10:00 | permits.filing.desk
    2    | permits.planning.check | Mon 06 09:00 | Mon 06 10:00 | Mon 06 11:00 | permits.planning.desk

    case | ended        | touch | queue
    1    | Mon 06 10:00 | 1:00  | 0
    2    | Mon 06 11:00 | 1:00  | 1:00
    """
    office = permits("parallel", "filing: {check.effort: 30 min}, planning: {check.effort: 1 h}")
    hand(office, test_hand_for_each_in_parallel.__doc__)


def test_hand_for_each_as_a_choice():
    """One of the copies for each case, by share; planning, whose share is all, keeps the body's 20 min.

    case | element                | joined       | started      | ended        | by
    1    | permits.planning.check | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:20 | permits.planning.desk
    2    | permits.planning.check | Mon 06 09:00 | Mon 06 09:20 | Mon 06 09:40 | permits.planning.desk
    """
    office = permits("choice", "filing: {share: 0, check.effort: 30 min}, planning: {share: 1}")
    hand(office, test_hand_for_each_as_a_choice.__doc__)


def test_hand_a_choice_by_attribute():
    """Large cases wait for a day, small ones for an hour; everything else for a week. Each class fixes
    its size.

    case | element | ended
    1    | day     | Tue 07 09:00
    2    | hour    | Mon 06 10:00
    3    | week    | Mon 13 09:00
    """
    office = play(
        """
        cases:
          attributes: {size: {small: 0.3, large: 0.3, odd: 0.4}}
          classes:
            one: {share: 0.3, attributes: {size: large}}
            two: {share: 0.3, attributes: {size: small}}
            three: {share: 0.4, attributes: {size: odd}}
          arrive:
            ones: {at: [2023-02-06 09:00], class: one}
            twos: {at: [2023-02-06 09:00], class: two}
            threes: {at: [2023-02-06 09:00], class: three}
        process:
          - choice: route
            by: size
            options:
              small: {do: [{wait: hour, for: 1 h}]}
              large: {do: [{wait: day, for: 1 day}]}
              else: {do: [{wait: week, for: 1 week}]}
        """
    )
    hand(office, test_hand_a_choice_by_attribute.__doc__)
