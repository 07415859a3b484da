"""What a message of an authority means here: its colour, where it holds, whether it is in force. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from anlan.wire.cap.messages import Alert, Info

COLOURS = {"red": 1, "orange": 2, "yellow": 3, "blue": 4, "红": 1, "橙": 2, "黄": 3, "蓝": 4}
COLOUR_PARAMETERS = ("severity", "alertlevel", "colour", "color", "awareness_level", "预警级别", "预警颜色")
"""Parameters in which authorities write the colour; names in small letters."""
OF_SEVERITY = {"Extreme": 1, "Severe": 2, "Moderate": 3, "Minor": 4}
"""Usual correspondence (Ⅰ red … Ⅳ blue); only where the message names no colour."""
HEADLINE = re.compile(r"(红|橙|黄|蓝)色")
REGION_CODES = ("cpeas geographic code", "areacode", "adcode", "gb/t 2260", "行政区划代码")
"""Geocodes whose values are division codes of China; names in small letters."""


def colour_of(info: Info) -> tuple[int | None, str]:
    """Level (1 red … 4 blue) or None, and where it was read: parameter, headline, severity or ""."""
    for name, value in info.parameters:
        if name.lower() in COLOUR_PARAMETERS and (level := _colour(value)):
            return level, "parameter"
    if found := HEADLINE.search(info.headline):
        return COLOURS[found[1]], "headline"
    level = OF_SEVERITY.get(info.severity)
    return level, "severity" if level else ""


def _colour(value: str) -> int | None:
    words = value.lower()
    return next((level for word, level in COLOURS.items() if word in words), None)


def region_codes(infos: Iterable[Info], further: Sequence[str] = ()) -> list[str]:
    """Division codes that the message names, without trailing zeros, each once, in their order."""
    names = {*REGION_CODES, *(name.lower() for name in further)}
    found: dict[str, None] = {}
    for info in infos:
        for area in info.areas:
            for name, value in area.geocodes:
                if name.lower() in names:
                    found.update(dict.fromkeys(_codes(value)))
    return list(found)


def _codes(value: str) -> list[str]:
    codes = []
    for word in re.split(r"[\s,;，；]+", value):
        if word.isascii() and word.isdecimal() and 2 <= len(word) <= 15:
            length = next((digits for digits in (2, 4, 6, 9, 12) if not word[digits:].strip("0")), len(word))
            codes.append(word[:length])
    return codes


def without_children(codes: Iterable[str]) -> list[str]:
    """Codes of which none lies within another."""
    kept: list[str] = []
    for code in sorted(set(codes), key=lambda code: (len(code), code)):
        if not any(code.startswith(above) for above in kept):
            kept.append(code)
    return kept


def preferred(infos: Sequence[Info], language: str = "zh") -> Info | None:
    """The block in the reader's language, else the first."""
    return next((info for info in infos if info.language.lower().startswith(language)), infos[0] if infos else None)


def is_kept(alert: Alert) -> bool:
    """Receipts and refusals between authorities begin and end nothing."""
    return alert.kind in ("Alert", "Update", "Cancel")


# --- in force -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class InForce:
    """A bulletin that holds now: colour, where, until when."""

    id: int
    level: int | None
    event: str
    headline: str
    expires: datetime
    regions: tuple[str, ...]
    shape: BaseGeometry | None = None


def over(
    found: Iterable[InForce], region: str = "", lon: float | None = None, lat: float | None = None
) -> list[InForce]:
    """Those that hold at a place, or somewhere in a region; the gravest first.

    A place is judged by the drawn area where there is one, else by its region's code; a region by codes alone, upward
    and downward: an alert for the province holds in the town, one for a town is one somewhere in the county.
    """
    chosen = [one for one in found if _holds(one, region, lon, lat)]
    return sorted(chosen, key=lambda one: (one.level or 9, one.expires))


def _holds(one: InForce, region: str, lon: float | None, lat: float | None) -> bool:
    if lon is not None and lat is not None:
        if one.shape is not None:
            return one.shape.intersects(Point(lon, lat))
        return bool(region) and any(region.startswith(code) for code in one.regions)
    return bool(region) and any(region.startswith(code) or code.startswith(region) for code in one.regions)
