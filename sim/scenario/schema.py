"""The JSON Schema of the language, for editors: made from the models, so that it cannot fall behind them."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sim.scenario.model import ScenarioModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: What an editor shows for the whole file.
ABOUT = "A service before its reform, the reform as levers, and what documents claim."


class _Generator(GenerateJsonSchema):
    def is_instance_schema(self, schema: core_schema.IsInstanceSchema) -> JsonSchemaValue:
        """Describe keys of mappings, which are texts with a place."""
        return {"type": "string"}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file; unknown keys are not allowed in it."""
    made = ScenarioModel.model_json_schema(by_alias=True, mode="validation", schema_generator=_Generator)
    schema = _tidy(made)
    assert isinstance(schema, dict)
    return {"$schema": DIALECT, "title": "Scenario", "description": ABOUT} | {
        key: value for key, value in schema.items() if key not in ("title", "description")
    }


def _tidy(value: Any) -> Any:
    """Leave out what stands for broken input, titles made from field names, and null."""
    if isinstance(value, list):
        return [_tidy(v) for v in value if v != {"not": {}}]
    if not isinstance(value, dict):
        return value
    found = {key: _tidy(child) for key, child in value.items()}
    patterns = found.pop("patternProperties", None)
    if isinstance(patterns, dict) and len(patterns) == 1:
        ((pattern, inner),) = patterns.items()
        found |= {"propertyNames": {"pattern": pattern}, "additionalProperties": inner}
    for key in ("oneOf", "anyOf"):
        options = found.get(key)
        if not isinstance(options, list):
            continue
        options = [o for o in options if o != {"type": "null"}] or options
        del found[key]
        if len(options) == 1 and isinstance(options[0], dict):
            found = {**options[0], **found}
        else:
            found["anyOf"] = options  # a bare number may be a number and a law at once
    if isinstance(found.get("title"), str) and ("type" in found or "$ref" in found or "anyOf" in found):
        del found["title"]
    for extra in ("default", "discriminator"):
        if extra in found and not isinstance(found[extra], dict):
            del found[extra]
    return found
