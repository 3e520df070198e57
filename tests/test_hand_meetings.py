"""Small offices by hand: meetings with dates, agendas and staff."""

import pytest

from tests.offices import THROUGH, hand, play


def test_hand_a_meeting_every_second_tuesday_with_an_agenda_of_three():
    """Tuesdays 7 and 21 February, 14:00, without staff or effort.

    Four wait at 14:00 on the 7th, so the last of them goes on to the 21st. There the agenda has a place
    left, but case 6 arrives in the very second of the meeting, and arrivals come after meetings: 7 March.

    case | element | joined          | started      | ended        | meeting
    1    | review  | Mon 06 09:00    | Tue 07 14:00 | Tue 07 14:00 | 0
    2    | review  | Mon 06 10:00    | Tue 07 14:00 | Tue 07 14:00 | 0
    3    | review  | Mon 06 11:00    | Tue 07 14:00 | Tue 07 14:00 | 0
    4    | review  | Tue 07 13:59:59 | Tue 21 14:00 | Tue 21 14:00 | 1
    5    | review  | Mon 13 09:00    | Tue 21 14:00 | Tue 21 14:00 | 1
    6    | review  | Tue 21 14:00    | Tue 07 14:00 | Tue 07 14:00 | 2

    meeting | number | planned      | started      | ended        | taken
    review  | 0      | Tue 07 14:00 | Tue 07 14:00 | Tue 07 14:00 | 3
    review  | 1      | Tue 21 14:00 | Tue 21 14:00 | Tue 21 14:00 | 2
    review  | 2      | Tue 07 14:00 | Tue 07 14:00 | Tue 07 14:00 | 1

    case | batch     | touch | queue
    1    | 29:00     | 0     | 0
    2    | 28:00     | 0     | 0
    3    | 27:00     | 0     | 0
    4    | 336:00:01 | 0     | 0
    5    | 197:00    | 0     | 0
    6    | 336:00    | 0     | 0
    """
    office = play(
        """
        cases:
          arrive:
            at: [2023-02-06 09:00, 2023-02-06 10:00, 2023-02-06 11:00, "2023-02-07 13:59:59",
                 2023-02-13 09:00, 2023-02-21 14:00]
        process:
          - batch: review
            on: {every: 2 weeks, weekday: tue, at: "14:00"}
            agenda: 3
        """
    )
    hand(office, test_hand_a_meeting_every_second_tuesday_with_an_agenda_of_three.__doc__)


def test_hand_what_ends_in_the_second_of_a_meeting_is_in():
    """Work and waits that end at 14:00 come before the meeting of 14:00.

    Case 3 arrives at 14:00 and has a stamp of no length before it: too late. The next date is Thursday.

    case | element | joined       | started      | ended        | status
    1    | prepare | Tue 07 13:00 | Tue 07 13:00 | Tue 07 14:00 | done
    1    | review  | Tue 07 14:00 | Tue 07 14:00 | Tue 07 14:00 | done
    2    | cool    | Tue 07 13:00 | Tue 07 13:00 | Tue 07 14:00 | done
    2    | review  | Tue 07 14:00 | Tue 07 14:00 | Tue 07 14:00 | done
    3    | stamp   | Tue 07 14:00 | Tue 07 14:00 | Tue 07 14:00 | done
    3    | review  | Tue 07 14:00 | Thu 09 14:00 | Thu 09 14:00 | done
    """
    office = play(
        """
        cases:
          classes: {work: {share: 0.3}, rest: {share: 0.3}, direct: {share: 0.4}}
          arrive:
            works: {at: [2023-02-07 13:00], class: work}
            rests: {at: [2023-02-07 13:00], class: rest}
            directs: {at: [2023-02-07 14:00], class: direct}
        pools: {clerks: {size: 2, on: through}}
        process:
          - choice: kind
            by: class
            options:
              work: {do: [{step: prepare, by: clerks, effort: 1 h}]}
              rest: {do: [{wait: cool, for: 1 h}]}
              direct: {do: [{step: stamp, by: clerks, effort: 0 min}]}
          - batch: review
            on: {dates: [2023-02-07, 2023-02-09], at: "14:00"}
        """,
        calendars=THROUGH,
    )
    hand(office, test_hand_what_ends_in_the_second_of_a_meeting_is_in.__doc__)


