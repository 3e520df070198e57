"""Writes out for-each elements: named copies of a body, each with pools of its own.

``- for-each: permits`` over ``filing`` and ``planning`` becomes a block, a parallel or a choice called
``permits`` in which ``check`` has become ``permits.filing.check`` and ``permits.planning.check``, and the
pools of the body ``permits.filing.desk`` and so on. What the body says of its own elements and pools is
renamed with them. A copy keeps the places of the file, so that a message about it points there.
"""

from __future__ import annotations

from typing import Any

from sim.errors import Problem
from sim.scenario.edits_find import Finder, PathError, clone, kind_of, sequences
from sim.scenario.edits_merge import rename_pools
from sim.scenario.fields import near
from sim.scenario.positions import Map, Seq, Text, mark_of

#: Greatest number of copies that one file may ask for: nested for-each elements multiply.
MAX_COPIES = 2000


def expand(tree: Any, file: str = "") -> tuple[Any, list[Problem]]:
    """Return a copy of a raw tree in which no for-each is left, and the problems found.

    What levers, context and readings insert is expanded too; the pools of copies that an edit inserts
    become an ``insert-pools`` of their own.
    """
    work = _Expansion(file)
    made = clone(tree)
    pools = Map()
    made["process"] = work.items(made.get("process"), pools)
    if pools:
        if not isinstance(made.get("pools"), dict):
            made["pools"] = Map()
            made["pools"].mark = mark_of(made, "process")
        made["pools"].update(pools)
    for section in ("reform", "context", "readings"):
        for item in made.get(section) or ():
            if isinstance(item, dict) and isinstance(item.get("edits"), list):
                item["edits"] = work.edits(item["edits"])
    return made, work.problems


