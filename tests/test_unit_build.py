"""What nodes the network of a small scenario must have, worked out by hand."""

from __future__ import annotations

from sim.network.elements import ChoiceBy, EndStatus, Kind, LimitClock
from tests.desk import DAY, HOUR, network, step, ways


def test_a_sequence_ends_in_the_implicit_end() -> None:
    made = network(f"  - mark: in\n  - {step('check')}\n  - {{wait: post, for: 1 days}}\n")
    assert ways(made) == [
        ("in", "check", []),
        ("check", "post", []),
        ("post", "done", []),
        ("done", "", []),
        ("withdrawn", "", []),
        ("turned-away", "", []),
    ]
    assert [made.nodes[i].end_status for i in (3, made.withdrawn, made.turned_away)] == [
        EndStatus.DONE,
        EndStatus.WITHDRAWN,
        EndStatus.TURNED_AWAY,
    ]
    assert [node.index for node in made.nodes] == list(range(6))


def test_a_choice_leads_into_its_options_and_out_of_those_that_do_not_end() -> None:
    made = network(
        f"""
  - choice: way
    options:
      short: {{share: 0.25, do: []}}
      long: {{share: 0.25, do: [{step("read")}, {step("write")}]}}
      no: {{share: rest, do: [{{end: refused, status: refused}}]}}
  - {step("close")}
"""
    )
    assert ways(made)[:5] == [
        ("way", "", ["close", "read", "refused"]),
        ("read", "write", []),
        ("write", "close", []),
        ("refused", "", []),
        ("close", "done", []),
    ]
    choice = made.node("way")
    assert choice.shares == (0.25, 0.5, 1.0)
    assert choice.branches == ("short", "long", "no")
    assert made.node("refused").end_status is EndStatus.REFUSED


def test_choices_by_class_and_by_attribute() -> None:
    cases = """
cases:
  classes: {question: {share: 0.6, priority: 3, attributes: {size: small}}, request: {share: rest}}
  attributes: {size: {small: 0.7, large: 0.3}}
  arrive: {count: 400, per: 4 weeks, during: office}
"""
    made = network(
        f"""
  - choice: kind
    by: class
    options: {{request: {{do: [{step("open")}]}}, else: {{do: []}}}}
  - choice: bulk
    by: size
    options: {{small: {{do: []}}, large: {{do: [{step("carry")}]}}}}
""",
        cases,
    )
    assert ways(made)[0] == ("kind", "", ["bulk", "open"])  # by class: question, request
    assert ways(made)[2] == ("bulk", "", ["done", "carry"])
    assert made.node("bulk").by is ChoiceBy.ATTRIBUTE
    assert made.node("bulk").attribute == 0
    assert [(c.name, c.priority, c.attributes) for c in made.classes] == [
        ("question", 3, (0,)),
        ("request", 2, (-1,)),
    ]
    assert made.attributes[0].shares == (0.7, 1.0)


def test_parallel_branches_each_have_a_join_and_the_fork_knows_what_follows() -> None:
    made = network(
        f"""
  - parallel: opinions
    branches:
      fire: [{step("look")}, {step("write")}]
      water: [{{wait: letter, for: 3 days}}]
  - {step("decide")}
"""
    )
    assert ways(made)[:6] == [
        ("opinions", "decide", ["look", "letter"]),
        ("look", "write", []),
        ("write", "opinions/fire", []),
        ("opinions/fire", "decide", []),
        ("letter", "opinions/water", []),
        ("opinions/water", "decide", []),
    ]
    assert [n.fork for n in made.nodes if n.kind is Kind.JOIN] == [0, 0]


def test_a_repeat_is_do_then_loop_then_redo_which_leads_back_to_do() -> None:
    made = network(
        f"""
  - repeat: supplement
    do: [{step("review")}, {step("note")}]
    again: 0.3
    at-most: 4
    redo: [{{wait: mend, for: 1 days}}]
  - {step("close")}
"""
    )
    assert ways(made)[:5] == [
        ("review", "note", []),
        ("note", "supplement", []),
        ("supplement", "close", ["mend"]),
        ("mend", "review", []),
        ("close", "done", []),
    ]
    loop = made.node("supplement")
    assert (loop.again, loop.cap) == (0.3, 4)


