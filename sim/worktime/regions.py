"""Public holidays and make-up working days of a region, from the `holidays` package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import holidays

#: Region of the scenario language -> country and category of the `holidays` package.
REGIONS = {
    "CN": ("CN", "public"),
    "HK": ("HK", "public"),
    "MO": ("MO", "public"),
    "MO-government": ("MO", "government"),
}


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Dated exceptions to the regular week: closed dates, make-up dates, and what to warn of."""

    closed: frozenset[date]
    make_up: frozenset[date]
    warnings: tuple[str, ...]


def special_days(region: str, first: date, last: date) -> SpecialDays:
    """Return the special days of `region` from `first` to `last`, both included.

    Raises
    ------
    ValueError
        For a region that is not in `REGIONS`.
    """
    if region not in REGIONS:
        raise ValueError(f'no region is called "{region}": want {", ".join(REGIONS)}')
    country, category = REGIONS[region]
    # A holiday of January may move a working day into December, so one more year at each end is read.
    years = range(max(first.year - 1, date.min.year), min(last.year + 1, date.max.year) + 1)
    known = holidays.country_holidays(country, years=years, categories=(category,), expand=False)
    make_up = frozenset(known.weekend_workdays)
    warnings = []
    if region == "CN":
        published = {day.year for day in make_up}
        warnings = [
            f"{year}: no make-up working days are published for CN; its weekends are all taken as free"
            for year in range(first.year, last.year + 1)
            if year not in published
        ]
    return SpecialDays(
        frozenset(day for day in known if first <= day <= last),
        frozenset(day for day in make_up if first <= day <= last),
        tuple(warnings),
    )
