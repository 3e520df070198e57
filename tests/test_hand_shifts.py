"""Small offices by hand: lunch, evenings, holidays, nights and hand-overs."""

import pytest

from tests.offices import OFFICE, THROUGH, hand, play

HALF_HOUR = """
process:
  - step: check
    by: clerks
    effort: 30 min
"""


def test_hand_work_across_the_lunch_break_is_paused():
    """One clerk, 9 to 12 and 14 to 18; half an hour of work for each.

    Case 1 has a quarter of an hour done at noon; it goes first at two o'clock, ahead of those who wait.
    Case 3 comes in the second of closing and is not begun.

    case | element | joined       | started      | ended        | work                    | served
    1    | check   | Mon 06 11:45 | Mon 06 11:45 | Mon 06 14:15 | 11:45-12:00 14:00-14:15 | 0:30
    2    | check   | Mon 06 11:50 | Mon 06 14:15 | Mon 06 14:45 | -                       | 0:30
    3    | check   | Mon 06 12:00 | Mon 06 14:45 | Mon 06 15:15 | -                       | 0:30

    case | touch | queue | off-shift | working-time | elapsed | end
    1    | 0:30  | 0     | 2:00      | 0:30         | 2:30    | done
    2    | 0:30  | 0:25  | 2:00      | 0:55         | 2:55    | done
    3    | 0:30  | 0:45  | 2:00      | 1:15         | 3:15    | done

    Waiting before the first start: 2:25 and 2:45.

    pool   | busy | excess | queue
    clerks | 1:30 | 0      | 5:10
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 11:45, 2023-02-06 11:50, 2023-02-06 12:00]}}
        pools: {clerks: {size: 1, on: office}}
        """,
        HALF_HOUR,
    )
    hand(office, test_hand_work_across_the_lunch_break_is_paused.__doc__)


def test_hand_the_latest_first_start_is_interrupted_when_one_of_two_goes_to_lunch():
    """Two clerks, one of whom works through; three hours of work for each case.

    At noon one clerk is left: case 2 began last and is paused with half an hour done. At two, case 1 ends
    in the same second in which the other clerk is back, so that cases 2 and 3 both start. The pool was
    never empty, so nobody's waiting is off-shift.

    case | element | joined       | started      | ended        | work
    1    | check   | Mon 06 11:00 | Mon 06 11:00 | Mon 06 14:00 | -
    2    | check   | Mon 06 11:30 | Mon 06 11:30 | Mon 06 16:30 | 11:30-12:00 14:00-16:30
    3    | check   | Mon 06 12:30 | Mon 06 14:00 | Mon 06 17:00 | -

    case | touch | queue | off-shift
    1    | 3:00  | 0     | 0
    2    | 3:00  | 2:00  | 0
    3    | 3:00  | 1:30  | 0
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 11:00, 2023-02-06 11:30, 2023-02-06 12:30]}}
        pools: {clerks: {groups: [{size: 1, on: office}, {size: 1, on: through}]}}
        process: [{step: check, by: clerks, effort: 3 h}]
        """,
        calendars=f"{OFFICE}\n{THROUGH}",
    )
    hand(office, test_hand_the_latest_first_start_is_interrupted_when_one_of_two_goes_to_lunch.__doc__)


def test_hand_of_works_begun_together_the_later_case_is_interrupted():
    """Two clerks, one of whom works through; both works of two hours begin at 11:00.

    case | element | joined       | started      | ended        | work
    1    | check   | Mon 06 11:00 | Mon 06 11:00 | Mon 06 13:00 | -
    2    | check   | Mon 06 11:00 | Mon 06 11:00 | Mon 06 14:00 | 11:00-12:00 13:00-14:00
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 11:00, 2023-02-06 11:00]}}
        pools: {clerks: {groups: [{size: 1, on: office}, {size: 1, on: through}]}}
        process: [{step: check, by: clerks, effort: 2 h}]
        """,
        calendars=f"{OFFICE}\n{THROUGH}",
    )
    hand(office, test_hand_of_works_begun_together_the_later_case_is_interrupted.__doc__)


