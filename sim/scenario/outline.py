"""Reads the title and the names of levers and claims of a scenario file, and skips the rest of it.

The YAML reader takes 0.2 s for a file of 20 kB, too long for a list of many. This one only finds out where
a line begins that is not inside brackets, quotes or running text, and looks at a few of those. It reads
common YAML and no more: of anything else (anchors, tags, tabs, lists in brackets where it needs names ...)
it says that it does not know, and the file is read as a whole. What is skipped is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.errors import ScenarioError

#: What is wanted: by top-level key, the key of each entry that holds its name; none: all of the section.
WANTED = {"title": None, "reform": "lever", "claims": "claim"}


def outline(text: str, file: str) -> Mapping[str, Any]:
    """Return of a scenario's tree what `WANTED` names; other parts may be missing.

    Raises
    ------
    ScenarioError : where the parts that are read are no YAML.
    """
    try:
        return _outline(text, file)
    except _UnknownError:
        from sim.scenario.positions import parse

        return parse(text, file)


class _UnknownError(Exception):
    """Something that this reader does not know: the whole file must be read."""


class _Line(NamedTuple):
    """A line that begins outside of brackets and quotes.

    Attributes
    ----------
    start : its offset in the text. indent : blanks before it. dashes : how many ``- `` it begins with.
    key : its key without quotes, empty if it has none. column : that of the key.
    value : the first of its value on this line, without a comment; empty if there is none.

    A line on which running text goes on has neither dash nor key.
    """

    start: int
    indent: int
    dashes: int
    key: str
    column: int
    value: str


def _outline(text: str, file: str) -> dict[str, Any]:
    sections: dict[str, list[_Line]] = {}
    ends: dict[str, int] = {}
    name = None
    for line in _lines(text):
        if line.indent == 0 and not line.dashes:
            if not line.key or line.key in sections:
                raise _UnknownError
            ends[name or ""] = line.start
            name = line.key
            sections[name] = []
        elif name is None:
            raise _UnknownError
        sections[name].append(line)
    ends[name or ""] = len(text)
    found: dict[str, Any] = {}
    for section, key in WANTED.items():
        if section not in sections:
            continue
        head, *below = sections[section]
        if key is None:
            found[section] = _title(text[head.start : ends[section]], file)[section]
        elif head.value:
            raise _UnknownError
        else:
            found[section] = [{key: one} for one in _names(below, key)]
    if not found:  # no scenario: let the whole file say what is wrong with it
        raise _UnknownError
    return found


def _title(text: str, file: str) -> Mapping[str, Any]:
    """Return the section of the title, in its commonest form without the YAML reader."""
    common = _TITLE.fullmatch(text)
    if common and not {word.strip().lower() for word in common.groups()} & set(_WORDS):
        return {
            "title": dict(zip(("en", "zh"), (w.strip().strip('"') for w in common.groups()), strict=True))
        }
    from sim.scenario.positions import parse

    try:
        return parse(text, file)
    except ScenarioError:
        raise _UnknownError from None  # the whole tells it with the right line


def _names(lines: list[_Line], key: str) -> Iterator[str]:
    """Yield the value of `key` of each entry of a list that has one."""
    entries: list[list[_Line]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if not line.key and not line.dashes and before and before.key == key:
            raise _UnknownError  # a name of several lines
        if line.indent < lines[0].indent or (line.indent == lines[0].indent) != (line.dashes > 0):
            if line.indent > lines[0].indent and line.dashes:  # a list within an entry
                continue
            raise _UnknownError
        if line.dashes:
            if line.dashes > 1 or not line.key:
                raise _UnknownError
            entries.append([])
        entries[-1].append(line)
    for entry in entries:
        values = [e.value for e in entry if e.key == key and e.column == entry[0].column]
        if len(values) > 1 or not all(_NAME.fullmatch(v) and v not in _WORDS for v in values):
            raise _UnknownError
        yield from values


_NAME = re.compile(r"[a-z][a-z0-9.-]*")
_WORDS = ("true", "false", "null")
#: Blanks and breaks that the YAML reader takes otherwise than `_lines` does, and the marks of a document.
_ODD = ("\t", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\ufeff")
_MARKS = ("---", "...", "%")
_DASH = re.compile(r"-(?: +|$)")
_KEY = re.compile(
    r"""(?:"([^"\\]*)"|'([^']*)'|((?:[^\s\-?:,\[\]{}#&*!|>'"%@`]|[-?:](?=\S))(?:[^:#]|:(?=\S)|(?<=\S)\#)*?))"""
    r" *:(?= |$)"
)
_BLOCK = re.compile(r"[|>][-+1-9]{0,2} *(?:$| #)")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""", re.S)
_WORDING = r"""("[^"\\\n]*"|[^\W\d_][^:,#\[\]{}"'\\\n]*)"""
_TITLE = re.compile(rf"title: \{{en: {_WORDING}, zh: {_WORDING}\}}\s*")
_COMMENT = re.compile(r" *(?: #.*)?$")
# Brackets that close on their line, with quotes only where text may begin and nothing odd in the text.
_PLAIN = r"""[^\n"'\[\]{}#&*!|>%@`]"""
_QUOTE = r"""(?:(?<=[,:]\s)|(?<=[\[{]))(?:"[^"\\\n]*"|'[^'\n]*'(?!'))"""
_INNER = rf"[\[{{](?:{_PLAIN}|{_QUOTE})*[\]}}]"
_OUTER = rf"[\[{{](?:{_PLAIN}|{_QUOTE}|{_INNER})*[\]}}]"
_SHORT = re.compile(rf"[\[{{](?:{_PLAIN}|{_QUOTE}|{_OUTER})*[\]}}] *$")
_FLOW = re.compile(
    r"""(?P<blank>(?:\s+(?:\#[^\n]*)?)+)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<sign>,|:(?=[\s,\[\]{}]))"""
    r"""|(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')"""
    r"""|(?P<plain>[^\s,\[\]{}#&*!|>'"%@`](?:[^\s,\[\]{}:]|:(?![\s,\[\]{}])|[ ](?![\s#]))*)""",
    re.S,
)


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that begin outside of brackets and quotes, and of text after `|` and `>`.

    Only the first lines of sections, and all lines of those wanted.
    """
    if any(odd in text for odd in (*_ODD, *(f"\n{mark}" for mark in _MARKS))) or text.startswith(_MARKS):
        raise _UnknownError
    running = -1  # column that running text, begun above, is indented beyond; -1: none
    wanted = False  # whether the section is
    literal = False  # whether it began with `|` or `>`
    at = 0
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        start, line = at, text[at:stop]
        at = stop + 1
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if not body or (running >= 0 and indent > running and literal) or body[0] == "#":
            continue
        if running >= 0 and indent > running:
            if wanted:
                yield _Line(start, indent, 0, "", running, body)
            continue
        place, dashes, column = indent, 0, -1
        while body[0] == "-" and (dash := _DASH.match(line, place)):
            dashes, column, place = dashes + 1, place, dash.end()
        key = ""
        if found := _KEY.match(line, place):
            key, column, place = found[found.lastindex or 0], place, found.end()
        value = line[place:].lstrip(" ")
        place = len(line) - len(value)
        if column < 0:  # neither an entry nor a key
            raise _UnknownError
        running = -1
        if value.startswith("#"):
            value = ""
        if not indent and not dashes:
            wanted = key in WANTED
        if wanted or not indent:
            yield _Line(start, indent, dashes, key, column, value.split(" #")[0].rstrip())
        if _BLOCK.match(value):
            running, literal = column, True
        elif _SHORT.match(value):
            pass
        elif value[:1] in ("[", "{", '"', "'"):
            end = _end(text, start + place)
            stop = text.find("\n", end)
            stop = len(text) if stop < 0 else stop
            if not _COMMENT.fullmatch(text[end:stop]):
                raise _UnknownError
            at = stop + 1
        elif value[:1] in tuple("&*!|>%@`") or value[:2] == "? ":
            raise _UnknownError
        elif value:
            running, literal = column, False


def _end(text: str, at: int) -> int:
    """Return where the quotes or brackets end that begin at `at`."""
    if text[at] in "\"'":
        quoted = _QUOTED.match(text, at)
        if quoted is None:
            raise _UnknownError
        return quoted.end()
    depth, after = 0, ""
    while token := _FLOW.match(text, at):
        kind, at = str(token.lastgroup), token.end()
        if kind == "blank":
            continue
        # Text goes on over lines, and then a quote in it is only a letter.
        if after in ("plain", "quoted") and kind in ("plain", "quoted", "open"):
            raise _UnknownError
        depth += (kind == "open") - (kind == "close")
        if depth == 0:
            return at
        after = kind
    raise _UnknownError
