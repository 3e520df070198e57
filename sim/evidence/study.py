"""How much evidence is made: numbers of draws, kind of attribution."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import InputError

#: Kinds of attribution.
ATTRIBUTIONS = ("sampled", "exact", "none")
#: Draws of a reading that is not the headline, at first and at most.
OTHER = 64
#: Fewest draws (the first batch) and most.
LEAST, MOST = 16, 4096


@dataclass(frozen=True)
class Study:
    """How much evidence is made.

    Attributes
    ----------
    draws : of the headline reading at first, doubled once where too few of them count; 0: none. A power
        of two, as Sobol sequences want it.
    attribution : ``sampled``, ``exact`` (every subset of the levers) or ``none``; of the headline reading.
    explain : whether to look for what its verdicts depend on and what would flip them.
    total : total sensitivity indices, on an emulator, beside the first-order ones.

    Raises
    ------
    InputError : for a number that is no power of two, and an attribution that there is not.
    """

    draws: int = 128
    attribution: str = "sampled"
    explain: bool = True
    total: bool = False

    def __post_init__(self) -> None:
        n = self.draws
        if n and (not LEAST <= n <= MOST or n & (n - 1)):
            raise InputError(f"--draws must be 0 or a power of two from {LEAST} to {MOST}, found {n}.")
        if self.attribution not in ATTRIBUTIONS:
            known = ", ".join(ATTRIBUTIONS)
            raise InputError(f"--attribution must be one of {known}; found {self.attribution}.")

    def budget(self, *, headline: bool) -> tuple[int, int]:
        """Return the first and the greatest number of draws of a reading."""
        return (self.draws, 2 * self.draws) if headline else (min(OTHER, self.draws),) * 2
