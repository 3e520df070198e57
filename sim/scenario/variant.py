"""Makes variants of a scenario: before, after, any subset of the levers, under any reading.

``variant(scenario, levers=..., context=..., reading=...)`` applies the edits of the reading, of the context
and of the levers, each as a pass of its own, then what the user sets, and validates the tree as a whole.
``check_levers`` tries the combinations when a file is loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, Problem, ScenarioError
from sim.scenario.bind import bind_numbers, numbers
from sim.scenario.check_cases import check_cases
from sim.scenario.check_claims import check_claims
from sim.scenario.check_names import check_names
from sim.scenario.check_process import check_process
from sim.scenario.checks import check_all
from sim.scenario.edits import apply
from sim.scenario.edits_find import clone
from sim.scenario.edits_names import changes, changes_of, names_of
from sim.scenario.edits_work import Change
from sim.scenario.expand import expand
from sim.scenario.fields import Checking, near
from sim.scenario.model import ScenarioModel
from sim.scenario.numbers import Assume, Dial, Unknown
from sim.scenario.positions import Map, places
from sim.scenario.sets import set_all
from sim.scenario.subsets import combinations_to_check, double_sets

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

#: Name of the one reading of a scenario that states none.
STATED = "stated"


@dataclass(frozen=True)
class Variant:
    """One variant: the service as it is with some of the levers, validated.

    Attributes
    ----------
    scenario : the scenario that it is a variant of.
    name : before, after, or what it consists of.
    levers : of the reform, in file order.
    context : whether documented changes that are not the reform are in.
    reading : name of the reading.
    sets : (path, value as text) that the user set.
    raw, model : the edited tree without for-each, reform, context and readings, and its model.
    """

    scenario: Scenario = field(repr=False)
    name: str
    levers: tuple[str, ...]
    context: bool
    reading: str
    sets: tuple[tuple[str, str], ...]
    raw: Any = field(repr=False)
    model: ScenarioModel = field(repr=False)

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Assumptions and dials that this variant depends on, each once."""
        return _unknowns([self.model])


def variant(
    scenario: Scenario,
    *,
    levers: Collection[str] = (),
    context: bool = False,
    reading: str | None = None,
    sets: Mapping[str, Any] | None = None,
) -> Variant:
    """Return a variant of a scenario.

    Parameters
    ----------
    levers : names of the levers that are in.
    context : whether the context is in.
    reading : name of a reading; None for the headline, which is the first.
    sets : path -> new value, as in ``check-papers.effort``: ``30 min``; applied last.

    Raises
    ------
    InputError
        If there is no such lever, reading or path.
    ScenarioError
        If the edits do not give a valid model.
    """
    return _made(_Base(scenario, _reading(scenario, reading)), levers, context, sets)


def _made(
    base: _Base, levers: Collection[str], context: bool = False, sets: Mapping[str, Any] | None = None
) -> Variant:
    unknown = [name for name in levers if name not in base.levers]
    if unknown and unknown[0] in base.adopted:
        raise InputError(
            f"the reading `{base.reading}` takes the lever `{unknown[0]}` as part of the service before."
        )
    if unknown:
        raise InputError(f"there is no lever `{unknown[0]}`. {near(unknown[0], base.levers, 'levers')}")
    chosen = tuple(name for name in base.levers if name in levers)
    wanted = tuple((str(path), value) for path, value in (sets or {}).items())
    tree, problems = base.edited(chosen, context)
    if not problems and wanted:
        set_all(tree, wanted)
    model, more = base.examine(tree)
    if problems or more:
        raise ScenarioError(problems or more)
    name = _name(base, chosen, context, wanted)
    shown = tuple((path, str(value)) for path, value in wanted)
    return Variant(base.scenario, name, chosen, context, base.reading, shown, tree, model)


class Subsets:
    """Variants of one reading by subset of the levers, made in numbers: what they share is made once.

    Numbers and hours are not checked again: edits leave them as they are or multiply them, and loading the
    file has checked them without and with all levers.
    """

    def __init__(self, scenario: Scenario, reading: str) -> None:
        self._scenario = scenario
        self._base = _Base(scenario, _reading(scenario, reading))

    def make(self, levers: Collection[str], context: bool) -> Variant:
        """Return the variant with some levers.

        Raises
        ------
        ScenarioError
            If the edits do not give a valid model.
        """
        base = self._base
        chosen = tuple(name for name in base.levers if name in levers)
        tree, problems = base.edited(chosen, context)
        model, more = base.examine(tree, numbers_too=False)
        if problems or more:
            raise ScenarioError(problems or more)
        name = _name(base, chosen, context, ())
        return Variant(self._scenario, name, chosen, context, base.reading, (), tree, model)


def before(scenario: Scenario, reading: str | None = None, sets: Mapping[str, Any] | None = None) -> Variant:
    """Return the service before the reform."""
    return variant(scenario, reading=reading, sets=sets)


