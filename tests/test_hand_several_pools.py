"""Small offices by hand: work that several members of staff do together, or either of two pools."""

from tests.offices import OFFICE, THROUGH, hand, play


def test_hand_several_pools_are_taken_at_one_instant_and_a_blocked_head_blocks_nobody():
    """A visit needs the clerk and the van, a letter the clerk, a delivery the van.

    The delivery has the van from 9:00 to 12:00. The visit of 9:05 takes nothing meanwhile, so the letter
    of 9:10 gets the clerk at once. At two o'clock clerk and van are back, and the visit, which waited
    longest, takes both; the letter of 13:00 waits for its end.

    case | element | joined       | started      | ended        | by
    1    | deliver | Mon 06 09:00 | Mon 06 09:00 | Mon 06 12:00 | vans
    2    | visit   | Mon 06 09:05 | Mon 06 14:00 | Mon 06 16:00 | clerks vans
    3    | letter  | Mon 06 09:10 | Mon 06 09:10 | Mon 06 09:40 | clerks
    4    | letter  | Mon 06 13:00 | Mon 06 16:00 | Mon 06 16:30 | clerks

    The visit counts among those who wait for the pool that it names first.

    pool   | busy | queue
    clerks | 3:00 | 7:55
    vans   | 5:00 | 0
    """
    office = play(
        """
        cases:
          classes: {delivery: {share: 0.3}, visit: {share: 0.3}, letter: {share: 0.4}}
          arrive:
            deliveries: {at: [2023-02-06 09:00], class: delivery}
            visits: {at: [2023-02-06 09:05], class: visit}
            letters: {at: [2023-02-06 09:10, 2023-02-06 13:00], class: letter}
        pools: {clerks: {size: 1, on: office}, vans: {size: 1, on: office}}
        process:
          - choice: kind
            by: class
            options:
              delivery: {do: [{step: deliver, by: vans, effort: 3 h}]}
              visit: {do: [{step: visit, by: [clerks, vans], effort: 2 h}]}
              letter: {do: [{step: letter, by: clerks, effort: 30 min}]}
        """
    )
    hand(
        office,
        test_hand_several_pools_are_taken_at_one_instant_and_a_blocked_head_blocks_nobody.__doc__,
    )


def test_hand_two_units_of_one_pool_are_taken_together_or_not_at_all():
    """Two clerks. A hearing of 1 h needs both, a letter of half an hour one.

    A free clerk is not kept for the hearing: letters 3 and 4 are taken as they come. Only at 10:10 are
    both free.

    case | element | joined       | started      | ended        | by
    1    | letter  | Mon 06 09:00 | Mon 06 09:00 | Mon 06 09:30 | clerks
    2    | hearing | Mon 06 09:10 | Mon 06 10:10 | Mon 06 11:10 | clerks
    3    | letter  | Mon 06 09:20 | Mon 06 09:20 | Mon 06 09:50 | clerks
    4    | letter  | Mon 06 09:40 | Mon 06 09:40 | Mon 06 10:10 | clerks
    5    | letter  | Mon 06 10:20 | Mon 06 11:10 | Mon 06 11:40 | clerks

    pool   | busy | queue
    clerks | 4:00 | 1:50
    """
    office = play(
        """
        cases:
          classes: {letter: {share: 0.5}, hearing: {share: 0.5}}
          arrive:
            letters:
              at: [2023-02-06 09:00, 2023-02-06 09:20, 2023-02-06 09:40, 2023-02-06 10:20]
              class: letter
            hearings: {at: [2023-02-06 09:10], class: hearing}
        pools: {clerks: {size: 2, on: office}}
        process:
          - choice: kind
            by: class
            options:
              letter: {do: [{step: letter, by: clerks, effort: 30 min}]}
              hearing: {do: [{step: hearing, by: {clerks: 2}, effort: 1 h}]}
        """
    )
    hand(office, test_hand_two_units_of_one_pool_are_taken_together_or_not_at_all.__doc__)


def test_hand_any_of_two_pools_takes_the_first_named_that_can():
    """The hall (through lunch) or the desk, one clerk each, one hour. The step names the hall first, the
    file names the desk first: a case that could have either takes the hall.

    Case 3 gets the hall at 10:00, case 4 the desk, which is free since 10:10. Case 5 is served by the
    hall while the desk is at lunch. Case 6 waits for Tuesday; both are closed from 18:00 to 09:00.

    case | element | joined       | started      | ended        | by
    1    | serve   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00 | hall
    2    | serve   | Mon 06 09:10 | Mon 06 09:10 | Mon 06 10:10 | desk
    3    | serve   | Mon 06 09:20 | Mon 06 10:00 | Mon 06 11:00 | hall
    4    | serve   | Mon 06 10:30 | Mon 06 10:30 | Mon 06 11:30 | desk
    5    | serve   | Mon 06 12:30 | Mon 06 12:30 | Mon 06 13:30 | hall
    6    | serve   | Mon 06 12:40 | Mon 06 13:30 | Mon 06 14:30 | hall
    7    | serve   | Mon 06 17:45 | Mon 06 17:45 | Tue 07 09:45 | hall
    8    | serve   | Mon 06 18:30 | Tue 07 09:00 | Tue 07 10:00 | desk

    The desk's lunch is no off-shift time of case 6, since the hall was on shift. Paused case 7 takes the
    hall again on Tuesday at 9:00 and leaves the desk to case 8.

    case | touch | queue | off-shift
    1    | 1:00  | 0     | 0
    2    | 1:00  | 0     | 0
    3    | 1:00  | 0:40  | 0
    4    | 1:00  | 0     | 0
    5    | 1:00  | 0     | 0
    6    | 1:00  | 0:50  | 0
    7    | 1:00  | 0     | 15:00
    8    | 1:00  | 0     | 14:30
    """
    office = play(
        """
        cases:
          arrive:
            at: [2023-02-06 09:00, 2023-02-06 09:10, 2023-02-06 09:20, 2023-02-06 10:30, 2023-02-06 12:30,
                 2023-02-06 12:40, 2023-02-06 17:45, 2023-02-06 18:30]
        pools: {desk: {size: 1, on: office}, hall: {size: 1, on: through}}
        process: [{step: serve, by: {any: [hall, desk]}, effort: 1 h}]
        """,
        calendars=f"{OFFICE}\n{THROUGH}",
    )
    hand(office, test_hand_any_of_two_pools_takes_the_first_named_that_can.__doc__)
