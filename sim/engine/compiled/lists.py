"""Lists in the making: of whole numbers one after the other, and of rows that become a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


class WholeNumbers:
    """The table of whole numbers in the making: lists one after the other."""

    def __init__(self) -> None:
        self._lists: list[npt.NDArray[np.int64]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, values: npt.NDArray[np.int64]) -> int:
        """Append a list; return the place of its first number."""
        at = self._length
        self._lists.append(values)
        self._length += len(values)
        return at

    def array(self, more: tuple[int, ...]) -> npt.NDArray[np.int64]:
        """Return all lists, and `more` numbers behind them."""
        return np.concatenate([*self._lists, np.array(more, np.int64)])


def table_of(rows: list[dict[str, Any]], dtype: np.dtype[np.void]) -> npt.NDArray[Any]:
    """Return a table of rows; fields that a row does not state are 0."""
    names = dtype.names or ()
    return np.array([tuple(row.get(name, 0) for name in names) for row in rows], dtype)
