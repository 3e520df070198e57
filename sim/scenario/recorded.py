"""Reads recorded arrivals from a CSV file: a column of times and, perhaps, one of classes.

``read_recorded(path, time, class_)`` returns the rows and what is wrong with them; the network builder
and the checks of a scenario both use it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sim.scenario.nearest import near

#: Size in bytes beyond which a file of arrivals is refused.
MAX_BYTES = 100_000_000
#: Problems of one file that are told one by one.
TOLD = 5
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?")


@dataclass(frozen=True)
class Recorded:
    """Recorded arrivals.

    Attributes
    ----------
    times : local times, in the order of the file.
    classes : class of each; empty where the file has no such column.
    problems : (what is wrong, hint) of the file.
    """

    times: tuple[datetime, ...]
    classes: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def read_recorded(path: Path, time: str, class_: str | None = None) -> Recorded:
    """Return the arrivals that a CSV file records."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return _nothing(
                f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.", "Cut it into shorter periods."
            )
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _rows(csv.DictReader(stream), path.name, time, class_)
    except FileNotFoundError:
        return _nothing(f"there is no file {path.name} beside the scenario.", "Check its name and folder.")
    except UnicodeDecodeError:
        return _nothing(f"{path.name} is not text in UTF-8.", "Save it as a CSV file in UTF-8.")
    except OSError as error:
        return _nothing(f"{path.name} cannot be read: {error.strerror}.", "Is it a file?")
    except csv.Error as error:
        return _nothing(f"{path.name} cannot be read as CSV: {error}.", "Save it as a CSV file in UTF-8.")


def _nothing(what: str, hint: str) -> Recorded:
    return Recorded((), (), ((what, hint),))


def _rows(rows: csv.DictReader[str], name: str, time: str, class_: str | None) -> Recorded:
    header = list(rows.fieldnames or ())
    missing = [c for c in (time, class_) if c is not None and c not in header]
    if missing:
        return _nothing(
            f"{name} has no column `{missing[0]}`.",
            near(missing[0], header, "columns") or "The file is empty.",
        )
    times: list[datetime] = []
    classes: list[str] = []
    problems: list[tuple[str, str]] = []
    bad = 0
    for row in rows:
        found = _time(row[time] or "")
        if found is None:
            bad += 1
            if bad <= TOLD:
                problems.append(
                    (
                        f"{name}, line {rows.line_num}: `{row[time] or ''}` is not a date and time.",
                        "Write `2023-02-06 09:30`.",
                    )
                )
            continue
        times.append(found)
        if class_ is not None:
            classes.append((row[class_] or "").strip())
    if bad > TOLD:
        problems.append((f"{name}: {bad - TOLD} more times cannot be read.", ""))
    if not times and not bad:
        problems.append((f"{name} has no rows.", "Record one arrival or more."))
    return Recorded(tuple(times), tuple(classes), tuple(problems))


def _time(text: str) -> datetime | None:
    text = text.strip()
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError:
        return None
