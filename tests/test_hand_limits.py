"""Small offices by hand: limits, what follows when they are missed, and the legal clock."""

from tests.offices import OFFICE, THROUGH, hand, play


def test_hand_a_missed_limit_moves_waiting_work_to_another_pool():
    """Checks take the clerk an hour and have a limit of two; missed ones go to the senior, who works
    through lunch and also hears appeals of an hour.

    Case 2 ends in the very second of its deadline: in time. Case 3 is in work when its deadline passes
    and stays where it is. Case 4 still waits at 11:15 and goes to the senior. At 11:30, when the first
    appeal ends, it has waited since 9:15, the second appeal since 10:45.

    case | element         | joined       | started      | ended        | due          | status | missed | by
    1 | check           | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00 | Mon 06 11:00 | done   | no | clerks
    2 | check           | Mon 06 09:00 | Mon 06 10:00 | Mon 06 11:00 | Mon 06 11:00 | done   | no | clerks
    3 | check           | Mon 06 09:10 | Mon 06 11:00 | Mon 06 12:00 | Mon 06 11:10 | done   | yes | clerks
    4 | check           | Mon 06 09:15 | -            | Mon 06 11:15 | Mon 06 11:15 | moved  | yes | -
    4 | check/escalated | Mon 06 11:15 | Mon 06 11:30 | Mon 06 12:30 | Mon 06 11:15 | done   | no | seniors
    5 | appeal          | Mon 06 10:30 | Mon 06 10:30 | Mon 06 11:30 | -            | done   | no | seniors
    6 | appeal          | Mon 06 10:45 | Mon 06 12:30 | Mon 06 13:30 | -            | done   | no | seniors

    case | touch | queue | off-shift
    1    | 1:00  | 0     | 0
    2    | 1:00  | 1:00  | 0
    3    | 1:00  | 1:50  | 0
    4    | 1:00  | 2:15  | 0
    5    | 1:00  | 0     | 0
    6    | 1:00  | 1:45  | 0

    pool    | busy | queue
    clerks  | 3:00 | 4:50
    seniors | 3:00 | 2:00
    """
    office = play(
        """
        cases:
          classes: {request: {share: 0.5}, appeal: {share: 0.5}}
          arrive:
            requests:
              at: [2023-02-06 09:00, 2023-02-06 09:00, 2023-02-06 09:10, 2023-02-06 09:15]
              class: request
            appeals: {at: [2023-02-06 10:30, 2023-02-06 10:45], class: appeal}
        pools: {clerks: {size: 1, on: office}, seniors: {size: 1, on: through}}
        process:
          - choice: kind
            by: class
            options:
              request:
                do:
                  - step: check
                    by: clerks
                    effort: 1 h
                    limit: {within: 2 h, missed: {move-to: seniors}}
              appeal: {do: [{step: appeal, by: seniors, effort: 1 h}]}
        """,
        calendars=f"{OFFICE}\n{THROUGH}",
    )
    hand(office, test_hand_a_missed_limit_moves_waiting_work_to_another_pool.__doc__)


def test_hand_a_missed_limit_makes_waiting_work_urgent():
    """One clerk, urgent cases first. A report takes 2 h; a check (limit 1 h) and a letter half an hour
    each.

    When the report ends at 11:00 the letter has waited longest, but checks 3 and 4 are urgent since 10:30
    and 10:50. Check 5 becomes urgent at 11:20, and so is before the letter at two o'clock.

    case | element | joined       | started      | ended        | missed
    1    | report  | Mon 06 09:00 | Mon 06 09:00 | Mon 06 11:00 | no
    2    | letter  | Mon 06 09:10 | Mon 06 14:30 | Mon 06 15:00 | no
    3    | check   | Mon 06 09:30 | Mon 06 11:00 | Mon 06 11:30 | yes
    4    | check   | Mon 06 09:50 | Mon 06 11:30 | Mon 06 12:00 | yes
    5    | check   | Mon 06 10:20 | Mon 06 14:00 | Mon 06 14:30 | yes

    case | class  | final
    1    | report | report
    2    | letter | letter
    3    | check  | urgent
    4    | check  | urgent
    5    | check  | urgent
    """
    office = play(
        """
        cases:
          classes:
            report: {share: 0.4, priority: 2}
            letter: {share: 0.3, priority: 2}
            check: {share: 0.3, priority: 2}
            urgent: {share: 0, priority: 1}
          arrive:
            reports: {at: [2023-02-06 09:00], class: report}
            letters: {at: [2023-02-06 09:10], class: letter}
            checks: {at: [2023-02-06 09:30, 2023-02-06 09:50, 2023-02-06 10:20], class: check}
        pools: {clerks: {size: 1, on: office, queue: class}}
        process:
          - choice: kind
            by: class
            options:
              report: {do: [{step: report, by: clerks, effort: 2 h}]}
              letter: {do: [{step: letter, by: clerks, effort: 30 min}]}
              else:
                do:
                  - step: check
                    by: clerks
                    effort: 30 min
                    limit: {within: 1 h, missed: {class: urgent}}
        """
    )
    hand(office, test_hand_a_missed_limit_makes_waiting_work_urgent.__doc__)


