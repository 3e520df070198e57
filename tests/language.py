"""One scenario that uses every element of the language, for tests."""

from pathlib import Path

WHOLE = (Path(__file__).parent / "whole-language.yaml").read_text(encoding="utf-8")
