"""Values as bytes and back, without running anything that the bytes could name: no pickle.

One JSON line (the shape of the value, where its arrays stand, and a checksum of all that follows), then
the arrays, each compressed with LZ4. Data classes and enumerations are named, and only those of this
package are made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

#: First key of the JSON line: what this is and how it is written.
FORMAT = "reform-replay finished job, 1"


class DamagedError(ValueError):
    """Bytes that are no packed value, or not a whole one."""


def pack(value: object) -> bytes:
    """Return `value` as bytes.

    Plain values, tuples, lists, mappings with plain keys, NumPy arrays without objects, and data
    classes and enumerations of this package.

    Raises
    ------
    TypeError : for any other value.
    """
    import pyarrow as pa

    arrays: list[npt.NDArray[Any]] = []
    shape = _shape(value, arrays)
    blobs = [pa.compress(a.tobytes(), codec="lz4", asbytes=True) if a.nbytes else b"" for a in arrays]
    body = b"".join(blobs)
    head = {
        "format": FORMAT,
        "sha256": hashlib.sha256(body).hexdigest(),
        "value": shape,
        "arrays": [
            {"dtype": np.lib.format.dtype_to_descr(a.dtype), "shape": a.shape, "bytes": len(blob)}
            for a, blob in zip(arrays, blobs, strict=True)
        ],
    }
    line = json.dumps(head).encode()
    return hashlib.sha256(line).hexdigest().encode() + b" " + line + b"\n" + body


def unpack(data: bytes) -> Any:
    """Return the value that `data` holds.

    Raises
    ------
    DamagedError : if it holds none, or not a whole one.
    """
    import pyarrow as pa

    try:
        line, _, body = data.partition(b"\n")
        check, _, line = line.partition(b" ")
        if hashlib.sha256(line).hexdigest().encode() != check:
            raise DamagedError("its description is damaged")
        head = json.loads(line)
        if head["format"] != FORMAT or hashlib.sha256(body).hexdigest() != head["sha256"]:
            raise DamagedError("its arrays are damaged")
        arrays, place = [], 0
        for entry in head["arrays"]:
            arrays.append(_array(entry, body[place : place + entry["bytes"]]))
            place += entry["bytes"]
        return _value(head["value"], arrays)
    except (ValueError, KeyError, TypeError, AttributeError, ImportError, IndexError, pa.ArrowException) as e:
        raise DamagedError(f"not a finished job: {e}") from e


def _array(entry: dict[str, Any], blob: bytes) -> npt.NDArray[Any]:
    import pyarrow as pa

    dtype = np.lib.format.descr_to_dtype(_descr(entry["dtype"]))
    if dtype.hasobject:
        raise DamagedError("arrays of objects are not made")
    count = int(np.prod(entry["shape"], dtype=np.int64))
    raw = pa.decompress(blob, decompressed_size=count * dtype.itemsize, codec="lz4") if blob else b""
    return np.frombuffer(raw, dtype=dtype, count=count).reshape(entry["shape"]).copy()


def _descr(value: Any) -> Any:
    """Return a description of a NumPy type with the tuples that JSON made lists of."""
    if isinstance(value, str):
        return value
    return [tuple(tuple(x) if isinstance(x, list) else x for x in field) for field in value]


def _shape(value: Any, arrays: list[npt.NDArray[Any]]) -> Any:
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray | np.generic):
        array = np.ascontiguousarray(value).reshape(np.shape(value))
        if array.dtype.hasobject:
            raise TypeError("an array of objects cannot be packed")
        arrays.append(array)
        return {"array": len(arrays) - 1, "one": isinstance(value, np.generic)}
    if type(value) is tuple:
        return {"tuple": [_shape(one, arrays) for one in value]}
    if type(value) is list:
        return [_shape(one, arrays) for one in value]
    if isinstance(value, Enum):
        return {"enum": _name(type(value)), "member": value.name}
    if is_dataclass(value) and not isinstance(value, type):
        inside = {f.name: _shape(getattr(value, f.name), arrays) for f in fields(value) if f.init}
        return {"data": _name(type(value)), "fields": inside}
    if isinstance(value, Mapping):
        return {"mapping": [[_shape(k, arrays), _shape(v, arrays)] for k, v in value.items()]}
    for kind in (str, int, float):
        if isinstance(value, kind):  # one that knows its place in a file: the value is enough
            return kind(value)
    raise TypeError(f"a {type(value)} cannot be packed")


def _value(shape: Any, arrays: list[npt.NDArray[Any]]) -> Any:
    if isinstance(shape, list):
        return [_value(one, arrays) for one in shape]
    if not isinstance(shape, dict):
        return shape
    if "array" in shape:
        array = arrays[shape["array"]]
        return array[()] if shape["one"] else array
    if "tuple" in shape:
        return tuple(_value(one, arrays) for one in shape["tuple"])
    if "enum" in shape:
        return _class(shape["enum"], Enum)[shape["member"]]
    if "data" in shape:
        made = _class(shape["data"], object)
        return made(**{name: _value(one, arrays) for name, one in shape["fields"].items()})
    return {_value(k, arrays): _value(v, arrays) for k, v in shape["mapping"]}


def _name(kind: type) -> str:
    if not kind.__module__.startswith("sim."):
        raise TypeError(f"{kind} is not of this package: it cannot be packed")
    return f"{kind.__module__}:{kind.__qualname__}"


def _class(name: str, base: type) -> Any:
    """Return the data class or enumeration of this package that is called `name`."""
    module, _, qualified = name.partition(":")
    found = getattr(import_module(module), qualified) if module.startswith("sim.") else None
    if not (isinstance(found, type) and issubclass(found, base)):
        raise DamagedError(f"{name} is none of this package's values")
    if not (is_dataclass(found) or issubclass(found, Enum)):
        raise DamagedError(f"{name} is none of this package's values")
    return found
