"""Distributions of the language: a constant, or one named law with its parameters.

Each form is one model with one key, as in the file: ``{gamma: {mean: 20 min, cv: 0.6}}`` is
``Gamma(gamma=MeanCv(...))``. ``law.numbers()`` lists all its numbers, ``law.dimension()`` what its times
are, ``law.upper()`` its greatest value (``math.inf`` where it has none). A constant is a ``Constant``
whether written bare or as ``{constant: 20 min}``. The network builder turns them into ``sim.chance``
laws.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, PlainValidator, Tag, ValidationInfo, WithJsonSchema

from sim.scenario.fields import Model, checking, near, show
from sim.scenario.law_parts import KMean, Law, MeanCv, MeanOnly, MedianP90, ShapeMean, Table, several, some
from sim.scenario.numbers import FORMS, Amount, AnyNumber, Length, Number, plain
from sim.scenario.tree import NOWHERE, Mark
from sim.scenario.units import SECOND, Quantity


class Constant(Law):
    """A constant: always the same."""

    constant: Length

    def times(self) -> tuple[Number, ...]:
        """Return its value."""
        return (self.constant,)

    def upper(self, day: float = 86400.0) -> float:
        """Return its value."""
        return self.constant.bounds(day)[1]

    @property
    def mark(self) -> Mark:
        """Its place in the file."""
        return self.constant.mark


class Uniform(Law):
    """A uniform law: any value between two."""

    uniform: Annotated[tuple[Length, ...], several(2, "[lowest, highest]")]

    def times(self) -> tuple[Number, ...]:
        """Return both ends."""
        return self.uniform

    def upper(self, day: float = 86400.0) -> float:
        """Return the upper end."""
        return self.uniform[1].bounds(day)[1]


class Triangular(Law):
    """A triangular law: lowest, likeliest, highest."""

    triangular: Annotated[tuple[Length, ...], several(3, "[lowest, likeliest, highest]")]

    def times(self) -> tuple[Number, ...]:
        """Return the three."""
        return self.triangular

    def upper(self, day: float = 86400.0) -> float:
        """Return the highest."""
        return self.triangular[2].bounds(day)[1]


class Pert(Law):
    """A PERT law: lowest, likeliest, highest."""

    pert: Annotated[tuple[Length, ...], several(3, "[lowest, likeliest, highest]")]

    def times(self) -> tuple[Number, ...]:
        """Return the three."""
        return self.pert

    def upper(self, day: float = 86400.0) -> float:
        """Return the highest."""
        return self.pert[2].bounds(day)[1]


class Exponential(Law):
    """An exponential law: by its mean."""

    exponential: MeanOnly

    def times(self) -> tuple[Number, ...]:
        """Return the mean."""
        return (self.exponential.mean,)


class Gamma(Law):
    """A gamma law: by mean and cv."""

    gamma: MeanCv

    def times(self) -> tuple[Number, ...]:
        """Return the mean."""
        return (self.gamma.mean,)

    def shapes(self) -> tuple[Number, ...]:
        """Return the cv."""
        return (self.gamma.cv,)


class Erlang(Law):
    """An Erlang law: by k and mean."""

    erlang: KMean

    def times(self) -> tuple[Number, ...]:
        """Return the mean."""
        return (self.erlang.mean,)

    def shapes(self) -> tuple[Number, ...]:
        """Return k."""
        return (self.erlang.k,)


def _lognormal(value: Any) -> str:
    return "quantiles" if isinstance(value, dict) and {"median", "p90"} & set(value) else "mean"


class Lognormal(Law):
    """A lognormal law: by mean and cv, or by median and p90."""

    lognormal: Annotated[
        Annotated[MeanCv, Tag("mean")] | Annotated[MedianP90, Tag("quantiles")], Discriminator(_lognormal)
    ]

    def times(self) -> tuple[Number, ...]:
        """Return the mean, or the median and the p90."""
        p = self.lognormal
        return (p.mean,) if isinstance(p, MeanCv) else (p.median, p.p90)

    def shapes(self) -> tuple[Number, ...]:
        """Return the cv, if it is by mean and cv."""
        return (self.lognormal.cv,) if isinstance(self.lognormal, MeanCv) else ()


class Weibull(Law):
    """A Weibull law: by shape and mean."""

    weibull: ShapeMean

    def times(self) -> tuple[Number, ...]:
        """Return the mean."""
        return (self.weibull.mean,)

    def shapes(self) -> tuple[Number, ...]:
        """Return the shape."""
        return (self.weibull.shape,)


def _table(value: Any, info: ValidationInfo) -> Any:
    return {"values": value} if isinstance(value, list) else value


class Empirical(Law):
    """An empirical law: recorded values, drawn as they are."""

    empirical: Annotated[Table, BeforeValidator(_table, json_schema_input_type=Table | tuple[Length, ...])]

    def times(self) -> tuple[Number, ...]:
        """Return the values."""
        return self.empirical.values

    def shapes(self) -> tuple[Number, ...]:
        """Return the weights."""
        return self.empirical.weights or ()

    def upper(self, day: float = 86400.0) -> float:
        """Return the greatest value."""
        return max((v.bounds(day)[1] for v in self.empirical.values), default=0.0)


class Component(Model):
    """A part of a mixture: {weight: 0.3, of: LAW}."""

    weight: Amount
    of: AnyLaw


class Mixture(Law):
    """A mixture: one of several laws, by weight."""

    mixture: Annotated[tuple[Component, ...], BeforeValidator(some)]

    def times(self) -> tuple[Number, ...]:
        """Return the times of all parts."""
        return tuple(n for c in self.mixture for n in c.of.times())

    def shapes(self) -> tuple[Number, ...]:
        """Return the weights, and the plain numbers of all parts."""
        return tuple(c.weight for c in self.mixture) + tuple(n for c in self.mixture for n in c.of.shapes())

    def upper(self, day: float = 86400.0) -> float:
        """Return the greatest of its parts'."""
        return max((c.of.upper(day) for c in self.mixture), default=0.0)


