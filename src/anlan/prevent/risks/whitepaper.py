"""The distribution of registered risks by place and sector, and the white paper with the same numbers."""

from collections import Counter
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.layers.declare import LEVELS
from anlan.desk.pages.values import titles
from anlan.know.enterprises.categories import all_categories
from anlan.know.places import gates as place_gates
from anlan.prevent.risks import counting, gates
from anlan.prevent.risks.models import Point

WAYS = ("town", "village", "grid")


def distribution(user, region: str, by: str) -> dict:
    """Tables of counts whose totals agree, for the places this person sees."""
    by = by if by in WAYS else "town"
    region = region if region.isdecimal() and len(region) <= 15 else ""
    points = counting.within_region(gates.seen_by(user), region)
    places = counting.by_place(points, counting.DIGITS[by])
    categories = counting.by_category(points)
    kinds = counting.by_kind(points)
    names = titles("region", set(places))
    called = all_categories()
    total = sum(places.values(), Counter())
    return {
        "region": region,
        "regions": place_gates.seen_by(user).filter(level__in=(6, 9), valid_to=None).order_by("code")[:80],
        "by": by,
        "places": _rows(places, names),
        "categories": _rows(categories, {"": _("未列入监管类别")} | {code: one.title for code, one in called.items()}),
        "kinds": _rows(kinds, dict(Point.Kind.choices)),
        "total": _row("", "", total),
        "levels": LEVELS,
        "today": timezone.localdate(),
    }


def _rows(counts: Mapping[str, Counter], names: Mapping) -> list[dict]:
    rows = [_row(code, names.get(code, code), counted) for code, counted in counts.items()]
    return sorted(rows, key=lambda row: [-count for _level, count in row["counts"]])


def _row(code: str, name, counted: Counter) -> dict:
    """Counts red first; what was never evaluated stands apart and is no level."""
    counts = [(level, counted.get(level, 0)) for level in (1, 2, 3, 4)]
    graded = sum(count for _level, count in counts)
    x, parts = 0.0, []
    for level, count in counts:
        width = round(100 * count / graded, 2) if graded else 0.0
        parts.append((level, count, round(x, 2), width))
        x += width
    return {
        "code": code,
        "name": name,
        "counts": counts,
        "parts": [part for part in parts if part[1]],
        "waiting": counted.get(None, 0),
        "graded": graded,
    }