def test_hand_a_meeting_goes_before_all_waiting_work_and_finishes_first():
    """One board member; three items of 20 min each on Tuesday 7 at 11:00; letters take half an hour.

    At 11:00 the member is busy until 11:15. The meeting then goes before letter 5, which has waited since
    10:50. It lasts an hour, a quarter of it into lunch: overtime. The letter follows at two o'clock.

    case | element | joined       | started      | ended        | effort | served
    1    | review  | Mon 06 09:00 | Tue 07 11:15 | Tue 07 12:15 | 0:20   | 1:00
    2    | review  | Mon 06 09:10 | Tue 07 11:15 | Tue 07 12:15 | 0:20   | 1:00
    3    | review  | Mon 06 09:20 | Tue 07 11:15 | Tue 07 12:15 | 0:20   | 1:00
    4    | letter  | Tue 07 10:45 | Tue 07 10:45 | Tue 07 11:15 | 0:30   | 0:30
    5    | letter  | Tue 07 10:50 | Tue 07 14:00 | Tue 07 14:30 | 0:30   | 0:30

    meeting | number | planned      | started      | ended        | taken
    review  | 0      | Tue 07 11:00 | Tue 07 11:15 | Tue 07 12:15 | 3

    case | touch | queue | off-shift | batch
    1    | 1:00  | 0     | 0         | 26:15
    2    | 1:00  | 0     | 0         | 26:05
    3    | 1:00  | 0     | 0         | 25:55
    4    | 0:30  | 0     | 0         | 0
    5    | 0:30  | 1:10  | 2:00      | 0

    pool  | busy | excess | queue
    board | 1:45 | 0:15   | 3:10
    """
    office = play(
        """
        cases:
          classes: {item: {share: 0.5}, letter: {share: 0.5}}
          arrive:
            items: {at: [2023-02-06 09:00, 2023-02-06 09:10, 2023-02-06 09:20], class: item}
            letters: {at: [2023-02-07 10:45, 2023-02-07 10:50], class: letter}
        pools: {board: {size: 1, on: office}}
        process:
          - choice: kind
            by: class
            options:
              item:
                do:
                  - batch: review
                    on: {dates: [2023-02-07], at: "11:00"}
                    attend: {board: 1}
                    effort: {each: 20 min}
              letter: {do: [{step: letter, by: board, effort: 30 min}]}
        """
    )
    hand(office, test_hand_a_meeting_goes_before_all_waiting_work_and_finishes_first.__doc__)


def test_hand_a_meeting_waits_until_all_who_attend_are_free():
    """Board and experts, one each; a meeting of one hour in all, planned for Tuesday 17:30.

    The expert is busy until 17:45, so the meeting runs from 17:45 to 18:45, three quarters in overtime
    for both.

    case | element | joined       | started      | ended        | served
    1    | review  | Mon 06 09:00 | Tue 07 17:45 | Tue 07 18:45 | 1:00
    2    | opinion | Tue 07 17:15 | Tue 07 17:15 | Tue 07 17:45 | 0:30

    pool    | busy | excess
    board   | 0:15 | 0:45
    experts | 0:45 | 0:45
    """
    office = play(
        """
        cases:
          classes: {item: {share: 0.5}, question: {share: 0.5}}
          arrive:
            items: {at: [2023-02-06 09:00], class: item}
            questions: {at: [2023-02-07 17:15], class: question}
        pools: {board: {size: 1, on: office}, experts: {size: 1, on: office}}
        process:
          - choice: kind
            by: class
            options:
              item:
                do:
                  - batch: review
                    on: {dates: [2023-02-07], at: "17:30"}
                    attend: [board, experts]
                    effort: {whole: 1 h}
              question: {do: [{step: opinion, by: experts, effort: 30 min}]}
        """
    )
    hand(office, test_hand_a_meeting_waits_until_all_who_attend_are_free.__doc__)


