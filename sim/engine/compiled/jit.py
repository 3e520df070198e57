"""How functions of the compiled engine are compiled: called by each other only, once for all arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba import types
from numba.core.options import DefaultOptions
from numba.extending import intrinsic

from sim.engine.compiled.cache import keeping

# Compiled code counts the references to every array at each call, with locked instructions: a quarter to a
# third of the time of a run. The tables of a run are the driver's and outlive every call, so nothing is
# counted. The option has no public name; without it the same code is compiled, and is slower.
_UNCOUNTED: dict[str, Any] = {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}
_OPTIONS: dict[str, Any] = {
    "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy", **_UNCOUNTED,
}  # fmt: skip

# Options and types are Numba's to check; its own stubs know only some of them.
_njit: Any = numba.njit
_plain: Any = types.unliteral


def inner(function: Callable[..., Any]) -> Any:
    """Compile a function together with the loop that calls it; Python never calls it."""
    # Numba hands the option down, so it is said here: else all that a small function calls would be small.
    return _once(_njit(**_OPTIONS, forceinline=False)(function))


def small(function: Callable[..., Any]) -> Any:
    """As `inner`, and put into each of its callers: for a few lines that are used everywhere."""
    return _once(_njit(**_OPTIONS, forceinline=True)(function))


@intrinsic
def apart(_typing: Any) -> Any:
    """Keep the function whose first line this is out of its callers.

    For what happens seldom: copied into the loop it would take long to compile, and would drive what happens
    always out of the processor's cache of instructions.
    """

    def code(_context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        builder.function.attributes.add("noinline")
        return _context.get_dummy_value()

    return types.none(), code


def entry(function: Callable[..., Any]) -> Any:
    """Compile a function that Python calls, without the interpreter's lock, and keep it on disk.

    It calls `inner` functions and makes no arrays of its own.
    """
    with keeping():
        return _njit(cache=True, nogil=True, error_model="numpy", **_UNCOUNTED)(function)


def _once(dispatcher: Any) -> Any:
    """Let calls with 0, with 1 and with a variable share one compiled function.

    Numba would compile one for every literal number among the arguments, which takes four times as long.
    """
    template = dispatcher.get_call_template

    def for_types(arguments: Any, named: Any) -> Any:
        plain = tuple(_plain(argument) for argument in arguments)
        return template(plain, {name: _plain(kind) for name, kind in named.items()})

    dispatcher.get_call_template = for_types
    return dispatcher
