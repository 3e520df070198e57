"""Reads YAML text into a plain tree of which every part remembers its line and column.

``parse(text, file)`` gives a ``Map`` (a ``dict``) whose values are ``Map``, ``Seq`` (a ``list``), ``Text``
(a ``str``), ``Whole`` (an ``int``), ``Real`` (a ``float``), or plain ``bool`` and ``None``. Each of the first
five, keys included, has ``.mark``, a ``Mark(line, column)`` from 1. They compare, hash, print and copy like the
plain values, so that edits may treat the tree as ordinary dicts and lists; ``copy.deepcopy`` keeps the marks.
``mark_of(container, key)`` finds the place of any value; ``marked(value, mark)`` gives plain data a place.
Anchors, aliases, tags, duplicate keys, tabs, deep nesting and several documents are refused; all that can
be found are reported together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.errors import Problem, ScenarioError

#: Nesting of lists and mappings beyond which a file is refused.
MAX_DEPTH = 60


class Mark(NamedTuple):
    """A place in a file: line and column, both from 1 (0: unknown)."""

    line: int
    column: int


NOWHERE = Mark(0, 0)


class Text(str):
    """A string (or a key) and its place."""

    mark: Mark = NOWHERE

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself: neither text nor place can change."""
        return self


class Whole(int):
    """A whole number and its place."""

    mark: Mark = NOWHERE

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself."""
        return self


class Real(float):
    """A decimal number and its place."""

    mark: Mark = NOWHERE

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself."""
        return self


class Map(dict[str, Any]):
    """A mapping and its place. Keys are ``Text``; assigning to a key that exists keeps the key's place."""

    mark: Mark = NOWHERE


class Seq(list[Any]):
    """A list and its place."""

    mark: Mark = NOWHERE


def marked(value: Any, mark: Mark = NOWHERE) -> Any:
    """Return `value` (plain or marked data) as a tree in which what had no place has `mark`."""
    if getattr(value, "mark", NOWHERE) != NOWHERE:
        mark = value.mark
    if isinstance(value, dict):
        result: Any = Map((marked(k, mark), marked(v, mark)) for k, v in value.items())
    elif isinstance(value, (list, tuple)):
        result = Seq(marked(v, mark) for v in value)
    elif isinstance(value, bool) or value is None:
        return value
    elif isinstance(value, str):
        result = Text(value)
    elif isinstance(value, int):
        result = Whole(value)
    else:
        result = Real(value)
    result.mark = mark
    return result


def mark_of(container: Any, key: Any = None) -> Mark:
    """Return the place of ``container[key]`` (of its key where the value has none), or of `container`."""
    if key is None:
        return getattr(container, "mark", NOWHERE)
    try:
        value = container[key]
    except (KeyError, IndexError, TypeError):
        return getattr(container, "mark", NOWHERE)
    found: Mark = getattr(value, "mark", NOWHERE)
    if found == NOWHERE and isinstance(container, dict):
        found = key_mark(container, key)
    return found if found != NOWHERE else getattr(container, "mark", NOWHERE)


def key_mark(container: Any, key: str) -> Mark:
    """Return the place of the key `key` itself."""
    for k in container:
        if k == key:
            return getattr(k, "mark", NOWHERE)
    return NOWHERE


def parse(text: str, file: str) -> Map:
    """Return the tree of a YAML text whose top is a mapping.

    Raises
    ------
    ScenarioError
        With all problems found.
    """
    problems = list(_tabs(text, file))
    if problems:
        raise ScenarioError(problems)
    builder = _Builder(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except _TooDeep:
        pass
    except YAMLError as error:
        builder.problems.append(_plain(error, file))
    if builder.problems:
        raise ScenarioError(builder.problems)
    top = builder.top
    if top is None:
        raise ScenarioError(
            [Problem(file, 0, 0, "", "the file is empty.", "`new NAME` writes a starter to begin from.")]
        )
    if not isinstance(top, Map):
        what = "a scenario is a list of `key: value` lines, such as `scenario: permit-desk`."
        line, column = getattr(top, "mark", Mark(1, 1))
        raise ScenarioError([Problem(file, line, column, "", what, "`new NAME` writes a starter.")])
    return top


def _tabs(text: str, file: str) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), 1):
        lead = line[: len(line) - len(line.lstrip())]
        if "\t" in lead and line.strip():
            yield Problem(
                file,
                number,
                lead.index("\t") + 1,
                "",
                "a tab stands at the start of the line.",
                "Indent with spaces.",
            )


