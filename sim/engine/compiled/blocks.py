"""Uniforms and exponentials of many cases at once, in compiled code: arrivals, classes, attributes."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.chance.compiled import uniform
from sim.chance.draws import Draws, word
from sim.engine.compiled.jit import entry


@entry
def _uniforms(seed, run, key, stream, word, numbers, out):
    for i in range(len(numbers)):
        out[i] = uniform(seed, run, numbers[i], key, word, stream)


@entry
def _exponentials(seed, run, key, word, first, out):
    for i in range(len(out)):  # by itself: several at once, side by side
        out[i] = uniform(seed, run, first + i, key, word, key)
    for i in range(len(out)):
        out[i] = -math.log(1.0 - out[i])


class CompiledDraws(Draws):
    """The same draws, blocks of them in compiled code; equal bit by bit."""

    def __init__(self, draws: Draws) -> None:
        super().__init__(draws.seed, draws.draw, draws.replication)

    def _many(
        self, key: int, stream: int, numbers: npt.NDArray[np.integer], entry: int, purpose: int
    ) -> npt.NDArray[np.float64]:
        out = np.empty(len(numbers))
        _uniforms(self.seed, self.run_key, key, stream, word(entry, purpose), numbers.astype(np.int64), out)
        return out

    def _gaps(self, key: int, first: int, count: int, entry: int, purpose: int) -> npt.NDArray[np.float64]:
        out = np.empty(count)
        _exponentials(self.seed, self.run_key, key, word(entry, purpose), first, out)
        return out


def compile_now() -> None:
    """Compile both, and keep them on disk."""
    draws = CompiledDraws(Draws(0))
    draws.uniforms(0, 0, np.zeros(1, np.int64), 0, 0)
    draws.exponentials(0, 0, 1, 0, 0)
