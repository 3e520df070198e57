"""Options that several commands have: how they are written, and what their help says."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kept(StrEnum):
    """Which tables of records are kept."""

    NONE = "none"
    CASES = "cases"
    STEPS = "steps"


class Start(StrEnum):
    """Where a variant starts from."""

    BEFORE = "before"
    AFTER = "after"


class Attributed(StrEnum):
    """How the saving is split over the levers."""

    SAMPLED = "sampled"
    EXACT = "exact"
    NONE = "none"


class Lang(StrEnum):
    """Language of what is printed."""

    EN = "en"
    ZH = "zh"


LangOption = Annotated[Lang, typer.Option("--lang", help="Language of titles and words.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print a CSV table and nothing else.")]
ReadingOption = Annotated[
    str | None, typer.Option("--reading", metavar="NAME", help="Which reading; left out, the headline.")
]
RepsOption = Annotated[
    int | None, typer.Option("--reps", metavar="N", help="Replications; left out, what the scenario states.")
]
PrecisionOption = Annotated[
    float | None,
    typer.Option(
        "--precision", metavar="X", help="Replicate until half-widths are X or less, in the measure's unit."
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", metavar="S", help="Seed of all chance; left out, what the scenario states."),
]
EngineOption = Annotated[
    str, typer.Option("--engine", help="auto, simpy (the reference) or compiled (fast).")
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", metavar="N", help="Processes at once; left out, one per processor.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster", metavar="ADDRESS", help="Dask cluster: tcp://HOST:PORT, or local (--jobs workers)."
    ),
]
FreshOption = Annotated[
    bool, typer.Option("--fresh", help="Do not go on from what a stopped run has finished.")
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where results are kept.")]
ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario's name, or a file.")]
VariantOption = Annotated[Start, typer.Option("--variant", help="before: no lever. after: all.")]
WithOption = Annotated[list[str] | None, typer.Option("--with", metavar="LEVER", help="Put a lever in.")]
WithoutOption = Annotated[
    list[str] | None, typer.Option("--without", metavar="LEVER", help="Leave a lever out.")
]
