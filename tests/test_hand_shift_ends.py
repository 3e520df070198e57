"""Small offices by hand: work that a shift's end comes upon is paused, finished, or not begun."""

import pytest

from tests.offices import OFFICE, THROUGH, hand, play


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