def test_a_repeat_without_redo_leads_back_to_do() -> None:
    made = network(f"  - {{repeat: again, do: [{step('try')}], again: 0.5, at-most: 2}}\n")
    assert ways(made)[1] == ("again", "done", ["try"])


def test_blocks_that_hold_or_limit_have_nodes_and_plain_ones_have_none() -> None:
    made = network(
        f"""
  - block: outer
    hold: seniors
    do:
      - {step("read")}
      - block: inner
        limit: 3 working days
        do: [{step("write")}]
      - block: plain
        do: [{step("sign")}]
  - {step("post")}
"""
    )
    assert [n.name for n in made.nodes][:8] == [
        "outer", "read", "inner", "write", "inner/end", "sign", "outer/end", "post",
    ]  # fmt: skip
    assert [made.node(n).blocks for n in ("read", "write", "inner/end", "post")] == [(0,), (0, 2), (0,), ()]
    assert made.node("outer").hold == 1
    assert made.node("inner/end").block == 2
    limit = made.node("inner").limit
    assert limit is not None
    assert (limit.seconds, limit.clock, limit.calendar) == (3 * 7 * HOUR, LimitClock.WORKING_TIME, 0)


def test_a_missed_limit_that_moves_makes_a_hidden_step_right_behind() -> None:
    made = network(
        """
  - step: check
    by: clerks
    effort: 10 min
    limit: {within: 2 days, missed: {move-to: seniors, class: urgent}}
  - {wait: post, for: 1 days}
""",
        """
cases:
  classes: {plain: {share: 1}, urgent: {share: 0}}
  arrive: {count: 400, per: 4 weeks, during: office}
""",
    )
    assert ways(made)[:3] == [("check", "post", []), ("check/escalated", "post", []), ("post", "done", [])]
    limit = made.node("check").limit
    assert limit is not None
    assert (limit.escalate_to, limit.new_class, limit.clock) == (1, 1, LimitClock.ELAPSED)
    hidden = made.node("check/escalated")
    assert hidden.needs[0].pools == (1,)
    assert hidden.parts == made.node("check").parts
    assert hidden.escalated_from == 0


def test_who_works_several_at_once_or_any_of_several() -> None:
    made = network(
        """
  - {step: both, by: [clerks, seniors], effort: 1 min}
  - {step: two, by: {clerks: 2, seniors: 1}, effort: 1 min}
  - {step: either, by: {any: [seniors, clerks]}, effort: 1 min}
"""
    )
    needs = [[(n.pools, n.units) for n in made.nodes[i].needs] for i in range(3)]
    assert needs == [[((0, 1), (1, 1))], [((0, 1), (2, 1))], [((1,), (1,)), ((0,), (1,))]]


def test_counters_are_those_of_cases_and_elements_in_file_order() -> None:
    made = network(
        "  - {step: check, by: clerks, effort: 1 min, counts: {visits: 1}}\n"
        "  - {wait: post, for: 1 days, counts: {papers: 2, visits: 3}}\n",
        "cases: {counts: {papers: 312}, arrive: {count: 1, per: 4 weeks}}\n",
    )
    assert made.counters == ("papers", "visits")
    assert made.case_counts == (312, 0)
    assert [made.node(n).counts for n in ("check", "post", "done")] == [(0, 1), (2, 3), (0, 0)]


def test_patience_of_cases_holds_for_steps_that_do_not_say_otherwise() -> None:
    made = network(
        "  - {step: one, by: clerks, effort: 1 min}\n"
        "  - {step: two, by: clerks, effort: 1 min, patience: none}\n"
        "  - {step: three, by: clerks, effort: 1 min, patience: 2 days}\n",
        "cases: {patience: 1 days, arrive: {count: 1, per: 4 weeks}}\n",
    )
    patience = [made.nodes[i].patience for i in range(3)]
    assert [None if law is None else law.params for law in patience] == [(DAY,), None, (2 * DAY,)]