class _Expansion:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.copies = 0

    def problem(self, container: Any, key: Any, where: str, what: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, *mark_of(container, key), where, what, hint))

    def items(self, items: Any, pools: Any) -> Any:
        """Return a sequence without for-each elements; the pools of the copies are put into `pools`."""
        if not isinstance(items, list):
            return items
        result = Seq()
        result.mark = mark_of(items)
        for element in items:
            if kind_of(element) == "for-each":
                made = self.for_each(element, pools)
                if made is not None:
                    result.append(made)
                continue
            for _, container, key in sequences(element):
                if key in container:
                    container[key] = self.items(container[key], pools)
            result.append(element)
        return result

    def edits(self, edits: Any) -> Any:
        """Return edits of which none inserts a for-each."""
        result = Seq()
        result.mark = mark_of(edits)
        for edit in edits:
            pools = Map()
            pools.mark = mark_of(edit)
            if isinstance(edit, dict):
                for key in ("insert", "to"):
                    if isinstance(edit.get(key), list):
                        edit[key] = self.items(edit[key], pools)
                options = edit.get("insert-options")
                for option in options.values() if isinstance(options, dict) else ():
                    if isinstance(option, dict) and isinstance(option.get("do"), list):
                        option["do"] = self.items(option["do"], pools)
                branches: Any = edit.get("insert-branches")
                for label, branch in branches.items() if isinstance(branches, dict) else ():
                    branches[label] = self.items(branch, pools)
            result.append(edit)
            if pools:
                more = Map({"insert-pools": pools})
                more.mark = pools.mark
                result.append(more)
        return result

    def for_each(self, element: Any, pools: Any) -> Any:
        name, how, over = str(element["for-each"]), element.get("as"), element.get("over")
        labels = list(over) if isinstance(over, (dict, list)) else []
        if how not in ("sequence", "parallel", "choice") or not all(isinstance(x, str) for x in labels):
            return None  # said by the validation of the file
        self.copies += len(labels)
        if self.copies > MAX_COPIES:
            if self.copies - len(labels) <= MAX_COPIES:
                self.problem(element, "for-each", name, f"the copies are more than {MAX_COPIES}.")
            return None
        bodies = {label: self.copy(element, label, pools) for label in labels}
        made = Map()
        made.mark = mark_of(element)
        kind = {"sequence": "block", "parallel": "parallel", "choice": "choice"}[str(how)]
        made[kind] = element["for-each"]
        if "title" in element:
            made["title"] = element["title"]
        inner: Any = Seq() if kind == "block" else Map()
        inner.mark = mark_of(element, "over")
        made[{"block": "do", "parallel": "branches", "choice": "options"}[kind]] = inner
        for label, (body, own) in bodies.items():
            if kind == "block":
                block = Map({"block": _text(f"{name}.{label}", label), "do": body})
                block.mark = mark_of(label)
                inner.append(block)
            elif kind == "parallel":
                inner[label] = body
            else:
                option = Map({"share": own.get("share", 1 / len(labels)), "do": body})
                option.mark = mark_of(label)
                inner[label] = option
        return made

    def copy(self, element: Any, label: str, pools: Any) -> tuple[Any, Any]:
        """Return the body of one copy, renamed, with what the copy has of its own."""
        prefix = f"{element['for-each']}.{label}."
        over = element["over"]
        own = over[label] if isinstance(over, dict) and isinstance(over[label], dict) else {}
        part = Map(
            {
                "process": clone(element.get("do")),
                "pools": clone(element.get("pools") or Map()),
            }
        )
        if not isinstance(part["process"], list) or not isinstance(part["pools"], dict):
            return Seq(), own
        self.override(part, own, prefix, str(element["as"]))
        local = set(part["pools"])
        _rename(part["process"], prefix, label, local)
        for pool in part["pools"]:
            _own_unknowns(part["pools"][pool], f"pools.{prefix}{pool}", label)
            pools[_text(prefix + pool, pool)] = part["pools"][pool]
        return self.items(part["process"], pools), own

    def override(self, part: Any, own: Any, prefix: str, how: str) -> None:
        finder = Finder(part)
        for path, value in own.items():
            if path == "share" and how == "choice":
                continue
            try:
                local = path.split(".")[0] in part["pools"]
                for slot in finder.slots(f"pools.{path}" if local else path):
                    slot.container[slot.key] = clone(value)
            except PathError as error:
                hint = (
                    near(error.name, error.known)
                    if error.known
                    else "Write a path into the body: `check.effort`."
                )
                self.problem(own, path, prefix + path, error.what, hint)


def _text(value: str, like: Any) -> Text:
    made = Text(value)
    made.mark = mark_of(like)
    return made


def _rename(items: Any, prefix: str, label: str, local: set[str], *, deeper: bool = False) -> None:
    """Give the elements of a copy their names, and let them refer to its own pools.

    The body of a for-each within (`deeper`) gets its names when it is expanded itself.
    """
    for element in items if isinstance(items, list) else ():
        kind = kind_of(element)
        if not kind:
            continue
        if not deeper:
            old = str(element[kind])
            element[kind] = _text(prefix + old, element[kind])
            _own_unknowns(element, prefix + old, label)
        own = local - set(element.get("pools") or ()) if kind == "for-each" else local
        rename_pools(element, lambda pool: _text(prefix + pool, pool) if pool in local else pool)
        for _, container, key in sequences(element):
            _rename(container.get(key), prefix, label, own, deeper=deeper or kind == "for-each")


def _own_unknowns(value: Any, path: str, label: str) -> None:
    """Give each assumption that is ``independent`` a name of its own in this copy: an unknown of its own."""
    if isinstance(value, dict):
        if "assume" in value and "independent" in value:
            given = value.get("name")
            value["name"] = _text(f"{given}.{label}" if isinstance(given, str) else path, value)
        for key, below in value.items():
            _own_unknowns(below, f"{path}.{key}", label)
    elif isinstance(value, list):
        for number, below in enumerate(value, 1):
            if not kind_of(below):  # elements inside have names of their own
                _own_unknowns(below, f"{path}.{number}", label)