def test_hand_a_change_of_class_counts_at_once_in_the_same_queue():
    """One clerk, by class: urgent, quick, normal. Checks become urgent after an hour.

    The report ends at 10:15. Normal case 2 is urgent since 10:10, and goes before quick case 3, which becomes
    urgent only at 10:20.

    case | element | joined       | started      | ended        | missed
    1    | report  | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:15 | no
    2    | check   | Mon 06 09:10 | Mon 06 10:15 | Mon 06 10:45 | yes
    3    | check   | Mon 06 09:20 | Mon 06 10:45 | Mon 06 11:15 | yes
    """
    office = play(
        """
        cases:
          classes:
            urgent: {share: 0, priority: 1}
            quick: {share: 0.5, priority: 2}
            normal: {share: 0.4, priority: 3}
            report: {share: 0.1, priority: 4}
          arrive:
            reports: {at: [2023-02-06 09:00], class: report}
            normals: {at: [2023-02-06 09:10], class: normal}
            quicks: {at: [2023-02-06 09:20], class: quick}
        pools: {clerks: {size: 1, on: office, queue: class}}
        process:
          - choice: kind
            by: class
            options:
              report: {do: [{step: report, by: clerks, effort: 75 min}]}
              else:
                do:
                  - step: check
                    by: clerks
                    effort: 30 min
                    limit: {within: 1 h, missed: {class: urgent}}
        """
    )
    hand(office, test_hand_a_change_of_class_counts_at_once_in_the_same_queue.__doc__)


def test_hand_a_change_of_class_counts_at_once_on_the_list_of_a_meeting():
    """One item a day at 9:30, by class. Normal case 1 is urgent from Tuesday 9:00, quick case 2 from 10:00.

    case | element | joined       | started      | ended
    1    | review  | Mon 06 09:00 | Tue 07 09:30 | Tue 07 09:30
    2    | review  | Mon 06 10:00 | Wed 08 09:30 | Wed 08 09:30

    case | class  | final
    1    | normal | urgent
    2    | quick  | urgent
    """
    office = play(
        """
        cases:
          classes:
            urgent: {share: 0, priority: 1}
            quick: {share: 0.5, priority: 2}
            normal: {share: 0.5, priority: 3}
          arrive:
            normals: {at: [2023-02-06 09:00], class: normal}
            quicks: {at: [2023-02-06 10:00], class: quick}
        process:
          - block: handle
            limit: {within: 1 day, missed: {class: urgent}}
            do:
              - batch: review
                on: {dates: [2023-02-07, 2023-02-08], at: "09:30"}
                agenda: 1
                order: class
        """
    )
    hand(office, test_hand_a_change_of_class_counts_at_once_on_the_list_of_a_meeting.__doc__)


