"""Small offices by hand: lunch, evenings, holidays, nights, hand-overs and the end of a shift."""

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


def visits_by_inspectors_with_cars(rule):
    """One inspector (9 to 12, 14 to 18) and one car (9 to 17): a visit of 2 h takes both, washing the car."""
    return play(
        f"""
        cases:
          classes: {{visit: {{share: 0.5}}, wash: {{share: 0.5}}}}
          arrive:
            visits: {{at: [2023-02-06 11:00, 2023-02-06 15:30, 2023-02-07 15:00], class: visit}}
            washes: {{at: [2023-02-06 11:30], class: wash}}
        pools:
          inspectors: {{size: 1, on: office}}
          cars: {{size: 1, on: garage}}
        process:
          - choice: kind
            by: class
            options:
              visit: {{do: [{{step: inspect, by: [inspectors, cars], effort: 2 h, at-shift-end: {rule}}}]}}
              wash: {{do: [{{step: wash, by: cars, effort: 30 min}}]}}
        """,
        calendars=f'{OFFICE}\ngarage: {{open: {{mon-fri: ["09:00-17:00"]}}}}',
    )


def test_hand_pause_gives_back_the_units_of_both_pools():
    """The visit of 11:00 is paused when the inspector goes to lunch, and the car can be washed meanwhile.

    The visit of 15:30 loses the car at 17:00, half an hour short; the inspector is free from then on. It
    waits for both: nobody of one pool or the other from Monday 17:00 to Tuesday 09:00.

    case | element | joined       | started      | ended        | work                    | by
    1    | inspect | Mon 06 11:00 | Mon 06 11:00 | Mon 06 15:00 | 11:00-12:00 14:00-15:00 | inspectors cars
    2    | wash    | Mon 06 11:30 | Mon 06 12:00 | Mon 06 12:30 | -                       | cars
    3    | inspect | Mon 06 15:30 | Mon 06 15:30 | Tue 07 09:30 | 15:30-17:00 09:00-09:30 | inspectors cars
    4    | inspect | Tue 07 15:00 | Tue 07 15:00 | Tue 07 17:00 | -                       | inspectors cars

    case | touch | queue | off-shift
    1    | 2:00  | 0     | 2:00
    2    | 0:30  | 0:30  | 0
    3    | 2:00  | 0     | 16:00
    4    | 2:00  | 0     | 0

    pool       | busy | excess | queue
    inspectors | 6:00 | 0      | 0
    cars       | 6:30 | 0      | 0:30
    """
    office = visits_by_inspectors_with_cars("pause")
    hand(office, test_hand_pause_gives_back_the_units_of_both_pools.__doc__)


def test_hand_finish_keeps_the_units_of_both_pools_as_overtime():
    """The inspector works until 13:00, the car is out until 17:30: overtime, apart from time on shift.

    case | element | joined       | started      | ended        | work
    1    | inspect | Mon 06 11:00 | Mon 06 11:00 | Mon 06 13:00 | -
    2    | wash    | Mon 06 11:30 | Mon 06 13:00 | Mon 06 13:30 | -
    3    | inspect | Mon 06 15:30 | Mon 06 15:30 | Mon 06 17:30 | -
    4    | inspect | Tue 07 15:00 | Tue 07 15:00 | Tue 07 17:00 | -

    case | touch | queue | off-shift
    1    | 2:00  | 0     | 0
    2    | 0:30  | 1:30  | 0
    3    | 2:00  | 0     | 0
    4    | 2:00  | 0     | 0

    pool       | busy | excess | queue
    inspectors | 5:00 | 1:00   | 0
    cars       | 6:00 | 0:30   | 1:30
    """
    office = visits_by_inspectors_with_cars("finish")
    hand(office, test_hand_finish_keeps_the_units_of_both_pools_as_overtime.__doc__)


def test_hand_fits_starts_only_what_ends_before_either_pool_leaves():
    """At 11:00 a visit would reach into lunch, at 16:00 beyond the car's 17:00; at 15:00 it just fits.

    The visit that does not fit takes nothing: the car is washed at once.

    case | element | joined       | started      | ended        | work
    1    | inspect | Mon 06 11:00 | Mon 06 14:00 | Mon 06 16:00 | -
    2    | wash    | Mon 06 11:30 | Mon 06 11:30 | Mon 06 12:00 | -
    3    | inspect | Mon 06 15:30 | Tue 07 09:00 | Tue 07 11:00 | -
    4    | inspect | Tue 07 15:00 | Tue 07 15:00 | Tue 07 17:00 | -

    case | touch | queue | off-shift
    1    | 2:00  | 1:00  | 2:00
    2    | 0:30  | 0     | 0
    3    | 2:00  | 1:30  | 16:00
    4    | 2:00  | 0     | 0

    pool       | busy | excess | queue
    inspectors | 6:00 | 0      | 20:30
    cars       | 6:30 | 0      | 0
    """
    office = visits_by_inspectors_with_cars("fits")
    hand(office, test_hand_fits_starts_only_what_ends_before_either_pool_leaves.__doc__)


