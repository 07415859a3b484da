"""How many risks of each level: by place, by sector, by kind. One pass over one index each, whatever is asked.

The region's pages and the white paper count what is registered; an enterprise's own pages count what holds just now.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Count, QuerySet

from anlan.desk.access.regions import within
from anlan.desk.layers.declare import LEVELS
from anlan.know.enterprises.models import RegulatedAs
from anlan.prevent.risks.models import Point

DIGITS = {"town": 9, "village": 12, "county": 6, "grid": 15}


def within_region(points: QuerySet[Point], region: str) -> QuerySet[Point]:
    return points.filter(within(region), in_use=True)


def by_level(points: QuerySet[Point], field: str = "dynamic_level") -> list[dict]:
    """The four levels with their counts, red first."""
    counts = dict(points.order_by().values_list(field).annotate(Count("pk")))
    return [{"mark": mark, "count": counts.get(mark.value, 0)} for mark in LEVELS]


def by_place(points: QuerySet[Point], digits: int) -> dict[str, Counter]:
    """Registered levels by the first digits of the region code: towns 9, villages 12."""
    rows = points.order_by().values_list("region", "registered_level").annotate(Count("pk"))
    return _folded((region[:digits], level, count) for region, level, count in rows)


def by_category(points: QuerySet[Point]) -> dict[str, Counter]:
    """Registered levels by what their enterprises are regulated as; one regulated twice counts in both."""
    rows = points.order_by().values_list("enterprise", "registered_level").annotate(Count("pk"))
    of = _categories()
    return _folded((code, level, count) for owner, level, count in rows for code in of.get(owner, ("",)))


def by_kind(points: QuerySet[Point]) -> dict[str, Counter]:
    rows = points.order_by().values_list("kind", "registered_level").annotate(Count("pk"))
    return _folded(rows)


def _categories() -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for enterprise, code in RegulatedAs.objects.order_by().values_list("enterprise", "code"):
        found.setdefault(enterprise, []).append(code)
    return found


def _folded(rows: Iterable[tuple]) -> dict[str, Counter]:
    found: dict[str, Counter] = {}
    for key, level, count in rows:
        found.setdefault(key, Counter())[level] += count
    return dict(sorted(found.items()))