def test_hand_an_agenda_in_minutes_takes_what_fits():
    """An hour on every working day at 14:00; 25 min for each item: two fit, the third would make 75.

    The third of Friday waits for Monday. Efforts of all on the agenda add up to the meeting's length.

    case | element | joined       | started      | ended        | effort
    1    | review  | Fri 10 09:00 | Fri 10 14:00 | Fri 10 14:50 | 0:25
    2    | review  | Fri 10 09:10 | Fri 10 14:00 | Fri 10 14:50 | 0:25
    3    | review  | Fri 10 09:20 | Mon 13 14:00 | Mon 13 14:25 | 0:25
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-10 09:00, 2023-02-10 09:10, 2023-02-10 09:20]}}
        process:
          - batch: review
            on: {every: 1 working day, at: "14:00"}
            agenda: {minutes: 60}
            effort: {each: 25 min}
        """
    )
    hand(office, test_hand_an_agenda_in_minutes_takes_what_fits.__doc__)


def test_hand_one_item_alone_fits_any_agenda():
    """An agenda of 20 min and items of 25 min: one at each meeting.

    case | element | joined       | started      | ended
    1    | review  | Fri 10 09:00 | Fri 10 14:00 | Fri 10 14:25
    2    | review  | Fri 10 09:10 | Mon 13 14:00 | Mon 13 14:25
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-10 09:00, 2023-02-10 09:10]}}
        process:
          - batch: review
            on: {every: 1 working day, at: "14:00"}
            agenda: {minutes: 20}
            effort: {each: 25 min}
        """
    )
    hand(office, test_hand_one_item_alone_fits_any_agenda.__doc__)


def test_hand_a_cut_off_keeps_late_cases_for_the_next_date():
    """Cut-off one day before 14:00 on Tuesday: joined at 14:00 on Monday is in time, a second later not.

    case | element | joined          | started      | meeting
    1    | review  | Mon 06 14:00    | Tue 07 14:00 | 0
    2    | review  | Mon 06 14:00:01 | Thu 09 14:00 | 1
    """
    office = play(
        """
        cases: {arrive: {at: [2023-02-06 14:00, "2023-02-06 14:00:01"]}}
        process:
          - batch: review
            on: {dates: [2023-02-07, 2023-02-09], at: "14:00"}
            cut-off: 1 day
        """
    )
    hand(office, test_hand_a_cut_off_keeps_late_cases_for_the_next_date.__doc__)


def test_hand_an_agenda_in_order_of_class():
    """One item a meeting, urgent ones first.

    case | element | joined       | started      | meeting
    1    | review  | Mon 06 09:00 | Thu 09 14:00 | 1
    2    | review  | Mon 06 10:00 | Tue 07 14:00 | 0
    """
    office = play(
        """
        cases:
          classes: {normal: {share: 0.5, priority: 2}, urgent: {share: 0.5, priority: 1}}
          arrive:
            normals: {at: [2023-02-06 09:00], class: normal}
            urgents: {at: [2023-02-06 10:00], class: urgent}
        process:
          - batch: review
            on: {dates: [2023-02-07, 2023-02-09], at: "14:00"}
            agenda: 1
            order: class
        """
    )
    hand(office, test_hand_an_agenda_in_order_of_class.__doc__)