def after(scenario: Scenario, reading: str | None = None, sets: Mapping[str, Any] | None = None) -> Variant:
    """Return the service with the context and all levers of a reading."""
    base = _Base(scenario, _reading(scenario, reading))
    return _made(base, base.levers, True, sets)


def before_and_after(scenario: Scenario, reading: str | None = None) -> tuple[Variant, Variant]:
    """Return both sides of the reform, with less work than one after the other."""
    base = _Base(scenario, _reading(scenario, reading))
    return _made(base, ()), _made(base, base.levers, True)


def reading_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the readings, the headline first; ``stated`` where the scenario has none of its own."""
    return tuple(str(r.name) for r in scenario.readings) or (STATED,)


def lever_names(scenario: Scenario, reading: str | None = None) -> tuple[str, ...]:
    """Return the levers that a reading leaves to the reform, in file order."""
    return _Base(scenario, _reading(scenario, reading)).levers


def unknowns(scenario: Scenario, reading: str | None = None) -> tuple[Unknown, ...]:
    """Return every assumption and dial of a reading, each once, in file order.

    Those of before, of after, and of each lever alone (another may take away what it brings). A reading
    may give an unknown another range: its name stays, so readings are not mixed here.
    """
    base = _Base(scenario, _reading(scenario, reading))
    whole = bool(base.context_edits)
    chosen: list[tuple[tuple[str, ...], bool]] = [((), False), ((), whole), (base.levers, True)]
    chosen += [((name,), whole) for name in base.levers]
    trees = [base.edited(levers, context)[0] for levers, context in dict.fromkeys(chosen)]
    return _unknowns([base.examine(tree)[0] for tree in trees])


def unknown_values(scenario: Scenario, reading: str | None = None) -> dict[str, float]:
    """Return the likeliest value of every unknown of a reading by name, in its own unit."""
    return {unknown.name: unknown.likely for unknown in unknowns(scenario, reading)}


def _unknowns(models: Iterable[ScenarioModel]) -> tuple[Unknown, ...]:
    found: dict[str, tuple[Any, Unknown]] = {}
    for model in models:
        for number in numbers(model):
            if isinstance(number, (Assume, Dial)):
                unknown = number.unknown()
                found.setdefault(unknown.name, (number.mark, unknown))
    return tuple(unknown for _, unknown in sorted(found.values(), key=lambda pair: pair[0]))


@dataclass(frozen=True)
class LeverTrees:
    """The edited trees of one reading, to be compared: what each change does by itself.

    Attributes
    ----------
    before, after : without and with the context and all levers.
    context : with the context alone.
    levers : by name, with the context and that lever.
    changes : the edits of the context, then of the levers, each with its owner.
    """

    before: Any = field(repr=False)
    after: Any = field(repr=False)
    context: Any = field(repr=False)
    levers: Mapping[str, Any] = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)


def lever_trees(scenario: Scenario, reading: str | None = None) -> LeverTrees:
    """Return the trees of before, after and each lever alone; none is checked again."""
    base = _Base(scenario, _reading(scenario, reading))

    def tree(levers: Collection[str], context: bool) -> Any:
        return base.edited(levers, context)[0]

    return LeverTrees(
        before=tree((), False),
        after=tree(base.levers, True),
        context=tree((), True),
        levers={name: tree((name,), True) for name in base.levers},
        changes=(*base.context_edits, *base.lever_edits),
    )


def check_levers(scenario: Scenario, *, thorough: bool = False) -> list[Problem]:
    """Return what is wrong with the edits of a scenario whose base is valid.

    Names, two sets of one field, and the model that each combination of levers gives.

    Parameters
    ----------
    thorough : all subsets of up to 8 levers; above, all pairs, their complements and 200 random
        subsets, for every reading. Else none, each alone and all for the headline, and before and
        after for the other readings.
    """
    found: dict[tuple[int, int, str], Problem] = {}
    headline, *_ = reading_names(scenario)
    for reading in reading_names(scenario):
        base = _Base(scenario, reading)
        double = [
            problem
            for edits in (base.context_edits, base.lever_edits)
            for problem in double_sets(base.tree, edits, base.file)
        ]
        for problem in [*base.problems, *double]:
            found.setdefault((problem.line, problem.column, problem.what), problem)
        if found:
            break
        combinations = combinations_to_check(base.levers, bool(base.context_edits), thorough=thorough)
        if reading != headline and not thorough:
            combinations = iter([((), False), (base.levers, True)])
        for chosen, context in combinations:
            tree, problems = base.edited(chosen, context)
            if not problems:
                # Edits leave numbers as they are or multiply them: wrong ones show with all levers.
                problems = base.examine(tree, numbers_too=chosen in ((), base.levers))[1]
            for problem in problems:
                key = (problem.line, problem.column, problem.what)
                if key not in found:
                    found[key] = _told(problem, base, headline, chosen, context)
    return sorted(found.values(), key=lambda p: (p.line, p.column))


def _told(problem: Problem, base: _Base, headline: str, chosen: tuple[str, ...], context: bool) -> Problem:
    """Say in which combination a problem arises, unless it does in all of them."""
    under = f"under the reading `{base.reading}`, " if base.reading != headline else ""
    if not chosen and not context and not under:
        return problem
    with_ = ", ".join(f"`{name}`" for name in chosen) or "no lever"
    if chosen == base.levers:
        with_ = "all levers"
    without = "" if context or not base.context_edits else " and without the context"
    what = f"{under}with {with_}{without}: {problem.what}"
    return Problem(problem.file, problem.line, problem.column, problem.where, what, problem.hint)


class _Base:
    """A scenario under one reading: the tree that context and levers edit, and their edits."""

    def __init__(self, scenario: Scenario, reading: str) -> None:
        self.scenario = scenario
        self.file = scenario.file
        self.places = places(scenario.raw)
        self.reading = reading
        self.tree, self.problems = expand(scenario.raw, self.file)
        every = [c for section in ("readings", "context", "reform") for c in changes(self.tree, section)]
        self.known = names_of(self.tree, every)
        self.adopted = self._adopt()
        mine = next((r for r in self.tree.get("readings") or () if r["reading"] == reading), None)
        if mine is not None:
            own = changes_of(mine, f"readings.{reading}", "readings")
            self.problems += apply(self.tree, [*own, *self.adopted_edits], file=self.file, known=self.known)
        self.context_edits = changes(self.tree, "context")
        self.lever_edits = changes(self.tree, "reform")
        self.levers = tuple(str(lever["lever"]) for lever in self.tree.get("reform") or ())

    def _adopt(self) -> tuple[str, ...]:
        """Take the levers that the reading adopts out of the reform."""
        self.adopted_edits: list[Change] = []
        adopted: list[str] = []
        reform = self.tree.get("reform") or []
        for reading in self.tree.get("readings") or ():
            for edit in reading.get("edits") or () if reading["reading"] == self.reading else ():
                names = edit.get("adopt", ())
                for name in [names] if isinstance(names, str) else names:
                    lever = next((lever for lever in reform if lever["lever"] == name), None)
                    if lever is None:
                        known = tuple(str(lever["lever"]) for lever in reform)
                        hint = near(name, known, "levers")
                        line, column = getattr(name, "mark", edit.mark)
                        where, what = f"readings.{self.reading}", f"there is no lever `{name}` to adopt."
                        self.problems.append(Problem(self.file, line, column, where, what, hint))
                        continue
                    self.adopted_edits += changes_of(lever, f"reform.{name}", "reform")
                    reform.remove(lever)
                    adopted.append(str(name))
        return tuple(adopted)

    def edited(self, levers: Collection[str], context: bool) -> tuple[Any, list[Problem]]:
        """Return the tree with some levers, without its lists of changes, and the problems of the edits."""
        tree = Map({k: clone(v) for k, v in self.tree.items() if k not in ("reform", "context", "readings")})
        tree.mark = self.tree.mark
        problems = list(self.problems)
        if context:
            problems += apply(tree, self.context_edits, file=self.file, known=self.known)
        chosen = [c for c in self.lever_edits if c.owner.removeprefix("reform.") in levers]
        problems += apply(tree, chosen, file=self.file, known=self.known)
        return tree, problems

    def examine(self, tree: Any, *, numbers_too: bool = True) -> tuple[ScenarioModel, list[Problem]]:
        """Return the model of an edited tree; unknowns keep the names that they have in the file.

        Parameters
        ----------
        numbers_too : check numbers and hours as well as names and structure.
        """
        context = Checking(self.file, self.places, expanded=True)
        model = ScenarioModel.model_validate(tree, context=context)
        if numbers_too:
            check_all(model, context)
        else:
            bind_numbers(model, context)
            known = check_names(model, context)
            check_process(model, context)
            check_cases(model, known, context)
            check_claims(model, context)
        return model, sorted(context.problems, key=lambda p: (p.line, p.column))


def _reading(scenario: Scenario, name: str | None) -> str:
    known = reading_names(scenario)
    if name is None:
        return known[0]
    if name not in known:
        raise InputError(f"there is no reading `{name}`. {near(name, known, 'readings')}")
    return name


def _name(base: _Base, levers: tuple[str, ...], context: bool, sets: tuple[tuple[str, Any], ...]) -> str:
    whole = context or not base.context_edits
    if not levers and not (context and base.context_edits):
        name = "before"
    elif levers == base.levers and whole:
        name = "after"
    else:
        name = "+".join((["context"] if context and base.context_edits else []) + list(levers))
    return name + "".join(f", {path} = {value}" for path, value in sets)
