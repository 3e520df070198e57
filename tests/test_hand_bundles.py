"""Small offices by hand: bundles by size or age, on the way together."""

from tests.offices import THROUGH, hand, play


def test_hand_a_bundle_by_size_or_age():
    """Three together, or after two working days (14 h); delivered together in one hour, then filed one by
    one.

    Cases 1 to 3 are complete at 11:00 on Monday. Case 4, of Monday 15:00, has waited 3 h on Monday, 7 h on
    Tuesday and 4 h by 15:00 on Wednesday; it takes case 5 along. The driver works once for each bundle.

    case | element | joined       | started      | ended        | lead
    1    | collect | Mon 06 09:00 | Mon 06 11:00 | Mon 06 11:00 | 1
    1    | deliver | Mon 06 11:00 | Mon 06 11:00 | Mon 06 12:00 | 1
    1    | file    | Mon 06 12:00 | Mon 06 14:00 | Mon 06 14:10 | 1
    2    | collect | Mon 06 10:00 | Mon 06 11:00 | Mon 06 11:00 | 2
    2    | deliver | Mon 06 11:00 | Mon 06 11:00 | Mon 06 12:00 | 1
    2    | file    | Mon 06 12:00 | Mon 06 14:10 | Mon 06 14:20 | 2
    3    | collect | Mon 06 11:00 | Mon 06 11:00 | Mon 06 11:00 | 3
    3    | deliver | Mon 06 11:00 | Mon 06 11:00 | Mon 06 12:00 | 1
    3    | file    | Mon 06 12:00 | Mon 06 14:20 | Mon 06 14:30 | 3
    4    | collect | Mon 06 15:00 | Wed 08 15:00 | Wed 08 15:00 | 4
    4    | deliver | Wed 08 15:00 | Wed 08 15:00 | Wed 08 16:00 | 4
    4    | file    | Wed 08 16:00 | Wed 08 16:00 | Wed 08 16:10 | 4
    5    | collect | Tue 07 10:00 | Wed 08 15:00 | Wed 08 15:00 | 5
    5    | deliver | Wed 08 15:00 | Wed 08 15:00 | Wed 08 16:00 | 4
    5    | file    | Wed 08 16:00 | Wed 08 16:10 | Wed 08 16:20 | 5

    meeting | number | planned      | started      | ended        | taken
    collect | 0      | Mon 06 11:00 | Mon 06 11:00 | Mon 06 11:00 | 3
    collect | 1      | Wed 08 15:00 | Wed 08 15:00 | Wed 08 15:00 | 2

    case | touch | queue | off-shift | batch
    1    | 1:10  | 0     | 2:00      | 2:00
    2    | 1:10  | 0:10  | 2:00      | 1:00
    3    | 1:10  | 0:20  | 2:00      | 0
    4    | 1:10  | 0     | 0         | 48:00
    5    | 1:10  | 0:10  | 0         | 29:00

    pool    | busy | queue
    drivers | 2:00 | 0
    clerks  | 0:50 | 6:40
    """
    office = play(
        """
        cases:
          arrive:
            at: [2023-02-06 09:00, 2023-02-06 10:00, 2023-02-06 11:00, 2023-02-06 15:00, 2023-02-07 10:00]
        pools: {drivers: {size: 1, on: office}, clerks: {size: 1, on: office}}
        process:
          - batch: collect
            when: {size: 3, or-after: 2 working days}
            bundle: true
          - step: deliver
            by: drivers
            effort: 1 h
          - unbundle: collect
          - step: file
            by: clerks
            effort: 10 min
        """
    )
    hand(office, test_hand_a_bundle_by_size_or_age.__doc__)


def test_hand_a_bundle_bounded_by_its_agenda():
    """Three wait at 11:00 on Monday, but two are the most that go together; the third goes when a day old.

    case | element | joined       | started      | ended        | lead
    1    | collect | Mon 06 09:00 | Mon 06 11:00 | Mon 06 11:00 | 1
    2    | collect | Mon 06 10:00 | Mon 06 11:00 | Mon 06 11:00 | 2
    3    | collect | Mon 06 11:00 | Tue 07 11:00 | Tue 07 11:00 | 3

    meeting | number | planned      | started      | ended        | taken
    collect | 0      | Mon 06 11:00 | Mon 06 11:00 | Mon 06 11:00 | 2
    collect | 1      | Tue 07 11:00 | Tue 07 11:00 | Tue 07 11:00 | 1
    """
    office = play(
        """
        cases:
          arrive:
            at: [2023-02-06 09:00, 2023-02-06 10:00, 2023-02-06 11:00]
        process:
          - batch: collect
            when: {size: 3, or-after: 1 day}
            agenda: 2
        """
    )
    hand(office, test_hand_a_bundle_bounded_by_its_agenda.__doc__)


def test_hand_a_backlog_that_is_older_than_the_age_of_a_bundle_goes_at_once():
    """Two cases collected for ten days when the run starts, and bundles go after five days at the latest.

    Both are there before either goes, so they go together.

    case | element | joined       | started      | ended        | meeting
    1    | collect | Fri 27 00:00 | Mon 06 00:00 | Mon 06 00:00 | 0
    2    | collect | Fri 27 00:00 | Mon 06 00:00 | Mon 06 00:00 | 0

    case | initial | batch
    1    | yes     | 240:00
    2    | yes     | 240:00
    """
    office = play(
        """
        cases: {backlog: [{at: collect, count: 2, age: 10 days}]}
        process: [{batch: collect, when: {size: 3, or-after: 5 days}}]
        """,
        run_for="start: 2023-02-06, window: 3 weeks, follow-for: 3 weeks",
    )
    hand(office, test_hand_a_backlog_that_is_older_than_the_age_of_a_bundle_goes_at_once.__doc__)


def test_hand_a_bundle_ends_with_the_case_that_leads_it():
    """Bundles of three, brought in two hours; beside it a bad case is refused after an hour.

    Of the first three, case 2 is bad: it leaves the bundle, and the others are brought to the end. Of the
    second three, bad case 4 leads: at 15:00 the driver stops, and all three end as it does.

    case | end     | ended
    1    | done    | Mon 06 11:00
    2    | refused | Mon 06 10:00
    3    | done    | Mon 06 11:00
    4    | refused | Mon 06 15:00
    5    | refused | Mon 06 15:00
    6    | refused | Mon 06 15:00

    pool    | busy
    drivers | 3:00
    """
    office = play(
        """
        cases:
          classes: {good: {share: 0.5}, bad: {share: 0.5}}
          arrive:
            first: {at: [2023-02-06 09:00], class: good}
            second: {at: [2023-02-06 09:00], class: bad}
            third: {at: [2023-02-06 09:00], class: good}
            fourth: {at: [2023-02-06 14:00], class: bad}
            fifth: {at: [2023-02-06 14:00, 2023-02-06 14:00], class: good}
        pools: {drivers: {size: 1, on: through}}
        process:
          - parallel: both
            branches:
              bringing:
                - batch: collect
                  when: {size: 3, or-after: 1 day}
                  bundle: true
                - step: bring
                  by: drivers
                  effort: 2 h
                - unbundle: collect
              checking:
                - choice: kind
                  by: class
                  options:
                    good: {do: []}
                    bad:
                      do:
                        - wait: look
                          for: 1 h
                        - end: refused
                          status: refused
        """,
        calendars=THROUGH,
    )
    hand(office, test_hand_a_bundle_ends_with_the_case_that_leads_it.__doc__)