def test_hand_fits_counts_other_work_that_ends_after_the_fall():
    """Two clerks of whom one works through lunch. A long work takes 2 h and may be paused; a short one
    of 90 min must fit.

    Monday: the long work begun at 11:00 is scheduled to 13:00, after the fall at noon. It and the short
    one would use two where one is left, so the short one waits until 13:00. Tuesday: the long work ends
    at 11:30, before the fall, and the short one starts at 11:00 though it will end at 12:30.

    case | element | joined       | started      | ended        | work
    1    | long    | Mon 06 11:00 | Mon 06 11:00 | Mon 06 13:00 | -
    2    | short   | Mon 06 11:15 | Mon 06 13:00 | Mon 06 14:30 | -
    3    | long    | Tue 07 09:30 | Tue 07 09:30 | Tue 07 11:30 | -
    4    | short   | Tue 07 11:00 | Tue 07 11:00 | Tue 07 12:30 | -
    """
    office = play(
        """
        cases:
          classes: {long: {share: 0.5}, short: {share: 0.5}}
          arrive:
            longs: {at: [2023-02-06 11:00, 2023-02-07 09:30], class: long}
            shorts: {at: [2023-02-06 11:15, 2023-02-07 11:00], class: short}
        pools: {clerks: {groups: [{size: 1, on: office}, {size: 1, on: through}]}}
        process:
          - choice: kind
            by: class
            options:
              long: {do: [{step: long, by: clerks, effort: 2 h}]}
              short: {do: [{step: short, by: clerks, effort: 90 min, at-shift-end: fits}]}
        """,
        calendars=f"{OFFICE}\n{THROUGH}",
    )
    hand(office, test_hand_fits_counts_other_work_that_ends_after_the_fall.__doc__)


def test_hand_fits_that_is_caught_all_the_same_is_paused():
    """Two clerks, one of whom works through lunch; a car that is there on Monday afternoon and on Tuesday
    from 11:30.

    The trip of 4 h begins on Monday at 14:00 and loses the car at 17:00, one hour short. On Tuesday at
    11:15 the form of 90 min starts: at noon it alone would be there. At 11:30 the car is back and the
    trip goes on, to 12:30. At noon one of the two has to stop, and the form began last: it has 45 min
    left, and goes on at 12:30.

    case | element | joined       | started      | ended        | work
    1    | trip    | Mon 06 14:00 | Mon 06 14:00 | Tue 07 12:30 | 14:00-17:00 11:30-12:30
    2    | form    | Tue 07 11:15 | Tue 07 11:15 | Tue 07 13:15 | 11:15-12:00 12:30-13:15

    case | touch | queue | off-shift
    1    | 4:00  | 0     | 18:30
    2    | 1:30  | 0:30  | 0
    """
    office = play(
        """
        cases:
          classes: {trip: {share: 0.5}, form: {share: 0.5}}
          arrive:
            trips: {at: [2023-02-06 14:00], class: trip}
            forms: {at: [2023-02-07 11:15], class: form}
        pools:
          clerks: {groups: [{size: 1, on: office}, {size: 1, on: through}]}
          cars: {size: 1, on: garage}
        process:
          - choice: kind
            by: class
            options:
              trip: {do: [{step: trip, by: [clerks, cars], effort: 4 h}]}
              form: {do: [{step: form, by: clerks, effort: 90 min, at-shift-end: fits}]}
        """,
        calendars=f'{OFFICE}\n{THROUGH}\ngarage: {{open: {{mon: ["14:00-17:00"], tue: ["11:30-17:00"]}}}}',
    )
    hand(office, test_hand_fits_that_is_caught_all_the_same_is_paused.__doc__)


@pytest.mark.parametrize("rule", ["pause", "finish"])
def test_hand_work_that_ends_in_the_second_of_closing_is_whole(rule):
    """Ends of work come before shift changes: 11:30 to 12:00 is neither paused nor overtime.

    case | element | joined       | started      | ended        | work
    1    | check   | Mon 06 11:30 | Mon 06 11:30 | Mon 06 12:00 | -

    pool   | busy | excess
    clerks | 0:30 | 0
    """
    office = play(
        f"""
        cases: {{arrive: {{at: [2023-02-06 11:30]}}}}
        pools: {{clerks: {{size: 1, on: office}}}}
        process: [{{step: check, by: clerks, effort: 30 min, at-shift-end: {rule}}}]
        """
    )
    hand(office, test_hand_work_that_ends_in_the_second_of_closing_is_whole.__doc__)


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
