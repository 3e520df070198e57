"""Tables that compiled code reaches through one list of addresses.

A run has some thirty tables. Passed one by one, every call between compiled functions would copy two
hundred words; kept in one list of addresses and lengths, a call passes the list's own address, and the
driver can give a table more room between two calls without compiled code noticing.

A table is known to Numba by a type of its own. An array would do as well, but each index into one is first
compared with 0 (in Python -1 is the last place), which takes a third of the time of a run.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model
from numba.np.numpy_support import from_dtype


class Table(types.Type):
    """A table of rows that lie one behind the other; places count from 0, and none is checked."""

    def __init__(self, element: Any) -> None:
        self.element = element
        super().__init__(name=f"Table({element})")


@register_model(Table)
class _TableModel(models.StructModel):
    """Where the first row is, and how many there are."""

    def __init__(self, manager: Any, kind: Table) -> None:
        members = [("first", types.CPointer(kind.element)), ("length", types.intp)]
        super().__init__(manager, kind, members)


def reader(place: int, dtype: Any) -> Callable[[Any], Any]:
    """Return a function for compiled code: from the address of the list to the table at `place`.

    Parameters
    ----------
    place : the list holds the table's address at ``2 * place`` and its length behind it.
    dtype : of the table's rows.
    """
    whole = Table(from_dtype(np.dtype(dtype)))

    @intrinsic
    def table(_typing: Any, addresses: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            word = context.get_value_type(types.intp)
            source = builder.inttoptr(arguments[0], word.as_pointer())

            def read(i: int) -> Any:
                found = builder.load(builder.gep(source, [context.get_constant(types.intp, i)]))
                # Tables move between two calls only: an address that was read once holds until the end.
                found.set_metadata("invariant.load", builder.module.add_metadata([]))
                return found

            made = cgutils.create_struct_proxy(whole)(context, builder)
            made.first = builder.inttoptr(read(2 * place), context.get_data_type(whole.element).as_pointer())
            made.length = read(2 * place + 1)
            return made._getvalue()

        return whole(addresses), code

    found: Any = table
    return cast("Callable[[Any], Any]", found)


@infer_global(operator.getitem)
class _GetType(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 2 and isinstance(args[0], Table) and isinstance(args[1], types.Integer):
            return signature(args[0].element, *args)
        return None


@infer_global(operator.setitem)
class _SetType(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 3 and isinstance(args[0], Table) and isinstance(args[1], types.Integer):
            return signature(types.none, args[0], args[1], args[0].element)
        return None


@infer_global(len)
class _LengthType(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 1 and isinstance(args[0], Table):
            return signature(types.intp, *args)
        return None


def _place(context: Any, builder: Any, kinds: Any, values: Any) -> Any:
    """Return a pointer to the row at a place; with NUMBA_BOUNDSCHECK=1 it is checked to be there."""
    table = cgutils.create_struct_proxy(kinds[0])(context, builder, values[0])
    index = context.cast(builder, values[1], kinds[1], types.intp)
    if context.enable_boundscheck:
        cgutils.do_boundscheck(context, builder, index, table.length)
    return builder.gep(table.first, [index])


@lower_builtin(operator.getitem, Table, types.Integer)  # type: ignore[untyped-decorator]
def _get(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return context.unpack_value(builder, sig.args[0].element, _place(context, builder, sig.args, args))


@lower_builtin(operator.setitem, Table, types.Integer, types.Any)  # type: ignore[untyped-decorator]
def _set(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place = _place(context, builder, sig.args, args)
    context.pack_value(builder, sig.args[0].element, args[2], place)
    return context.get_dummy_value()


@lower_builtin(len, Table)  # type: ignore[untyped-decorator]
def _length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0]).length