def test_hand_a_limit_in_working_days_sleeps_over_the_weekend():
    """One day's limit from Friday 16:00: in elapsed time until Saturday; a working day of 7 h until Monday
    16:00 (2 h on Friday, 5 h on Monday). Both works of 3 h end on Monday at 10:00.

    case | element | joined       | started      | ended        | due          | missed
    1    | quick   | Fri 10 16:00 | Fri 10 16:00 | Mon 13 10:00 | Sat 11 16:00 | yes
    2    | calm    | Fri 10 16:00 | Fri 10 16:00 | Mon 13 10:00 | Mon 13 16:00 | no
    """
    office = play(
        """
        cases:
          classes: {quick: {share: 0.5}, calm: {share: 0.5}}
          arrive:
            quicks: {at: [2023-02-10 16:00], class: quick}
            calms: {at: [2023-02-10 16:00], class: calm}
        pools: {clerks: {size: 2, on: office}}
        process:
          - choice: kind
            by: class
            options:
              quick: {do: [{step: quick, by: clerks, effort: 3 h, limit: 1 day}]}
              calm: {do: [{step: calm, by: clerks, effort: 3 h, limit: 1 working day}]}
        """
    )
    hand(office, test_hand_a_limit_in_working_days_sleeps_over_the_weekend.__doc__)


def test_hand_a_limit_passes_before_patience_in_the_same_second():
    """Both end half an hour after joining: case 2 moves to the senior, who is free, and leaves in that
    second.

    case | element         | joined       | started      | ended        | status
    1    | check           | Mon 06 09:00 | Mon 06 09:00 | Mon 06 11:00 | done
    2    | check           | Mon 06 09:10 | -            | Mon 06 09:40 | moved
    2    | check/escalated | Mon 06 09:40 | -            | Mon 06 09:40 | withdrawn

    pool    | busy | queue
    clerks  | 2:00 | 0:30
    seniors | 0    | 0
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 09:10]}}
        pools: {clerks: {size: 1, on: office}, seniors: {size: 1, on: office}}
        process:
          - step: check
            by: clerks
            effort: 2 h
            patience: 30 min
            limit: {within: 30 min, missed: {move-to: seniors}}
        """
    )
    hand(office, test_hand_a_limit_passes_before_patience_in_the_same_second.__doc__)


def test_hand_a_meeting_in_the_second_of_a_deadline_is_in_time():
    """A block with a limit of one day around a meeting on Tuesday 14:00; missed cases become late ones.

    Case 1 joined a second too early for its limit, case 2 just in time: its meeting comes before its
    deadline.

    limit | case | joined          | ended        | due             | missed
    quick | 1    | Mon 06 13:59:59 | Tue 07 14:00 | Tue 07 13:59:59 | yes
    quick | 2    | Mon 06 14:00    | Tue 07 14:00 | Tue 07 14:00    | no

    case | class  | final
    1    | normal | late
    2    | normal | normal
    """
    office = play(
        """
        cases:
          classes: {normal: {share: 1}, late: {share: 0}}
          arrive: {at: ["2023-02-06 13:59:59", 2023-02-06 14:00]}
        process:
          - block: quick
            limit: {within: 1 day, missed: {class: late}}
            do:
              - batch: review
                on: {dates: [2023-02-07], at: "14:00"}
        """
    )
    hand(office, test_hand_a_meeting_in_the_second_of_a_deadline_is_in_time.__doc__)


def test_hand_the_legal_clock_stops_twice():
    """One clerk. Check, applicant mends for two working days (14 h), recheck, a survey of one day that
    stops the clock, decision; one hour of work each. The legal limit is 3 h 15 min of working time.

    Mending begins on Monday at 10:00 (11:00): 2 h (1 h) and 4 h on Monday, 7 h on Tuesday, so it ends on
    Wednesday at 10:00 (11:00). The survey ends a day after 11:00 (12:00) on Wednesday.

    case | element | joined       | started      | ended
    1    | check   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00
    1    | mends   | Mon 06 10:00 | Mon 06 10:00 | Wed 08 10:00
    1    | recheck | Wed 08 10:00 | Wed 08 10:00 | Wed 08 11:00
    1    | survey  | Wed 08 11:00 | Wed 08 11:00 | Thu 09 11:00
    1    | decide  | Thu 09 11:00 | Thu 09 11:00 | Thu 09 12:00
    2    | check   | Mon 06 09:30 | Mon 06 10:00 | Mon 06 11:00
    2    | mends   | Mon 06 11:00 | Mon 06 11:00 | Wed 08 11:00
    2    | recheck | Wed 08 11:00 | Wed 08 11:00 | Wed 08 12:00
    2    | survey  | Wed 08 12:00 | Wed 08 12:00 | Thu 09 12:00
    2    | decide  | Thu 09 12:00 | Thu 09 14:00 | Thu 09 15:00

    Legal time of case 1: three hours of work; of case 2 also the half hour of waiting in opening hours.
    When the clock runs again on Thursday, case 1 has 1:15 left (11:00 to 12:00, 14:00 to 14:15), case 2
    0:45 (14:00 to 14:45).

    case | legal | applicant | work | touch | queue | off-shift | wait
    1    | 3:00  | 48:00     | 3:00 | 3:00  | 0     | 0         | 72:00
    2    | 3:30  | 48:00     | 3:00 | 3:00  | 0:30  | 2:00      | 72:00

    limit  | case | joined       | ended        | due          | missed
    handle | 1    | Mon 06 09:00 | Thu 09 12:00 | Thu 09 14:15 | no
    handle | 2    | Mon 06 09:30 | Thu 09 15:00 | Thu 09 14:45 | yes
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 09:30]}}
        pools: {clerks: {size: 1, on: office}}
        process:
          - block: handle
            limit: {within: 3.25 working hours, clock: legal}
            do:
              - step: check
                by: clerks
                effort: 1 h
              - wait: mends
                for: 2 working days
                hands: applicant
              - step: recheck
                by: clerks
                effort: 1 h
              - wait: survey
                for: 1 day
                stops-clock: true
              - step: decide
                by: clerks
                effort: 1 h
        """
    )
    hand(office, test_hand_the_legal_clock_stops_twice.__doc__)


