"""Calendars of packs: the number by which the pipeline knows each, and days that a month does not have."""

import zlib
from collections.abc import Mapping
from datetime import date


def numbered(calendars: Mapping[str, dict]) -> dict[str, dict]:
    """The calendars, each with its `number`: made of its code alone, so that it stays whatever other packs there are.

    Errors: ValueError for a day that is none, and for two codes that happen to have one number.
    """
    found: dict[int, str] = {0: "no calendar"}
    for code, entry in calendars.items():
        for day in entry.get("season", ()):
            _check_day(code, day)
        other = found.setdefault(_number(code), code)
        if other != code:
            raise ValueError(f"'{code}' has the number of '{other}'; choose another code")
    return {code: {**entry, "number": _number(code)} for code, entry in calendars.items()}


def _number(code: str) -> int:
    return zlib.crc32(code.encode())


def _check_day(code: str, day: str) -> None:
    try:
        date.fromisoformat(f"2000-{day}")
    except ValueError:
        raise ValueError(f"'{code}': there is no day {day}; write month and day as '10-01'") from None
