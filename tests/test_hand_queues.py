"""Small offices by hand: who is taken next, and work without length or without effort."""

from tests.offices import THROUGH, hand, play


def test_hand_priority_counts_only_among_those_who_wait_now():
    """One clerk; urgent cases before normal ones; one hour each.

    At 10:00 urgent case 3 goes before normal case 2, at 11:00 urgent case 4, which comes in that very
    second. At 14:00 only normal cases wait: case 2 starts, though an urgent one comes a second later.

    case | class  | arrived         | ended
    1    | normal | Mon 06 09:00    | Mon 06 10:00
    2    | normal | Mon 06 09:10    | Mon 06 15:00
    3    | urgent | Mon 06 09:30    | Mon 06 11:00
    4    | urgent | Mon 06 11:00    | Mon 06 12:00
    5    | normal | Mon 06 12:30    | Mon 06 17:00
    6    | urgent | Mon 06 14:00:01 | Mon 06 16:00

    case | touch | queue   | off-shift
    1    | 1:00  | 0       | 0
    2    | 1:00  | 2:50    | 2:00
    3    | 1:00  | 0:30    | 0
    4    | 1:00  | 0       | 0
    5    | 1:00  | 2:00    | 1:30
    6    | 1:00  | 0:59:59 | 0
    """
    office = play(
        """
        cases:
          classes: {urgent: {share: 0.5, priority: 1}, normal: {share: 0.5, priority: 2}}
          arrive:
            normals: {at: [2023-02-06 09:00, 2023-02-06 09:10, 2023-02-06 12:30], class: normal}
            urgents: {at: [2023-02-06 09:30, 2023-02-06 11:00, "2023-02-06 14:00:01"], class: urgent}
        pools: {clerks: {size: 1, on: office, queue: class}}
        process: [{step: check, by: clerks, effort: 1 h}]
        """
    )
    hand(office, test_hand_priority_counts_only_among_those_who_wait_now.__doc__)


def test_hand_earliest_due_takes_the_nearest_deadline_and_no_deadline_last():
    """One clerk, earliest due first; one hour each. The limits are 2 h, 8 h (on a block) and none.

    At 10:00 wait: letter 2 (no deadline), slow 3 (due 17:10), quick 4 (due 11:30). Quick goes first, then
    slow at 11:00, and the letter, which waited longest, after lunch.

    case | element | joined       | started      | ended        | due          | missed
    1    | slow    | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00 | Mon 06 17:00 | no
    2    | letter  | Mon 06 09:05 | Mon 06 14:00 | Mon 06 15:00 | -            | no
    3    | slow    | Mon 06 09:10 | Mon 06 11:00 | Mon 06 12:00 | Mon 06 17:10 | no
    4    | quick   | Mon 06 09:30 | Mon 06 10:00 | Mon 06 11:00 | Mon 06 11:30 | no

    limit   | case | joined       | ended        | due          | missed
    careful | 1    | Mon 06 09:00 | Mon 06 10:00 | Mon 06 17:00 | no
    careful | 3    | Mon 06 09:10 | Mon 06 12:00 | Mon 06 17:10 | no
    """
    office = play(
        """
        cases:
          classes: {slow: {share: 0.4}, letter: {share: 0.3}, quick: {share: 0.3}}
          arrive:
            slows: {at: [2023-02-06 09:00, 2023-02-06 09:10], class: slow}
            letters: {at: [2023-02-06 09:05], class: letter}
            quicks: {at: [2023-02-06 09:30], class: quick}
        pools: {clerks: {size: 1, on: office, queue: earliest-due}}
        process:
          - choice: kind
            by: class
            options:
              slow: {do: [{block: careful, limit: 8 h, do: [{step: slow, by: clerks, effort: 1 h}]}]}
              letter: {do: [{step: letter, by: clerks, effort: 1 h}]}
              quick: {do: [{step: quick, by: clerks, effort: 1 h, limit: 2 h}]}
        """
    )
    hand(office, test_hand_earliest_due_takes_the_nearest_deadline_and_no_deadline_last.__doc__)


def test_hand_shortest_effort_goes_first():
    """One clerk, shortest effort first: 2 h for a report, half an hour for a note.

    At 11:00 the report of 09:10 and the notes of 09:20 and 10:00 wait; both notes fit in before lunch.

    case | element | joined       | started      | ended
    1    | report  | Mon 06 09:00 | Mon 06 09:00 | Mon 06 11:00
    2    | report  | Mon 06 09:10 | Mon 06 14:00 | Mon 06 16:00
    3    | note    | Mon 06 09:20 | Mon 06 11:00 | Mon 06 11:30
    4    | note    | Mon 06 10:00 | Mon 06 11:30 | Mon 06 12:00
    """
    office = play(
        """
        cases:
          classes: {report: {share: 0.5}, note: {share: 0.5}}
          arrive:
            reports: {at: [2023-02-06 09:00, 2023-02-06 09:10], class: report}
            notes: {at: [2023-02-06 09:20, 2023-02-06 10:00], class: note}
        pools: {clerks: {size: 1, on: office, queue: shortest-effort}}
        process:
          - choice: kind
            by: class
            options:
              report: {do: [{step: report, by: clerks, effort: 2 h}]}
              note: {do: [{step: note, by: clerks, effort: 30 min}]}
        """
    )
    hand(office, test_hand_shortest_effort_goes_first.__doc__)