def test_hand_the_legal_clock_runs_while_any_branch_is_in_government_hands_and_none_stops_it():
    """Two branches: two hours of work, 9:00 to 11:00, beside a wait from 9:00.

    Beside mending for a day in the applicant's hands the two hours count. Beside a survey of an hour that
    stops the clock only the second of them counts.

    limit  | case | joined       | ended        | missed
    handle | 1    | Mon 06 09:00 | Tue 07 09:00 | no
    handle | 2    | Mon 06 09:00 | Mon 06 11:00 | no

    case | legal | applicant
    1    | 2:00  | 24:00
    2    | 1:00  | 0
    """
    office = play(
        """
        cases:
          classes: {mended: {share: 0.5}, surveyed: {share: 0.5}}
          arrive:
            mended: {at: [2023-02-06 09:00], class: mended}
            surveyed: {at: [2023-02-06 09:00], class: surveyed}
        pools: {clerks: {size: 2, on: office}}
        process:
          - block: handle
            limit: {within: 2 working hours, clock: legal}
            do:
              - parallel: both
                branches:
                  checking: [{step: check, by: clerks, effort: 2 h}]
                  waiting:
                    - choice: kind
                      by: class
                      options:
                        mended: {do: [{wait: mends, for: 1 day, hands: applicant}]}
                        surveyed: {do: [{wait: survey, for: 1 h, stops-clock: true}]}
        """
    )
    hand(
        office,
        test_hand_the_legal_clock_runs_while_any_branch_is_in_government_hands_and_none_stops_it.__doc__,
    )


def test_hand_a_limit_of_a_step_on_the_legal_clock_is_missed_while_waiting():
    """One clerk, three hours of work; a legal limit of two working hours, after which a check goes to the
    senior.

    Case 2 waits from 11:30: half an hour until noon, then from two o'clock, so that its two hours are over
    at 15:30. Case 1 is in work until 14:00 + 1 h.

    case | element         | joined       | started      | ended        | status | due
    1    | check           | Mon 06 10:00 | Mon 06 10:00 | Mon 06 15:00 | done   | Mon 06 12:00
    2    | check           | Mon 06 11:30 | Mon 06 15:00 | Mon 06 18:00 | done   | Mon 06 15:30
    3    | check           | Mon 06 11:45 | -            | Mon 06 15:45 | moved  | Mon 06 15:45
    3    | check/escalated | Mon 06 15:45 | Mon 06 15:45 | Tue 07 09:45 | done   | Mon 06 15:45
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 10:00, 2023-02-06 11:30, 2023-02-06 11:45]}}
        pools: {clerks: {size: 1, on: office}, seniors: {size: 1, on: office}}
        process:
          - step: check
            by: clerks
            effort: 3 h
            limit: {within: 2 working hours, clock: legal, missed: {move-to: seniors}}
        """
    )
    hand(office, test_hand_a_limit_of_a_step_on_the_legal_clock_is_missed_while_waiting.__doc__)
