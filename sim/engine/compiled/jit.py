"""How functions of the compiled engine are compiled: called by each other only, once for all arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit, types

_OPTIONS = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}


def inner(function: Callable[..., Any]) -> Any:
    """Compile a function together with the loop that calls it; Python never calls it."""
    return _once(njit(**_OPTIONS)(function))


def small(function: Callable[..., Any]) -> Any:
    """As `inner`, and put into each of its callers: for a few lines that are used everywhere."""
    return _once(njit(**_OPTIONS, forceinline=True)(function))


def _once(dispatcher: Any) -> Any:
    """Let calls with 0, with 1 and with a variable share one compiled function.

    Numba would compile one for every literal number among the arguments, which takes four times as long.
    """
    template = dispatcher.get_call_template

    def for_types(arguments: Any, named: Any) -> Any:
        plain = tuple(types.unliteral(argument) for argument in arguments)
        return template(plain, {name: types.unliteral(kind) for name, kind in named.items()})

    dispatcher.get_call_template = for_types
    return dispatcher
