"""Tables that compiled code reaches through one array of addresses.

A run has some thirty tables. Passed one by one, every call between compiled functions would copy two
hundred words; kept in one list of addresses and lengths, a call passes one array, and the driver can give
a table more room between two calls without compiled code noticing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype


def reader(place: int, dtype: Any) -> Callable[[Any], Any]:
    """Return a function for compiled code: from the list of addresses to the table at `place`.

    Parameters
    ----------
    place : the list holds the table's address at ``2 * place`` and its length behind it.
    dtype : of the table's rows.
    """
    made = np.dtype(dtype)
    element = from_dtype(made)
    whole = types.Array(element, 1, "C")
    size = made.itemsize

    @intrinsic
    def table(_typing: Any, addresses: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            source = make_array(signature.args[0])(context, builder, arguments[0])

            def word(i: int) -> Any:
                where = builder.gep(source.data, [context.get_constant(types.intp, i)])
                return builder.load(where)

            array = make_array(whole)(context, builder)
            step = context.get_constant(types.intp, size)
            populate_array(
                array,
                data=builder.inttoptr(word(2 * place), context.get_data_type(element).as_pointer()),
                shape=cgutils.pack_array(builder, [word(2 * place + 1)]),
                strides=cgutils.pack_array(builder, [step]),
                itemsize=step,
                meminfo=None,
            )
            return array._getvalue()

        return whole(addresses), code

    found: Any = table
    return cast("Callable[[Any], Any]", found)