@pytest.mark.parametrize(
    ("on", "first"),
    [
        ("month-days: [1]", "Thu 04 10:00"),  # Monday 1 May is a holiday, and so are 2 and 3 May
        ("month-days: [6]", "Sat 06 10:00"),  # a make-up Saturday is a working day
        ("every: 1 week, weekday: mon", "Thu 04 10:00"),
        ("dates: [2023-04-29, 2023-04-30]", "Thu 04 10:00"),  # both move there and are one meeting
        ("every: 1 working day", "Thu 04 10:00"),
        ("every: 1 working day, from: 2023-05-05", "Fri 05 10:00"),
    ],
)
def test_hand_a_date_that_is_no_working_day_moves_to_the_next(on, first):
    """A case that waits since the evening of Friday 28 April 2023, before Labour Day."""
    office = play(
        f"""
        cases: {{arrive: {{at: [2023-04-28 18:30]}}}}
        process: [{{batch: review, on: {{{on}, at: "10:00"}}}}]
        """,
        run_for="start: 2023-04-24, warm-up: 0 days, window: 3 weeks, follow-for: 1 week",
        calendars='office: {region: CN, open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}',
    )
    meetings = list(office.rows("meeting", False))
    assert [m["planned"] for m in meetings] == [first]


def review_beside_a_deadline(attend, arrivals):
    """A review on Tuesday 7 at 14:00, beside a day after which an unreviewed case is refused."""
    return play(
        f"""
        cases:
          classes: {{item: {{share: 0.5}}, letter: {{share: 0.5}}}}
          arrive:
            {arrivals}
        pools: {{board: {{size: 1, on: through}}}}
        process:
          - choice: kind
            by: class
            options:
              item:
                do:
                  - parallel: race
                    branches:
                      review:
                        - batch: review
                          on: {{dates: [2023-02-07], at: "14:00"}}
                          {attend}
                          effort: {{each: 1 h}}
                        - end: reviewed
                      deadline:
                        - wait: deadline
                          for: 1 day
                        - end: refused
                          status: refused
              letter: {{do: [{{step: letter, by: board, effort: 1 h}}]}}
        """,
        calendars=THROUGH,
    )


def test_hand_a_meeting_left_without_items_is_not_held():
    """The board member is busy until 14:30; the only item is refused at 14:15. Letter 3 follows at 14:30.

    case | element  | joined       | started      | ended        | status
    1    | review   | Mon 06 14:15 | -            | Tue 07 14:15 | cancelled
    1    | deadline | Mon 06 14:15 | Mon 06 14:15 | Tue 07 14:15 | done
    2    | letter   | Tue 07 13:30 | Tue 07 13:30 | Tue 07 14:30 | done
    3    | letter   | Tue 07 14:10 | Tue 07 14:30 | Tue 07 15:30 | done

    meeting | number | planned      | started      | ended        | taken
    """
    office = review_beside_a_deadline(
        "attend: {board: 1}",
        """
            items: {at: [2023-02-06 14:15], class: item}
            letters: {at: [2023-02-07 13:30, 2023-02-07 14:10], class: letter}
        """,
    )
    hand(office, test_hand_a_meeting_left_without_items_is_not_held.__doc__)


def test_hand_a_meeting_goes_on_when_one_of_its_cases_ends_elsewhere():
    """Two items of one hour each, 14:00 to 16:00; case 1 is refused at 14:30, in the middle.

    case | element  | joined       | started      | ended        | served | status
    1    | review   | Mon 06 14:30 | Tue 07 14:00 | Tue 07 14:30 | 0:30   | cancelled
    1    | deadline | Mon 06 14:30 | Mon 06 14:30 | Tue 07 14:30 | 0      | done
    2    | review   | Tue 07 09:00 | Tue 07 14:00 | Tue 07 16:00 | 2:00   | done
    2    | deadline | Tue 07 09:00 | Tue 07 09:00 | Tue 07 16:00 | 0      | cancelled

    meeting | number | planned      | started      | ended        | taken
    review  | 0      | Tue 07 14:00 | Tue 07 14:00 | Tue 07 16:00 | 2

    case | end      | status
    1    | refused  | refused
    2    | reviewed | done
    """
    office = review_beside_a_deadline(
        "attend: {board: 1}", "items: {at: [2023-02-06 14:30, 2023-02-07 09:00], class: item}"
    )
    hand(office, test_hand_a_meeting_goes_on_when_one_of_its_cases_ends_elsewhere.__doc__)
