"""The JSON Schema takes what the language takes, and refuses keys that it does not have."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.positions import parse
from sim.scenario.schema import json_schema
from sim.scenario.starter import starter
from tests.language import WHOLE

SCHEMA = json_schema()
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
}
KNOWN = {
    "$ref", "anyOf", "type", "enum", "const", "pattern", "minimum", "maximum", "minItems", "maxItems",
    "items", "properties", "required", "additionalProperties", "propertyNames", "description", "title",
    "default", "$schema", "$defs", "prefixItems",
}  # fmt: skip


def errors(value: Any, schema: Any, path: str = "") -> Iterator[str]:
    """Check a value against the part of JSON Schema that the language's schema uses."""
    if schema is True:
        return
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from errors(value, SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]], path)
    if "anyOf" in schema:
        tried = [list(errors(value, option, path)) for option in schema["anyOf"]]
        if all(tried):
            yield f"{path}: {min(tried, key=len)}"
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(
        isinstance(value, TYPES[k]) and (k == "boolean" or not isinstance(value, bool)) for k in kinds
    ):
        yield f"{path}: {value!r} is not {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} not in {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r} is not {schema['const']}"
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} does not match"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{path}: {value!r} too small"
    if isinstance(value, int) and value > schema.get("maximum", value):
        yield f"{path}: {value!r} too large"
    yield from _inner(value, schema, path)


def _inner(value: Any, schema: Any, path: str) -> Iterator[str]:
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{path}: {len(value)} items"
        for number, item in enumerate(value):
            first = schema.get("prefixItems", [])
            inner = first[number] if number < len(first) else schema.get("items", True)
            yield from errors(item, inner, f"{path}.{number}")
    if isinstance(value, dict):
        yield from (f"{path}: {key} is missing" for key in schema.get("required", ()) if key not in value)
        for key, child in value.items():
            yield from errors(str(key), schema.get("propertyNames", True), f"{path}.{key}")
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
            if inner is False:
                yield f"{path}: no key {key}"
            else:
                yield from errors(child, inner, f"{path}.{key}")


SHIPPED = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_scenarios_agree_with_the_schema(path: Path) -> None:
    assert list(errors(parse(path.read_text(encoding="utf-8"), path.name), SCHEMA)) == []


def test_the_whole_language_and_the_starter_agree_with_the_schema() -> None:
    assert list(errors(parse(WHOLE, "whole"), SCHEMA)) == []
    assert list(errors(parse(starter("my-desk"), "starter"), SCHEMA)) == []


def _maps(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(child, (dict, list)):
            yield from _maps(child, (*path, key))


def test_an_unknown_key_is_refused_in_every_mapping_with_fixed_keys() -> None:
    tree = parse(WHOLE, "whole")
    free = re.compile(  # mappings whose keys are the user's own, and values of any kind
        r"^(documents|calendars|numbers|pools)$|\.(open|extra|weekday|hours|classes|attributes|size|counts|branches|"
        r"options|over|over\..*|to|pools|fire-permit|water-permit|shares|insert-\w+|arrive)$|\.by\.any\.\d+$|\.by$|\.attend$|^cases\.\w+$"
    )
    for path in list(_maps(tree))[::4]:
        dotted = ".".join(str(key) for key in path)
        if free.search(dotted):
            continue
        changed: Any = copy.deepcopy(tree)
        inner = changed
        for key in path:
            inner = inner[key]
        inner["unknown-key"] = [[]]
        assert list(errors(changed, SCHEMA)), dotted


def test_the_schema_says_what_it_is() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["additionalProperties"] is False
    assert {"scenario", "run", "process", "reform", "claims"} <= set(SCHEMA["properties"])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scenario", "Permit Desk"),
        ("process", "check"),
        ("run", {"start": "6 Feb"}),
        ("pools", {"clerks": 4}),
    ],
)
def test_wrong_values_are_refused(key: str, value: Any) -> None:
    tree: Any = parse(WHOLE, "whole")
    tree[key] = value
    assert list(errors(tree, SCHEMA))