def _plain(error: YAMLError, file: str) -> Problem:
    """Put a message of the YAML reader into a planner's words."""
    where, said = Mark(1, 1), str(error)
    if isinstance(error, MarkedYAMLError):
        at = error.problem_mark or error.context_mark
        if at is not None:
            where = Mark(at.line + 1, at.column + 1)
        said = " ".join(p for p in (error.context, error.problem) if p)
    for pattern, what, hint in _YAML_WORDS:
        if re.search(pattern, said):
            return Problem(file, *where, "", what, hint)
    return Problem(file, *where, "", "the text cannot be read as YAML here.", _INDENT)


_INDENT = "Check the indentation and the quotes of this line and of the one above."
_YAML_WORDS = (
    ("mapping values are not allowed", "a second `:` stands where only one can.", "Put a text with `: ` in it in quotes; else " + _INDENT[0].lower() + _INDENT[1:]),
    ("quoted scalar", "a quote is opened and not closed.", "Close it, or leave both quotes out."),
    ("flow sequence", "a `[` is not closed, or a comma is missing.", "Write lists as [a, b]."),
    ("flow mapping", "a `{` is not closed, or a comma is missing.", "Write mappings as {key: value, key: value}."),
    ("undefined alias|anchor|alias", "`&` and `*` (YAML anchors and aliases) are not allowed.", "Write the value out, or name it under `numbers:`."),
    ("cannot start any token", "this character cannot begin a value.", "Put the text in quotes."),
    ("could not find expected ':'", "a key without `:`.", "Write `key: value`."),
    ("expected <block end>", "this line is indented otherwise than its neighbours.", "Lines that belong together begin in the same column."),
    ("block sequence|block mapping", "this line is indented otherwise than its neighbours.", "Lines that belong together begin in the same column."),
    ("special characters|unacceptable character", "the file holds characters that no text has.", "Is it a text file?"),
)  # fmt: skip


class _TooDeep(Exception):
    pass


