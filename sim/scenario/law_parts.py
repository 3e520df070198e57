"""What the distributions of the language are made of: their base and their parameters."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from sim.scenario.fields import MISSING, Model, checking, listing
from sim.scenario.numbers import Amount, Length, Number
from sim.scenario.tree import Mark
from sim.scenario.units import Dimension


class Law(Model):
    """A distribution: base of all its forms."""

    def times(self) -> tuple[Number, ...]:
        """Return the numbers that are lengths of time."""
        return ()

    def shapes(self) -> tuple[Number, ...]:
        """Return the numbers that are plain."""
        return ()

    def numbers(self) -> tuple[Number, ...]:
        """Return all its numbers."""
        return self.times() + self.shapes()

    def dimension(self) -> Dimension | None:
        """Return whether its times are elapsed or working; None where they are mixed or unknown."""
        found = {n.dimension() for n in self.times() if not n.broken}
        return found.pop() if len(found) == 1 else None

    def upper(self, day: float = 86400.0) -> float:
        """Return the greatest value possible, in seconds; infinite where there is none."""
        return math.inf

    @property
    def mark(self) -> Mark:
        """Its place in the file."""
        return self.raw.mark


class MeanCv(Model):
    """A law by its mean and coefficient of variation: {mean: 20 min, cv: 0.6}."""

    mean: Length
    cv: Amount


class MeanOnly(Model):
    """A law by its mean: {mean: 20 min}."""

    mean: Length


class KMean(Model):
    """An Erlang law's parameters: {k: 3, mean: 20 min}."""

    k: Amount
    mean: Length


class ShapeMean(Model):
    """A Weibull law's parameters: {shape: 1.5, mean: 20 min}."""

    shape: Amount
    mean: Length


class MedianP90(Model):
    """A lognormal law by two quantiles: {median: 3 days, p90: 10 days}."""

    median: Length
    p90: Length


def several(count: int, how: str) -> BeforeValidator:
    """Return a validator for a list of `count` times, written as `how` says."""

    def read(value: Any, info: ValidationInfo) -> Any:
        found = listing(value, info)
        if len(found) != count:
            if isinstance(value, list):
                checking(info).add(value, f"{count} times are needed; found {len(found)}.", f"Write {how}.")
            return (MISSING,) * count
        return found

    return BeforeValidator(read)


def some(value: Any, info: ValidationInfo) -> Any:
    """Take a list that is not empty."""
    found = listing(value, info)
    if not found and isinstance(value, list):
        checking(info).add(value, "the list is empty.", "Write one value or more.")
    return found or (MISSING,)


class Table(Model):
    """A table of values: {values: [10 min, 20 min], weights: [3, 1]}."""

    values: Annotated[tuple[Length, ...], BeforeValidator(some)]
    weights: Annotated[tuple[Amount, ...], BeforeValidator(listing)] | None = None