class Scaled(Law):
    """A scaled law: another times a number (what the edit `scale` makes)."""

    scaled: AnyLaw
    times_: Amount

    def times(self) -> tuple[Number, ...]:
        """Return the times of the law within."""
        return self.scaled.times()

    def shapes(self) -> tuple[Number, ...]:
        """Return the factor and the plain numbers of the law within."""
        return (self.times_, *self.scaled.shapes())

    def upper(self, day: float = 86400.0) -> float:
        """Return the upper end of the law within, times the factor's."""
        return self.scaled.upper(day) * self.times_.bounds(day)[1]


LAWS = (
    "constant",
    "uniform",
    "triangular",
    "pert",
    "exponential",
    "gamma",
    "erlang",
    "lognormal",
    "weibull",
    "empirical",
    "mixture",
    "scaled",
)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        kinds = [k for k in LAWS if k in value]
        if len(kinds) == 1:
            return kinds[0]
        return "bare" if not kinds and any(k in value for k in FORMS) else "broken"
    return "broken" if isinstance(value, list) else "bare"


def _bare(value: Any, info: ValidationInfo) -> Any:
    return {"constant": value}


def _broken(value: Any, info: ValidationInfo) -> Constant:
    kinds = [k for k in LAWS if k in value] if isinstance(value, dict) else []
    if len(kinds) > 1:
        checking(info).add(
            value, f"`{kinds[0]}` and `{kinds[1]}` stand in one distribution.", "It has one of them."
        )
    else:
        hints = [near(k, (*LAWS, *FORMS)) for k in value] if isinstance(value, dict) else []
        hint = next((h + " " for h in hints if h.startswith("Did")), "")
        checking(info).add(
            value,
            f"a time or a distribution is needed; found {show(value)}.",
            f"{hint}Write `25 min`, or one of {', '.join(LAWS[:-1])}.",
        )
    number = plain(Quantity(0.0, SECOND), getattr(value, "mark", NOWHERE), broken=True)
    return Constant.model_construct(constant=number)


AnyLaw = Annotated[
    Annotated[Constant, Tag("constant")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Triangular, Tag("triangular")]
    | Annotated[Pert, Tag("pert")]
    | Annotated[Exponential, Tag("exponential")]
    | Annotated[Gamma, Tag("gamma")]
    | Annotated[Erlang, Tag("erlang")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[Weibull, Tag("weibull")]
    | Annotated[Empirical, Tag("empirical")]
    | Annotated[Mixture, Tag("mixture")]
    | Annotated[Scaled, Tag("scaled")]
    | Annotated[Constant, BeforeValidator(_bare, json_schema_input_type=AnyNumber), Tag("bare")]
    | Annotated[Constant, PlainValidator(_broken), WithJsonSchema({"not": {}}), Tag("broken")],
    Discriminator(_kind),
]
Component.model_rebuild()
Mixture.model_rebuild()
Scaled.model_rebuild()