def test_hand_work_of_no_length_ends_after_the_dispatch_that_started_it():
    """Two clerks; a stamp without effort, then half an hour of checking by the same clerks; three cases
    at 9:00.

    The first dispatch starts the stamps of cases 1 and 2 and has no clerk left for case 3. Both stamps
    end at once; in the next dispatch three heads have waited since 9:00, and case 1's and 2's checks go
    before the stamp of case 3, which is later in the order of cases. So case 3 is stamped at 9:30.

    case | element | joined       | started      | ended
    1    | stamp   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:00
    1    | check   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:30
    2    | stamp   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:00
    2    | check   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:30
    3    | stamp   | Mon 06 09:00 | Mon 06 09:30 | Mon 06 09:30
    3    | check   | Mon 06 09:30 | Mon 06 09:30 | Mon 06 10:00
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 09:00, 2023-02-06 09:00, 2023-02-06 09:00]}}
        pools: {clerks: {size: 2, on: office}}
        process:
          - step: stamp
            by: clerks
            effort: 0 min
          - step: check
            by: clerks
            effort: 30 min
        """
    )
    hand(office, test_hand_work_of_no_length_ends_after_the_dispatch_that_started_it.__doc__)


def test_hand_equal_waiting_is_ordered_by_case_not_by_step():
    """One clerk, three steps in the file, one case at each since 18:30; half an hour each.

    All three have waited since the same second. The streams stand in the order thirds, firsts, seconds,
    and that order of cases goes before the order of the steps in the file.

    case | element | joined       | started      | ended
    1    | third   | Mon 06 18:30 | Tue 07 09:00 | Tue 07 09:30
    2    | first   | Mon 06 18:30 | Tue 07 09:30 | Tue 07 10:00
    3    | second  | Mon 06 18:30 | Tue 07 10:00 | Tue 07 10:30
    """
    office = play(
        """
        cases:
          classes: {first: {share: 0.3}, second: {share: 0.3}, third: {share: 0.4}}
          arrive:
            thirds: {at: [2023-02-06 18:30], class: third}
            firsts: {at: [2023-02-06 18:30], class: first}
            seconds: {at: [2023-02-06 18:30], class: second}
        pools: {clerks: {size: 1, on: office}}
        process:
          - choice: kind
            by: class
            options:
              first: {do: [{step: first, by: clerks, effort: 30 min}]}
              second: {do: [{step: second, by: clerks, effort: 30 min}]}
              third: {do: [{step: third, by: clerks, effort: 30 min}]}
        """
    )
    hand(office, test_hand_equal_waiting_is_ordered_by_case_not_by_step.__doc__)


def test_hand_work_without_effort_ends_after_all_staff_are_given_out():
    """One clerk, urgent cases first, and a registrar whose entries take no time.

    At 10:00 the clerk is free for case 2, and the registrar for case 1, in the same second. The entry takes
    no time, but case 1 comes back only then: the clerk has taken case 2, though case 1 is urgent.

    case | element | joined       | started      | ended
    1    | check   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00
    1    | enter   | Mon 06 10:00 | Mon 06 10:00 | Mon 06 10:00
    1    | sign    | Mon 06 10:00 | Mon 06 11:00 | Mon 06 12:00
    2    | check   | Mon 06 09:10 | Mon 06 10:00 | Mon 06 11:00
    2    | enter   | Mon 06 11:00 | Mon 06 11:00 | Mon 06 11:00
    2    | sign    | Mon 06 11:00 | Mon 06 12:00 | Mon 06 13:00
    """
    office = play(
        """
        cases:
          classes: {urgent: {share: 0.5, priority: 1}, normal: {share: 0.5, priority: 2}}
          arrive:
            urgents: {at: [2023-02-06 09:00], class: urgent}
            normals: {at: [2023-02-06 09:10], class: normal}
        pools: {clerks: {size: 1, on: through, queue: class}, registrar: {size: 1, on: through}}
        process:
          - {step: check, by: clerks, effort: 1 h}
          - {step: enter, by: registrar, effort: 0 s}
          - {step: sign, by: clerks, effort: 1 h}
        """,
        calendars=THROUGH,
    )
    hand(office, test_hand_work_without_effort_ends_after_all_staff_are_given_out.__doc__)
