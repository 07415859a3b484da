"""Region codes as subtrees: the code of a child begins with the code of its parent.

GB/T 2260 gives two digits each to province, city and county, the statistical codes three each to town and
village; a grid adds three more. Codes are kept without trailing zeros, so `36` is Jiangxi and `360108` a county.
"""

from django.db.models import Q


def prefix(code: str) -> str:
    """A division code cut to its significant digits: 360000 -> 36, 360100 -> 3601, 360108001000 -> 360108001."""
    code = code.strip()
    if not code.isdecimal():
        raise ValueError(f"'{code}' is not a division code: digits only")
    for length in (2, 4, 6, 9, 12, 15):
        if len(code) <= length:
            return code
        if set(code[length:]) == {"0"}:
            return code[:length]
    return code


def within(code: str, column: str = "region") -> Q:
    """Rows in the subtree of a code, as one index range (LIKE would not use the index on SQLite). '' is everywhere."""
    if not code:
        return Q()
    if not code.isdecimal():
        raise ValueError(f"'{code}' is not a division code: digits only")
    following = code.rstrip("9")
    if not following:
        return Q(**{f"{column}__gte": code})
    following = following[:-1] + str(int(following[-1]) + 1)
    return Q(**{f"{column}__gte": code, f"{column}__lt": following})


def contains(code: str, other: str) -> bool:
    return other.startswith(code)