def test_hand_paused_work_is_the_head_of_its_step_and_waits_since_the_pause():
    """Two clerks in the morning, one in the afternoon. A check takes 3 h, an answer half an hour.

    At noon both checks are paused, one hour and two hours short. At two the one clerk looks at the heads of
    both steps: the answer has waited since 11:30, paused case 1 since 12:00. So the answer goes first; then
    both checks in order of their first start, though answer 4 has waited since 13:00 and is later than
    their pause; then the answer.

    case | element | joined       | started      | ended        | work
    1    | check   | Mon 06 10:00 | Mon 06 10:00 | Mon 06 15:30 | 10:00-12:00 14:30-15:30
    2    | check   | Mon 06 11:00 | Mon 06 11:00 | Mon 06 17:30 | 11:00-12:00 15:30-17:30
    3    | answer  | Mon 06 11:30 | Mon 06 14:00 | Mon 06 14:30 | -
    4    | answer  | Mon 06 13:00 | Mon 06 17:30 | Mon 06 18:00 | -

    case | touch | queue | off-shift
    1    | 3:00  | 0:30  | 2:00
    2    | 3:00  | 1:30  | 2:00
    3    | 0:30  | 0:30  | 2:00
    4    | 0:30  | 3:30  | 1:00
    """
    office = play(
        """
        cases:
          classes: {request: {share: 0.5}, question: {share: 0.5}}
          arrive:
            requests: {at: [2023-02-06 10:00, 2023-02-06 11:00], class: request}
            questions: {at: [2023-02-06 11:30, 2023-02-06 13:00], class: question}
        pools: {clerks: {groups: [{size: 2, on: morning}, {size: 1, on: afternoon}]}}
        process:
          - choice: kind
            by: class
            options:
              request: {do: [{step: check, by: clerks, effort: 3 h}]}
              question: {do: [{step: answer, by: clerks, effort: 30 min}]}
        """,
        calendars="""
        morning: {open: {mon-fri: ["09:00-12:00"]}}
        afternoon: {open: {mon-fri: ["14:00-18:00"]}}
        """,
    )
    hand(office, test_hand_paused_work_is_the_head_of_its_step_and_waits_since_the_pause.__doc__)


def test_hand_a_friday_evening_waits_for_monday():
    """One clerk, half an hour each. From Friday 18:00 to Monday 09:00 are 63 hours.

    Case 2 comes in the second of closing: it counts as accepted on Monday, and is decided on that date.

    case | element | joined       | started      | ended        | work
    1    | check   | Fri 10 17:50 | Fri 10 17:50 | Mon 13 09:20 | 17:50-18:00 09:00-09:20
    2    | check   | Fri 10 18:00 | Mon 13 09:20 | Mon 13 09:50 | -
    3    | check   | Sat 11 10:00 | Mon 13 09:50 | Mon 13 10:20 | -

    case | touch | queue | off-shift | working-time | working-dates
    1    | 0:30  | 0     | 63:00     | 0:30         | 1
    2    | 0:30  | 0:20  | 63:00     | 0:50         | 0
    3    | 0:30  | 0:50  | 47:00     | 1:20         | 0
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-10 17:50, 2023-02-10 18:00, 2023-02-11 10:00]}}
        pools: {clerks: {size: 1, on: office}}
        """,
        HALF_HOUR,
    )
    hand(office, test_hand_a_friday_evening_waits_for_monday.__doc__)


def test_hand_a_public_holiday_closes_and_a_make_up_saturday_opens():
    """Labour Day 2023: closed from Saturday 29 April to Wednesday 3 May, open on Saturday 6 May.

    One hour of work, then a notice of three working days of 7 h.
    Case 1: half an hour on Friday 28, the rest on Thursday 4 May. Its notice: 6:30 on Thursday, 7 h on
    Friday and on Saturday (20:30), half an hour on Monday 8.
    Case 2: a quarter on Friday 5, the rest on Saturday. Its notice: 6:15, Monday 13:15, Tuesday 20:15,
    0:45 on Wednesday 10.
    Case 3: half on Saturday, half on Monday 8. Notice: 6:30, 13:30, 20:30, half an hour on Thursday 11.

    case | element | joined       | started      | ended        | work
    1    | check   | Fri 28 17:30 | Fri 28 17:30 | Thu 04 09:30 | 17:30-18:00 09:00-09:30
    1    | notice  | Thu 04 09:30 | Thu 04 09:30 | Mon 08 09:30 | -
    2    | check   | Fri 05 17:45 | Fri 05 17:45 | Sat 06 09:45 | 17:45-18:00 09:00-09:45
    2    | notice  | Sat 06 09:45 | Sat 06 09:45 | Wed 10 09:45 | -
    3    | check   | Sat 06 17:30 | Sat 06 17:30 | Mon 08 09:30 | 17:30-18:00 09:00-09:30
    3    | notice  | Mon 08 09:30 | Mon 08 09:30 | Thu 11 09:30 | -

    Working dates after acceptance, up to the decision: 4, 5, 6, 8 May; 6, 8, 9, 10 May; 8, 9, 10, 11 May.
    Off-shift of case 1: Friday 28 April 18:00 to Thursday 4 May 09:00, 5 days and 15 hours.

    case | touch | off-shift | wait  | working-time | working-dates
    1    | 1:00  | 135:00    | 96:00 | 22:00        | 4
    2    | 1:00  | 15:00     | 96:00 | 22:00        | 4
    3    | 1:00  | 39:00     | 72:00 | 22:00        | 4
    """
    office = play(
        """
        cases: {arrive: {at: [2023-04-28 17:30, 2023-05-05 17:45, 2023-05-06 17:30]}}
        pools: {clerks: {size: 1, on: office}}
        process:
          - step: check
            by: clerks
            effort: 1 h
          - wait: notice
            for: 3 working days
        """,
        run_for="start: 2023-04-24, warm-up: 0 days, window: 3 weeks, follow-for: 1 week",
        calendars='office: {region: CN, open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}',
    )
    hand(office, test_hand_a_public_holiday_closes_and_a_make_up_saturday_opens.__doc__)


