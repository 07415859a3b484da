"""Text with numbers in it, read by machine code: a message whose form is known already differs only in its numbers.

A :class:`Form` is a message without its numbers: the bytes before, between and behind them. :func:`form_of` finds it in
a first message; :func:`read` takes the numbers out of a later one when everything else in it is the same to the byte.
"""

import re
from typing import NamedTuple

import numba
import numpy as np

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|(-?\d[\d.eE+-]*)', re.DOTALL)
MOST_EXACT = 1 << 53
TENS = 10.0 ** np.arange(23)


class Form(NamedTuple):
    """``literals``: all bytes that are no numbers, u8. ``ends``: where each stretch of them ends, i64, one more than
    there are numbers."""

    literals: np.ndarray
    ends: np.ndarray

    @property
    def numbers(self) -> int:
        return len(self.ends) - 1


def form_of(payload: bytes) -> tuple[Form, list[float]]:
    """The form of a JSON text, and its numbers in their order. Numbers inside strings belong to the form."""
    literals, ends, numbers, at = [], [], [], 0
    for found in TOKEN.finditer(payload):
        if found[1] is None:
            continue
        literals.append(payload[at : found.start()])
        numbers.append(float(found[1]))
        at = found.end()
    literals.append(payload[at:])
    ends = np.cumsum([len(stretch) for stretch in literals])
    return Form(np.frombuffer(b"".join(literals), np.uint8), ends.astype(np.int64)), numbers


@numba.njit(cache=True, nogil=True)
def read(payload, literals, ends, numbers, whole):
    """The numbers of a message of this form into ``numbers`` (f8); ``whole`` (u1) says which are written as integers.

    False when it is of another form, or holds a number that needs more than 53 bits or a power of ten beyond 22: those
    are exact in no simple way and are left to a slower reader.
    """
    at, literal, last = 0, 0, len(ends) - 1
    for slot in range(last + 1):
        stretch = ends[slot] - literal
        if at + stretch > len(payload):
            return False
        for offset in range(stretch):
            if payload[at + offset] != literals[literal + offset]:
                return False
        at += stretch
        literal += stretch
        if slot < last:
            at, value, integer = number(payload, at)
            if at < 0:
                return False
            numbers[slot], whole[slot] = value, integer
    return at == len(payload)


@numba.njit(cache=True, nogil=True, inline="always")
def number(payload, at):
    """One JSON number (RFC 8259, 6) from ``at``: where it ends (-1 for none, or one this cannot tell exactly), its
    value, and whether it is written as an integer."""
    size = len(payload)
    negative = at < size and payload[at] == 45
    if negative:
        at += 1
    begin, digits, power = at, 0, 0
    while at < size and 48 <= payload[at] <= 57:
        if digits >= MOST_EXACT // 10:
            return -1, 0.0, False
        digits = digits * 10 + (payload[at] - 48)
        at += 1
    if at == begin or (payload[begin] == 48 and at - begin > 1):
        return -1, 0.0, False
    integer = True
    if at < size and payload[at] == 46:
        integer, begin = False, at + 1
        at += 1
        while at < size and 48 <= payload[at] <= 57:
            if digits >= MOST_EXACT // 10:
                return -1, 0.0, False
            digits = digits * 10 + (payload[at] - 48)
            power -= 1
            at += 1
        if at == begin:
            return -1, 0.0, False
    if at < size and (payload[at] == 69 or payload[at] == 101):
        integer = False
        at += 1
        down = at < size and payload[at] == 45
        if at < size and (payload[at] == 43 or payload[at] == 45):
            at += 1
        begin, exponent = at, 0
        while at < size and 48 <= payload[at] <= 57:
            if exponent > 999:
                return -1, 0.0, False
            exponent = exponent * 10 + (payload[at] - 48)
            at += 1
        if at == begin:
            return -1, 0.0, False
        power += -exponent if down else exponent
    if power > 22 or power < -22:
        return -1, 0.0, False
    # Both sides are exact doubles, so one operation rounds once: the nearest double, as every JSON reader has it.
    value = float(digits) * TENS[power] if power >= 0 else float(digits) / TENS[-power]
    return at, -value if negative else value, integer
