"""Copies a record between arrays as a whole: ``to[place] = source[row]``, which Numba does byte by byte."""

from __future__ import annotations

from typing import Any

import llvmlite.ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic


@intrinsic
def copy_row(_typing: Any, to: Any, place: Any, source: Any, row: Any) -> Any:
    """Copy ``source[row]`` to ``to[place]``; both are arrays of one dimension and of the same record.

    Places count from 0, and none is checked.
    """
    if not (isinstance(to, types.Array) and isinstance(to.dtype, types.Record) and to.ndim == 1):
        raise TypingError(f"rows are copied between arrays of records, not {to}")
    if not (isinstance(source, types.Array) and source.dtype == to.dtype and source.ndim == 1):
        raise TypingError(f"rows are copied between arrays of the same record, not from {source} to {to}")
    size = to.dtype.size

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def at(kind: Any, array: Any, index: Any, index_kind: Any) -> Any:
            made = context.make_array(kind)(context, builder, array)
            stride = builder.extract_value(made.strides, 0)
            offset = builder.mul(context.cast(builder, index, index_kind, types.intp), stride)
            first = builder.bitcast(made.data, llvmlite.ir.IntType(8).as_pointer())
            return builder.gep(first, [offset])

        kinds = signature.args
        where = at(kinds[0], arguments[0], arguments[1], kinds[1])
        whence = at(kinds[2], arguments[2], arguments[3], kinds[3])
        copy: Any = cgutils.raw_memcpy
        copy(builder, where, whence, context.get_constant(types.intp, size), 1)
        return context.get_dummy_value()

    return types.none(to, place, source, row), code
