"""Small offices by hand: places to wait in are few, and who is turned away."""

from tests.offices import hand, play


def test_hand_bounded_room_turns_away_the_last_who_joined():
    """One desk, room for two to wait, one hour each.

    At 9:00 four come in one second. The first is served, so three wait: the last of them in the order of
    cases is turned away. At 10:00 case 1 ends, case 2 starts and case 6 finds room, since room is looked
    at after the dispatch. Case 8 is paused at 18:00; as paused work it takes no room from cases 9 and 10,
    but 11 finds none.

    case | element | joined       | started      | ended        | status
    1    | serve   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 10:00 | done
    2    | serve   | Mon 06 09:00 | Mon 06 10:00 | Mon 06 11:00 | done
    3    | serve   | Mon 06 09:00 | Mon 06 11:00 | Mon 06 12:00 | done
    4    | serve   | Mon 06 09:00 | -            | Mon 06 09:00 | turned_away
    5    | serve   | Mon 06 09:30 | -            | Mon 06 09:30 | turned_away
    6    | serve   | Mon 06 10:00 | Mon 06 14:00 | Mon 06 15:00 | done
    7    | serve   | Mon 06 10:30 | -            | Mon 06 10:30 | turned_away
    8    | serve   | Mon 06 17:30 | Mon 06 17:30 | Tue 07 09:30 | done
    9    | serve   | Mon 06 18:10 | Tue 07 09:30 | Tue 07 10:30 | done
    10   | serve   | Mon 06 18:20 | Tue 07 10:30 | Tue 07 11:30 | done
    11   | serve   | Mon 06 18:30 | -            | Mon 06 18:30 | turned_away

    case | end         | status      | ended
    1    | done        | done        | Mon 06 10:00
    2    | done        | done        | Mon 06 11:00
    3    | done        | done        | Mon 06 12:00
    4    | turned-away | turned-away | Mon 06 09:00
    5    | turned-away | turned-away | Mon 06 09:30
    6    | done        | done        | Mon 06 15:00
    7    | turned-away | turned-away | Mon 06 10:30
    8    | done        | done        | Tue 07 09:30
    9    | done        | done        | Tue 07 10:30
    10   | done        | done        | Tue 07 11:30
    11   | turned-away | turned-away | Mon 06 18:30
    """
    office = play(
        """
        cases:
          arrive:
            at: [2023-02-06 09:00, 2023-02-06 09:00, 2023-02-06 09:00, 2023-02-06 09:00, 2023-02-06 09:30,
                 2023-02-06 10:00, 2023-02-06 10:30, 2023-02-06 17:30, 2023-02-06 18:10, 2023-02-06 18:20,
                 2023-02-06 18:30]
        pools: {desks: {size: 1, on: office, room: 2}}
        process: [{step: serve, by: desks, effort: 1 h}]
        """
    )
    hand(office, test_hand_bounded_room_turns_away_the_last_who_joined.__doc__)


def test_hand_room_belongs_to_the_pool_named_first():
    """A visit names the car before the clerk, a letter the clerk; room for one at each.

    The visit of 9:00 has car and clerk until 11:00. The visit of 9:10 waits for the car, the letter of
    9:20 for the clerk: each takes the one place of its own pool. The visit of 9:30 finds no place. Visit
    2 is paused at noon, and has waited since then: the letter, waiting since 9:20, goes before it at
    14:00.

    case | element | joined       | started      | ended        | status
    1    | visit   | Mon 06 09:00 | Mon 06 09:00 | Mon 06 11:00 | done
    2    | visit   | Mon 06 09:10 | Mon 06 11:00 | Mon 06 16:00 | done
    3    | letter  | Mon 06 09:20 | Mon 06 14:00 | Mon 06 15:00 | done
    4    | visit   | Mon 06 09:30 | -            | Mon 06 09:30 | turned_away
    """
    office = play(
        """
        cases:
          classes: {visit: {share: 0.5}, letter: {share: 0.5}}
          arrive:
            visits: {at: [2023-02-06 09:00, 2023-02-06 09:10, 2023-02-06 09:30], class: visit}
            letters: {at: [2023-02-06 09:20], class: letter}
        pools: {clerks: {size: 1, on: office, room: 1}, cars: {size: 1, on: office, room: 1}}
        process:
          - choice: kind
            by: class
            options:
              visit: {do: [{step: visit, by: [cars, clerks], effort: 2 h}]}
              letter: {do: [{step: letter, by: clerks, effort: 1 h}]}
        """
    )
    hand(office, test_hand_room_belongs_to_the_pool_named_first.__doc__)
