"""A page of named columns as bytes, the same for the browser map, for streams and for snapshots.

    +------+-----------------+--------------------------+-----------------------------+
    | ACOL | u32 LE: length  | UTF-8 JSON header, padded | body: the arrays, each     |
    |      | of the header   | with spaces               | starting on an 8-byte edge |
    +------+-----------------+--------------------------+-----------------------------+

The header is ``{"count": n, "meta": {...}, "columns": [{"name", "dtype", "width", "offset", "nbytes"}]}``:

========  ==============================================================================================
count     rows in the page, the same for every column
meta      whatever the sender wants to say about the page (JSON)
dtype     numpy's name of the little-endian type: ``<f4 <f8 <i4 <u4 <i8 <u8 <i2 <u2 |u1 |i1``
width     1, or k when each row is a vector of k values (a position is ``<f4`` of width 2)
offset    bytes from the start of the body
nbytes    length of the array in bytes
========  ==============================================================================================

The header is padded so that the body starts on a multiple of eight: a reader in any language can lay typed arrays
over the buffer without copying. ``web/src/columns.ts`` reads the same form; neither changes alone.
"""

import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

MAGIC = b"ACOL"
EDGE = 8
DTYPES = frozenset({"<f4", "<f8", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "|i1", "|u1"})


class PageProblem(ValueError):
    """The bytes are not a page, or the columns cannot be one; the text says where and why."""


def pack(columns: Mapping[str, np.ndarray], meta: Mapping[str, Any] | None = None) -> bytes:
    """Columns of equal length, each one- or two-dimensional, as one page."""
    count, described, arrays, offset = None, [], [], 0
    for name, column in columns.items():
        array = _little_endian(name, np.asarray(column))
        if count is None:
            count = len(array)
        if len(array) != count:
            raise PageProblem(f"column {name!r} has {len(array)} rows where the first column has {count}")
        width = array.shape[1] if array.ndim == 2 else 1
        described.append(
            {"name": name, "dtype": array.dtype.str, "width": width, "offset": offset, "nbytes": array.nbytes}
        )
        arrays.append(array)
        offset += array.nbytes + -array.nbytes % EDGE
    header = orjson.dumps({"count": count or 0, "meta": dict(meta or {}), "columns": described})
    header += b" " * (-(len(header) + len(MAGIC) + 4) % EDGE)
    parts = [MAGIC, struct.pack("<I", len(header)), header]
    for array in arrays:
        parts += [array.tobytes(), bytes(-array.nbytes % EDGE)]
    return b"".join(parts)


def unpack(data: bytes | memoryview) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """``(columns, meta)`` of a page. The arrays are read-only views on ``data``; nothing is copied."""
    header, body = _split(memoryview(data).cast("B"))
    try:
        described = header["columns"]
        return {one["name"]: _column(one, header["count"], body) for one in described}, header["meta"]
    except (KeyError, TypeError) as problem:
        raise PageProblem(f"the page's header lacks {problem}") from problem


def meta(data: bytes | memoryview) -> dict[str, Any]:
    """What the sender said about the page, without its columns."""
    return _split(memoryview(data).cast("B"))[0].get("meta", {})


def _little_endian(name: str, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind == "b":
        array = array.view(np.uint8)
    wide = array.dtype.newbyteorder("<")
    if wide.str not in DTYPES or array.ndim not in (1, 2) or (array.ndim == 2 and array.shape[1] < 1):
        raise PageProblem(
            f"column {name!r} is {array.dtype} of shape {array.shape}: a page holds numbers in one row or k-vectors"
        )
    return np.ascontiguousarray(array, wide)


def _split(data: memoryview) -> tuple[dict, memoryview]:
    if len(data) < 8 or bytes(data[:4]) != MAGIC:
        raise PageProblem("not a column page: it does not begin with ACOL")
    (length,) = struct.unpack_from("<I", data, 4)
    if 8 + length > len(data):
        raise PageProblem(f"the page is cut: its header says {length} bytes, {len(data) - 8} are there")
    try:
        header = orjson.loads(data[8 : 8 + length])
    except orjson.JSONDecodeError as problem:
        raise PageProblem(f"the page's header is not JSON: {problem}") from problem
    if not isinstance(header, dict):
        raise PageProblem("the page's header is not an object")
    return header, data[8 + length :]


def _column(one: dict, count: int, body: memoryview) -> np.ndarray:
    name, dtype, width, offset, nbytes = (one[key] for key in ("name", "dtype", "width", "offset", "nbytes"))
    whole = all(isinstance(value, int) and value >= 0 for value in (count, width, offset, nbytes))
    if dtype not in DTYPES or not whole or width < 1:
        raise PageProblem(f"column {name!r} is described as {dtype} of width {width}: unknown")
    kind = np.dtype(dtype)
    if nbytes != count * width * kind.itemsize or offset + nbytes > len(body):
        raise PageProblem(f"column {name!r} does not fit: {nbytes} bytes at {offset} of {len(body)}, {count} rows")
    array = np.frombuffer(body, kind, count * width, offset)
    return array if width == 1 else array.reshape(count, width)
