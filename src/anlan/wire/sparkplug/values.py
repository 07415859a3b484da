"""From a metric's value to numbers and texts: every data type of Sparkplug B (section 6.4.16)."""

import math
import struct
from collections.abc import Iterator

from anlan.wire.thingsboard.payload import FLOAT32_MOST

(
    INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT, DOUBLE, BOOLEAN, STRING, DATETIME, TEXT, UUID,
    DATASET, BYTES, FILE, TEMPLATE, PROPERTY_SET, PROPERTY_SET_LIST, INT8_ARRAY, INT16_ARRAY, INT32_ARRAY, INT64_ARRAY,
    UINT8_ARRAY, UINT16_ARRAY, UINT32_ARRAY, UINT64_ARRAY, FLOAT_ARRAY, DOUBLE_ARRAY, BOOLEAN_ARRAY, STRING_ARRAY,
    DATETIME_ARRAY,
) = range(1, 35)  # fmt: skip

SIGNED = {INT8: 8, INT16: 16, INT32: 32, INT64: 64}
UNSIGNED = {UINT8: 8, UINT16: 16, UINT32: 32, UINT64: 64}
TEXTS = (STRING, TEXT, UUID)
ARRAYS = {
    INT8_ARRAY: "b", INT16_ARRAY: "h", INT32_ARRAY: "i", INT64_ARRAY: "q", UINT8_ARRAY: "B", UINT16_ARRAY: "H",
    UINT32_ARRAY: "I", UINT64_ARRAY: "Q", FLOAT_ARRAY: "f", DOUBLE_ARRAY: "d",
}  # fmt: skip
DEEPEST = 8
"""Templates within templates."""
MOST_ELEMENTS = 1_000
"""Elements of an array, cells of a data set that are looked at."""

Found = tuple[str, float | str | None, str]
"""Key, value, and why there is none: "" beside a value."""


def values(key: str, datatype: int, metric, depth: int = 0) -> Iterator[Found]:
    """What a metric (or a template's member) says: one number or text, or many under longer keys.

    Members of a template are ``key/member``, elements of an array ``key/0`` …, a data set of one row ``key/column``.
    """
    which = metric.WhichOneof("value")
    if which is None:
        yield key, None, "no value"
    elif datatype == TEMPLATE or which == "template_value":
        yield from _template(key, metric.template_value, depth)
    elif datatype == DATASET or which == "dataset_value":
        yield from _data_set(key, metric.dataset_value)
    elif datatype in ARRAYS or datatype == BOOLEAN_ARRAY:
        yield from _array(key, datatype, metric.bytes_value)
    else:
        yield key, *_one(datatype, which, getattr(metric, which))


def _one(datatype: int, which: str, value) -> tuple[float | str | None, str]:
    if datatype in TEXTS or which == "string_value":
        return (value, "") if isinstance(value, str) else (None, f"a text as {which}")
    if datatype in (DATETIME, BYTES, FILE, PROPERTY_SET, PROPERTY_SET_LIST, STRING_ARRAY, DATETIME_ARRAY):
        return None, ""
    if isinstance(value, bytes):
        return None, "bytes where a number is due"
    if datatype in SIGNED:
        return _signed(value, SIGNED[datatype])
    if datatype in UNSIGNED:
        return _bounded(value, 0, 2 ** UNSIGNED[datatype] - 1)
    return _finite(float(value))


def _signed(value, bits: int) -> tuple[float | None, str]:
    """Two's complement in the width of the field that carried it: 32 bits, or 64, or already of the type's own."""
    value = int(value)
    carried = 64 if value >= 2**32 or bits == 64 else 32
    if value >= 2 ** (carried - 1):
        value -= 2**carried
    elif 2 ** (bits - 1) <= value < 2**bits:
        value -= 2**bits
    return _bounded(value, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _bounded(value, low: int, high: int) -> tuple[float | None, str]:
    return (float(value), "") if low <= value <= high else (None, f"{value} is outside its data type")


def _finite(value: float) -> tuple[float | None, str]:
    if math.isfinite(value) and abs(value) <= FLOAT32_MOST:
        return value, ""
    return None, f"expected a number, got {value}"


def _array(key: str, datatype: int, data: bytes) -> Iterator[Found]:
    if datatype == BOOLEAN_ARRAY:
        yield from _flags(key, data)
        return
    code = ARRAYS[datatype]
    size = struct.calcsize("<" + code)
    if len(data) % size or len(data) // size > MOST_ELEMENTS:
        yield key, None, f"{len(data)} bytes are no array of up to {MOST_ELEMENTS} elements of {size}"
        return
    for place, (value,) in enumerate(struct.iter_unpack("<" + code, data)):
        yield f"{key}/{place}", *_finite(float(value))


def _flags(key: str, data: bytes) -> Iterator[Found]:
    """Their number in four bytes, then a bit each, the highest first."""
    count = int.from_bytes(data[:4], "little")
    if len(data) < 4 or count > MOST_ELEMENTS or len(data) != 4 + (count + 7) // 8:
        yield key, None, f"{len(data)} bytes are no array of up to {MOST_ELEMENTS} flags"
        return
    for place in range(count):
        yield f"{key}/{place}", float(data[4 + place // 8] >> (7 - place % 8) & 1), ""


def _data_set(key: str, found) -> Iterator[Found]:
    """One row is the state of many columns; more rows are a table, which is no reading."""
    if len(found.rows) != 1:
        return
    row = found.rows[0]
    if not len(found.columns) == len(found.types) == len(row.elements) <= MOST_ELEMENTS:
        yield key, None, "columns, types and elements of the data set are not equally many"
        return
    for column, datatype, element in zip(found.columns, found.types, row.elements, strict=True):
        which = element.WhichOneof("value")
        if which:
            yield f"{key}/{column}", *_one(datatype, which, getattr(element, which))


def _template(key: str, template, depth: int) -> Iterator[Found]:
    if template.is_definition:
        return
    if depth == DEEPEST:
        yield key, None, "templates nested too deep"
        return
    for member in template.metrics:
        if not member.is_null:
            yield from values(f"{key}/{member.name}", member.datatype, member, depth + 1)
