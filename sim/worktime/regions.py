"""Public holidays and make-up working days of a region, from the `holidays` package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import holidays

#: Region of the scenario language -> country and categories of the `holidays` package. In Hong Kong
#: offices close on general holidays (Good Friday too), which the package calls optional.
REGIONS = {
    "CN": ("CN", ("public",)),
    "HK": ("HK", ("public", "optional")),
    "MO": ("MO", ("public",)),
    "MO-government": ("MO", ("government",)),
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
    country, categories = REGIONS[region]
    # A holiday of January may move a working day into December, so one more year at each end is read.
    years = range(max(first.year - 1, date.min.year), min(last.year + 1, date.max.year) + 1)
    # Category by category: asked for two at once, the package moves a Sunday's holiday twice.
    known = [
        holidays.country_holidays(country, years=years, categories=(category,), expand=False)
        for category in categories
    ]
    make_up = frozenset(day for days in known for day in days.weekend_workdays)
    warnings = []
    if region == "CN":
        published = {day.year for day in make_up}
        warnings = [
            f"{year}: no make-up working days are published for CN; its weekends are all taken as free"
            for year in range(first.year, last.year + 1)
            if year not in published
        ]
    return SpecialDays(
        frozenset(day for days in known for day in days if first <= day <= last),
        frozenset(day for day in make_up if first <= day <= last),
        tuple(warnings),
    )