def test_hand_a_night_shift_runs_over_midnight():
    """One guard from 22:00 to 06:00 on every night but that of the closed Wednesday 8; two hours of work.

    Case 1 finds the shift of Sunday night still there. The shift that begins on Tuesday goes on after
    midnight on the closed Wednesday, so that case 4 gets half an hour; the rest waits for Thursday 22:00.

    case | element | joined       | started      | ended        | work
    1    | round   | Mon 06 00:30 | Mon 06 00:30 | Mon 06 02:30 | -
    2    | round   | Mon 06 21:00 | Mon 06 22:00 | Tue 07 00:00 | -
    3    | round   | Tue 07 05:00 | Tue 07 05:00 | Tue 07 23:00 | 05:00-06:00 22:00-23:00
    4    | round   | Wed 08 05:30 | Wed 08 05:30 | Thu 09 23:30 | 05:30-06:00 22:00-23:30

    The dates on which a shift begins count as working dates: case 2 is accepted on Monday and decided on
    Tuesday; case 4 on Wednesday, which is none, so as if on Thursday.

    case | touch | off-shift | working-time | working-dates
    1    | 2:00  | 0         | 2:00         | 0
    2    | 2:00  | 1:00      | 2:00         | 1
    3    | 2:00  | 16:00     | 2:00         | 0
    4    | 2:00  | 40:00     | 2:00         | 0
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 00:30, 2023-02-06 21:00, 2023-02-07 05:00, 2023-02-08 05:30]}}
        pools: {guards: {size: 1, on: night}}
        process: [{step: round, by: guards, effort: 2 h}]
        """,
        calendars='night: {open: {mon-sun: ["22:00-06:00"]}, closed: [2023-02-08]}',
    )
    hand(office, test_hand_a_night_shift_runs_over_midnight.__doc__)


SHIFTS = """
early: {open: {mon-fri: ["08:00-14:00"]}}
late: {open: {mon-fri: ["14:00-20:00"]}}
"""


def test_hand_a_hand_over_between_equal_shifts_interrupts_nobody():
    """One early and one late clerk: the head-count at two o'clock stays one, and the work goes on.

    case | element | joined       | started      | ended        | work
    1    | check   | Mon 06 13:00 | Mon 06 13:00 | Mon 06 15:00 | -
    2    | check   | Mon 06 19:30 | Mon 06 19:30 | Tue 07 09:30 | 19:30-20:00 08:00-09:30

    case | touch | queue | off-shift
    1    | 2:00  | 0     | 0
    2    | 2:00  | 0     | 12:00
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 13:00, 2023-02-06 19:30]}}
        pools: {clerks: {groups: [{size: 1, on: early}, {size: 1, on: late}]}}
        process: [{step: check, by: clerks, effort: 2 h}]
        """,
        calendars=SHIFTS,
    )
    hand(office, test_hand_a_hand_over_between_equal_shifts_interrupts_nobody.__doc__)


def test_hand_a_hand_over_to_a_smaller_shift_interrupts_the_difference():
    """Two early clerks and one late: at two o'clock the later of two works is paused.

    case | element | joined       | started      | ended        | work
    1    | check   | Mon 06 13:00 | Mon 06 13:00 | Mon 06 15:00 | -
    2    | check   | Mon 06 13:30 | Mon 06 13:30 | Mon 06 16:30 | 13:30-14:00 15:00-16:30

    case | touch | queue | off-shift
    1    | 2:00  | 0     | 0
    2    | 2:00  | 1:00  | 0
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 13:00, 2023-02-06 13:30]}}
        pools: {clerks: {groups: [{size: 2, on: early}, {size: 1, on: late}]}}
        process: [{step: check, by: clerks, effort: 2 h}]
        """,
        calendars=SHIFTS,
    )
    hand(office, test_hand_a_hand_over_to_a_smaller_shift_interrupts_the_difference.__doc__)


@pytest.mark.parametrize(
    "table",
    [
        "case | element | ended\n1 | check | Mon 06 12:00\n2 | check | Mon 06 12:30",  # a row too many
        "case | element | ended\n1 | check | Mon 06 12:00:01",  # a second late
        "case | element | ended",  # a row too few
        "no table at all",
    ],
)
def test_a_table_that_differs_is_found(table):
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 11:30]}}
        pools: {clerks: {size: 1, on: office}}
        """,
        HALF_HOUR,
    )
    hand(office, "case | element | ended\n1 | check | Mon 06 12:00")
    with pytest.raises(AssertionError):
        hand(office, table)
