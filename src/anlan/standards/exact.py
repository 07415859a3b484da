"""Numbers as they are written.

0.7 + 0.2 + 0.1 of a critical quantity is 1 and makes a major hazard; in binary floating point it is 0.9999999999999999
and makes none. Where a sum meets a limit, standards count with fractions of the decimal digits that were given.
"""

import math
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from anlan.standards.citing import Refusal, Text

MOST_DIGITS = 400  # beyond any float; a written 1e999999999 would fill the memory before it was compared
Number = int | float | str | Decimal | Fraction


def exact(given: Number, what: Text | None = None) -> Fraction:
    """The number as its shortest decimal digits say it: exact(0.1) is 1/10. Refuses what is no finite number."""
    if isinstance(given, Fraction):
        return given
    try:
        number = Decimal(str(given).strip()) if not isinstance(given, bool) else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        name = what or Text("数值", "the number")
        raise Refusal(Text(f"{name.zh}“{given}”不是数", f"{name.en} {given!r} is not a number"))
    return Fraction(number)


def plain(number: Fraction | float | int) -> int | float:
    """For JSON and for people: an integer where it is one, else the nearest float."""
    if isinstance(number, int):
        return number
    if isinstance(number, Fraction):
        return number.numerator if number.denominator == 1 else number.numerator / number.denominator
    return int(number) if math.isfinite(number) and number == int(number) and abs(number) < 2**53 else number


def digits(number: Fraction | float | int) -> str:
    """As people write it: "162.075", "0.999"; a fraction without an end to its digits is cut with an ellipsis."""
    if isinstance(number, Fraction) and not _ends(number.denominator):
        return f"{float(number):.6g}…"
    if isinstance(number, Fraction):
        number = Decimal(number.numerator) / Decimal(number.denominator)
        return f"{number:f}"
    return f"{plain(number)}"


def _ends(denominator: int) -> bool:
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1
