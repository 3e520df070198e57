"""Reads YAML text into a tree of which every part remembers its line and column.

``parse(text, file)`` gives the tree of ``sim.scenario.tree`` (its types can be imported from here too).
Anchors, aliases, tags, duplicate keys, tabs, deep nesting and several documents are refused; all that can
be found are reported together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.errors import Problem, ScenarioError
from sim.scenario.tree import (
    NOWHERE,
    Map,
    Mark,
    Places,
    Real,
    Seq,
    Text,
    Whole,
    key_mark,
    mark_of,
    marked,
    places,
)

__all__ = [
    "NOWHERE",
    "Map",
    "Mark",
    "Places",
    "Real",
    "Seq",
    "Text",
    "Whole",
    "key_mark",
    "mark_of",
    "marked",
    "parse",
    "places",
]

#: Nesting of lists and mappings beyond which a file is refused.
MAX_DEPTH = 60


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
    except _TooDeepError:
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
    (
        "mapping values are not allowed",
        "a second `:` stands where only one can.",
        "Put a text with `: ` in it in quotes; else " + _INDENT[0].lower() + _INDENT[1:],
    ),
    ("quoted scalar", "a quote is opened and not closed.", "Close it, or leave both quotes out."),
    ("flow sequence", "a `[` or a quote is not closed, or a comma is missing.", "Write lists as [a, b]."),
    (
        "flow mapping",
        "a `{` or a quote is not closed, or a comma is missing.",
        "Write mappings as {key: value, key: value}.",
    ),
    (
        "undefined alias|anchor|alias",
        "`&` and `*` (YAML anchors and aliases) are not allowed.",
        "Write the value out, or name it under `numbers:`.",
    ),
    ("cannot start any token", "this character cannot begin a value.", "Put the text in quotes."),
    ("could not find expected ':'", "a key without `:`.", "Write `key: value`."),
    (
        "expected <block end>",
        "this line is indented otherwise than its neighbours.",
        "Lines that belong together begin in the same column.",
    ),
    (
        "block sequence|block mapping",
        "this line is indented otherwise than its neighbours.",
        "Lines that belong together begin in the same column.",
    ),
    (
        "special characters|unacceptable character",
        "the file holds characters that no text has.",
        "Is it a text file?",
    ),
)


class _TooDeepError(Exception):
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
                self.problem(
                    mark,
                    f"`{tag.replace(_STANDARD, '!!')}`: YAML tags are not allowed.",
                    "Write the bare value.",
                )
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
                raise _TooDeepError
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
        if name in parent and len(self.problems) < 100:
            first = key_mark(parent, name)
            self.problem(
                mark, f"the key `{name}` is written twice (first in line {first.line}).", "Keep one of them."
            )
        return name


_STANDARD = "tag:yaml.org,2002:"
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
        value.text = text
    elif re.fullmatch(r"[-+]?\.(inf|Inf|INF)", text):
        value = Real(text.replace(".", ""))
    elif re.fullmatch(r"\.(nan|NaN|NAN)", text):
        value = Real("nan")
    else:
        value = Text(text)
    value.mark = mark
    return value
