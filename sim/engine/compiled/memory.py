"""Tables that compiled code reaches through one list of addresses.

A run has some forty tables. Passed one by one, every call between compiled functions would copy two
hundred words; kept in one list of addresses and lengths, a call passes the list's own address, and the
driver can give a table more room between two calls without compiled code noticing.

Tables and their rows are known to Numba by types of their own, as arrays and records would cost more. Each
index into an array is first compared with 0 (in Python -1 is the last place). And a store to any array might
be a store to any other, so that after each one all would be read again: here every field is told apart from
all others ("type-based alias analysis" in LLVM's manual), and what does not change during a run is said to be
so. Whole numbers of every size are read and written as such of 64 bits, so that a row can be short without
functions being compiled once for each size.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from keyword import iskeyword
from typing import Any, cast
from zlib import crc32

import llvmlite.ir
import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.core.typing.templates import (
    AbstractTemplate,
    AttributeTemplate,
    infer_getattr,
    infer_global,
    signature,
)
from numba.extending import (
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    register_model,
)

#: Bytes that memory hands over at once.
LINE = 64
#: In a dtype's metadata: how many of the first bytes of a row are asked for ahead; else all of them are.
ASKED = "asked"

_WORD = llvmlite.ir.IntType(64)
_BYTE = llvmlite.ir.IntType(8)


class Cell:
    """A value in memory: how it is stored, and what it is told apart by.

    Attributes
    ----------
    offset : in its row, in bytes.
    stored : the dtype of one value: a whole number with a sign, float64 or a truth value.
    name : of its table and field: stores to cells of other names leave it as it is.
    fixed : whether no compiled code ever writes it.
    """

    def __init__(self, offset: int, stored: np.dtype[Any], name: str, fixed: bool) -> None:
        self.offset = offset
        self.stored = stored
        self.name = name
        self.fixed = fixed
        if stored.kind not in "ibf" or (stored.kind == "f" and stored.itemsize != 8):
            raise TypeError(f"{name}: tables hold whole numbers, float64 and truth values, not {stored}")

    @property
    def seen(self) -> Any:
        """The type of the value in compiled code."""
        return {"i": types.int64, "b": types.boolean, "f": types.float64}[self.stored.kind]

    def read(self, builder: Any, row: Any) -> Any:
        """Return the value in the row that starts at `row`."""
        found = builder.load(self._pointer(builder, row), align=1)
        self._tell_apart(builder, found)
        if self.fixed:
            found.set_metadata("invariant.load", builder.module.add_metadata([]))
        if self.stored.kind == "i" and self.stored.itemsize < 8:
            return builder.sext(found, _WORD)
        return found if self.stored.kind != "b" else builder.icmp_unsigned("!=", found, _BYTE(0))

    def write(self, builder: Any, row: Any, value: Any) -> None:
        """Put a value, of the type `seen`, into the row that starts at `row`."""
        if self.stored.kind == "i" and self.stored.itemsize < 8:
            value = builder.trunc(value, self._stored_as())
        elif self.stored.kind == "b":
            value = builder.zext(value, _BYTE)
        self._tell_apart(builder, builder.store(value, self._pointer(builder, row), align=1))

    def _stored_as(self) -> Any:
        if self.stored.kind == "f":
            return llvmlite.ir.DoubleType()
        return llvmlite.ir.IntType(8 * self.stored.itemsize)

    def _pointer(self, builder: Any, row: Any) -> Any:
        place = builder.gep(row, [_WORD(self.offset)])
        return builder.bitcast(place, self._stored_as().as_pointer())

    def _tell_apart(self, builder: Any, instruction: Any) -> None:
        module = builder.module
        root = module.add_metadata([llvmlite.ir.MetaDataString(module, "tables of a run")])
        kind = module.add_metadata([llvmlite.ir.MetaDataString(module, self.name), root, _WORD(0)])
        instruction.set_metadata("tbaa", module.add_metadata([kind, kind, _WORD(0)]))


def _asked_at(dtype: np.dtype[Any]) -> list[int]:
    """Return the bytes of a row at which its lines are asked for. Rows that fill lines begin at one."""
    size = dtype.itemsize
    known: Mapping[str, Any] = dtype.metadata or {}
    asked = known.get(ASKED, size)
    if size % LINE == 0 or LINE % size == 0:
        return list(range(0, asked, LINE))
    return sorted({*range(0, asked, LINE), asked - 1})  # it may begin and end anywhere


def _known_as(name: str, dtype: np.dtype[Any], fixed: bool) -> str:
    """Return a name that no other layout has: types of one name are one type to Numba."""
    return f"{name} {crc32(repr((dtype, fixed)).encode()):08x}"


class Row(types.Type):
    """A row in its table: `row.field` is read and written in place; `class_` where Python has the word."""

    def __init__(self, name: str, dtype: np.dtype[Any], fixed: bool) -> None:
        self.size = dtype.itemsize
        fields: Any = dtype.fields or {}
        self.cells = {
            field + "_" * iskeyword(field): Cell(at[1], at[0], f"{name}.{field}", fixed)
            for field, at in fields.items()
        }
        super().__init__(name=f"Row({_known_as(name, dtype, fixed)})")


class Table(types.Type):
    """A table of rows, or of single numbers, that lie one behind the other.

    Places count from 0, and none is checked, unless NUMBA_BOUNDSCHECK=1.
    """

    def __init__(self, name: str, dtype: np.dtype[Any], fixed: bool) -> None:
        self.size = dtype.itemsize
        self.row = Row(name, dtype, fixed) if dtype.fields else None
        self.cell = Cell(0, dtype, name, fixed) if self.row is None else None
        self.asked_at = _asked_at(dtype)
        super().__init__(name=f"Table({_known_as(name, dtype, fixed)})")

    @property
    def element(self) -> Any:
        """What is at a place, in compiled code."""
        return self.row if self.cell is None else self.cell.seen


@register_model(Row)
class _RowModel(models.PrimitiveModel):
    """The address of its first byte."""

    def __init__(self, manager: Any, kind: Row) -> None:
        super().__init__(manager, kind, _BYTE.as_pointer())


@register_model(Table)
class _TableModel(models.StructModel):
    """Where the first row is, and how many there are."""

    def __init__(self, manager: Any, kind: Table) -> None:
        members = [("first", types.CPointer(types.uint8)), ("length", types.intp)]
        super().__init__(manager, kind, members)


def reader(place: int, name: str, dtype: Any, fixed: bool = False) -> Callable[[Any], Any]:
    """Return a function for compiled code: from the address of the list to the table at `place`.

    Parameters
    ----------
    place : the list holds the table's address at ``2 * place`` and its length behind it.
    name : of what a row is; tables of the same name have the same dtype.
    dtype : of the table's rows.
    fixed : whether compiled code only reads the table.
    """
    whole = Table(name, np.dtype(dtype), fixed)

    @intrinsic
    def table(_typing: Any, addresses: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            source = builder.inttoptr(arguments[0], _WORD.as_pointer())

            def read(i: int) -> Any:
                found = builder.load(builder.gep(source, [_WORD(i)]))
                # Tables move between two calls only: an address that was read once holds until the end.
                found.set_metadata("invariant.load", builder.module.add_metadata([]))
                return found

            made = cgutils.create_struct_proxy(whole)(context, builder)
            made.first = builder.inttoptr(read(2 * place), _BYTE.as_pointer())
            made.length = read(2 * place + 1)
            return made._getvalue()

        return whole(addresses), code

    found: Any = table
    return cast("Callable[[Any], Any]", found)


# ---- table[place] and len(table) -----------------------------------------------------------------------


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


def _place(context: Any, builder: Any, kinds: Any, values: Any, checked: bool = True) -> Any:
    """Return the address of the row at a place; with NUMBA_BOUNDSCHECK=1 it is checked to be there."""
    table = cgutils.create_struct_proxy(kinds[0])(context, builder, values[0])
    index = context.cast(builder, values[1], kinds[1], types.intp)
    if context.enable_boundscheck and checked:
        cgutils.do_boundscheck(context, builder, index, table.length)
    return builder.gep(table.first, [builder.mul(index, _WORD(kinds[0].size), flags=["nsw"])])


@lower_builtin(operator.getitem, Table, types.Integer)  # type: ignore[untyped-decorator]
def _get(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place = _place(context, builder, sig.args, args)
    cell = sig.args[0].cell
    return place if cell is None else cell.read(builder, place)


@lower_builtin(operator.setitem, Table, types.Integer, types.Any)  # type: ignore[untyped-decorator]
def _set(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = sig.args[0]
    place = _place(context, builder, sig.args, args)
    if table.cell is not None:
        table.cell.write(builder, place, args[2])
    else:
        for cell in table.row.cells.values():
            cell.write(builder, place, cell.read(builder, args[2]))
    return context.get_dummy_value()


@lower_builtin(len, Table)  # type: ignore[untyped-decorator]
def _length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0]).length


# ---- row.field -----------------------------------------------------------------------------------------


@infer_getattr
class _FieldType(AttributeTemplate):
    key = Row

    def generic_resolve(self, row: Any, field: str) -> Any:  # type: ignore[override]
        cell = row.cells.get(field)
        return None if cell is None else cell.seen


@lower_getattr_generic(Row)  # type: ignore[untyped-decorator]
def _get_field(_context: Any, builder: Any, row: Any, value: Any, field: str) -> Any:
    return row.cells[field].read(builder, value)


@lower_setattr_generic(Row)  # type: ignore[untyped-decorator]
def _set_field(_context: Any, builder: Any, sig: Any, args: Any, field: str) -> Any:
    sig.args[0].cells[field].write(builder, args[0], args[1])


# ---- fetching ahead ------------------------------------------------------------------------------------


@intrinsic
def fetch(_typing: Any, table: Any, place: Any) -> Any:
    """Ask for the row at a place that is read or written soon, so that it is in the cache by then.

    To ask for a place that is not there does no harm.
    """
    if not isinstance(table, Table):
        raise TypingError(f"rows of tables are fetched, not of {table}")

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        row = _place(context, builder, sig.args, args, checked=False)
        flag = llvmlite.ir.IntType(32)
        kind = llvmlite.ir.FunctionType(llvmlite.ir.VoidType(), [_BYTE.as_pointer(), flag, flag, flag])
        find: Any = cgutils.get_or_insert_function
        ask = find(builder.module, kind, "llvm.prefetch.p0i8")
        for offset in table.asked_at:
            # To be written, kept as near as can be, data.
            builder.call(ask, [builder.gep(row, [_WORD(offset)]), flag(1), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.none(table, place), code