class _Builder:
    """Makes the tree from the reader's events; keeps no recursion, so depth costs nothing."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.top: Any = None
        self.documents = 0
        self.stack: list[Any] = []
        self.keys: list[Any] = []  # per open mapping: the key that waits for its value; _NONE otherwise

    def problem(self, mark: Mark, what: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, *mark, "", what, hint))

    def take(self, event: Any) -> None:
        start = getattr(event, "start_mark", None)
        mark = Mark(start.line + 1, start.column + 1) if start is not None else NOWHERE
        if isinstance(event, events.AliasEvent):
            self.problem(mark, f"`*{event.anchor}`: YAML aliases are not allowed.", _WRITE_OUT)
            self.put(None, mark)
            return
        if isinstance(event, events.DocumentStartEvent):
            self.documents += 1
            if self.documents == 2:
                self.problem(mark, "a second document begins (`---`).", "One file holds one scenario.")
        if isinstance(event, events.NodeEvent):
            if event.anchor:
                self.problem(mark, f"`&{event.anchor}`: YAML anchors are not allowed.", _WRITE_OUT)
            tag = getattr(event, "tag", None)
            if tag and not (isinstance(event, events.ScalarEvent) and tag == "!"):
                self.problem(mark, f"`{tag}`: YAML tags are not allowed.", "Write the bare value.")
        if isinstance(event, events.ScalarEvent):
            self.put(_scalar(event, mark), mark)
        elif isinstance(event, (events.MappingStartEvent, events.SequenceStartEvent)):
            container: Any = Map() if isinstance(event, events.MappingStartEvent) else Seq()
            container.mark = mark
            self.put(container, mark)
            self.stack.append(container)
            self.keys.append(_NONE)
            if len(self.stack) > MAX_DEPTH:
                self.problem(
                    mark,
                    f"lists and mappings are nested more than {MAX_DEPTH} deep.",
                    "Is a bracket left open?",
                )
                raise _TooDeep
        elif isinstance(event, (events.MappingEndEvent, events.SequenceEndEvent)):
            self.stack.pop()
            self.keys.pop()

    def put(self, value: Any, mark: Mark) -> None:
        if not self.stack:
            if self.documents < 2:
                self.top = value
            return
        parent = self.stack[-1]
        if isinstance(parent, Seq):
            parent.append(value)
        elif self.keys[-1] is _NONE:
            self.keys[-1] = self.key(parent, value, mark)
        else:
            parent[self.keys[-1]] = value
            self.keys[-1] = _NONE

    def key(self, parent: Map, value: Any, mark: Mark) -> Text:
        if isinstance(value, (Map, Seq)):
            self.problem(
                mark, "a list or mapping stands where a key should.", "A `{...}` needs quotes if it is text."
            )
            name = Text(f"?{len(parent)}")
        else:
            name = Text(
                "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            )
        name.mark = mark
        if name in parent:
            first = key_mark(parent, name)
            self.problem(
                mark, f"the key `{name}` is written twice (first in line {first.line}).", "Keep one of them."
            )
        return name


_NONE = object()
_WRITE_OUT = "Write the value out, or name it under `numbers:`."
_INT = re.compile(r"[-+]?[0-9]{1,300}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def _scalar(event: events.ScalarEvent, mark: Mark) -> Any:
    """Resolve a plain scalar by YAML 1.2: dates, times of day, yes and no stay text."""
    text = event.value
    value: Any
    if not (event.implicit and event.implicit[0]):
        value = Text(text)
    elif text in ("", "~", "null", "Null", "NULL"):
        return None
    elif text in ("true", "True", "TRUE"):
        return True
    elif text in ("false", "False", "FALSE"):
        return False
    elif _INT.fullmatch(text):
        value = Whole(text)
    elif _FLOAT.fullmatch(text):
        value = Real(text)
    elif re.fullmatch(r"[-+]?\.(inf|Inf|INF)", text):
        value = Real(text.replace(".", ""))
    elif re.fullmatch(r"\.(nan|NaN|NAN)", text):
        value = Real("nan")
    else:
        value = Text(text)
    value.mark = mark
    return value


@dataclass(frozen=True)
class Places:
    """Dotted element names of every place in a tree, for messages."""

    names: dict[Mark, str]

    def name(self, mark: Mark) -> str:
        """Return the dotted path of the value at `mark`; empty if unknown."""
        return self.names.get(mark, "")


def places(tree: Map) -> Places:
    """Return the dotted path of each value and key: named elements by their names, lists by number."""
    names: dict[Mark, str] = {}
    todo: list[tuple[Any, str]] = [(tree, "")]
    while todo:
        value, path = todo.pop()
        mark = getattr(value, "mark", NOWHERE)
        if mark != NOWHERE:
            names.setdefault(mark, path)
        if isinstance(value, Map):
            for key, child in value.items():
                below = f"{path}.{key}" if path else str(key)
                at = getattr(key, "mark", NOWHERE)
                if at != NOWHERE and at != mark:
                    names[at] = below
                todo.append((child, below))
        elif isinstance(value, list):
            for number, child in enumerate(value, 1):
                todo.append((child, f"{path}.{_label(child, number)}" if path else str(number)))
    return Places(names)


_NAMING = ("step", "wait", "choice", "parallel", "repeat", "batch", "unbundle", "block", "for-each", "mark", "end",
           "lever", "context", "reading", "claim")  # fmt: skip


def _label(value: Any, number: int) -> str:
    if isinstance(value, Map):
        for kind in _NAMING:
            if isinstance(value.get(kind), str):
                return str(value[kind])
    return str(number)
