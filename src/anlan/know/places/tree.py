"""The drill-down from province to grid: one division's children, and how much of each kind lies in every one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anlan.desk.access.regions import within
from anlan.desk.access.standing import may
from anlan.desk.lists.declare import List, lists
from anlan.know.places import gates
from anlan.know.places.models import Region
from anlan.know.places.rules import ancestors

COUNTED = ("know", "watch")
"""Lists of these menu groups are counted by region, when they can be filtered by it."""


@dataclass(frozen=True)
class Counted:
    """One column of the drill-down: a list, the filter that narrows it, and the count in each region."""

    name: str
    title: str
    query: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Row:
    """One division of the table with its counts, in the order of the columns."""

    region: Region
    children: int
    numbers: tuple[tuple[Counted, int], ...]


@dataclass(frozen=True)
class Branch:
    """Divisions side by side, what is counted in them, and the way down to them."""

    rows: tuple[Row, ...]
    columns: tuple[Counted, ...]
    path: tuple[Region, ...] = ()


def branch(user, above: Region | None = None) -> Branch:
    """The children of a region, or where this person's own subtrees begin."""
    regions = list(_children(user, above))
    columns = tuple(_counted(user, entry, column, regions) for entry, column in countable(user))
    below = dict(
        gates.seen_by(user)
        .filter(parent__in=regions)
        .values_list("parent")
        .annotate(count=Count("pk"))
        .values_list("parent", "count")
    )
    rows = tuple(
        Row(region, below.get(region.pk, 0), tuple((one, one.counts.get(region.code, 0)) for one in columns))
        for region in regions
    )
    return Branch(rows, columns, path(user, above) if above else ())


def path(user, region: Region) -> tuple[Region, ...]:
    """The seen regions above this one, the highest first, and itself."""
    return tuple(gates.seen_by(user).filter(code__in=[*ancestors(region.code), region.code]).order_by("level"))


def _children(user, above: Region | None) -> QuerySet[Region]:
    seen = gates.seen_by(user).filter(valid_to=None)
    if above is not None:
        return seen.filter(parent=above).order_by("code")
    inner = Q(parent__in=gates.seen_by(user).values("pk"))
    return seen.exclude(inner).order_by("code")


def countable(user) -> list[tuple[List, str]]:
    """(list, column of its region) for what this person may see and filter by region."""
    found = []
    for entry in lists().values():
        if entry.menu is None or entry.menu.group not in COUNTED or not may(user, entry.permission):
            continue
        chosen = next((one for one in entry.filters if one.kind == "region" and one.apply is None), None)
        if chosen is not None:
            found.append((entry, chosen.column))
    return sorted(found, key=lambda pair: (COUNTED.index(pair[0].menu.group), pair[0].menu.order))


def _counted(user, entry: List, column: str, regions: list[Region]) -> Counted:
    query = next(one.name for one in entry.filters if one.kind == "region")
    return Counted(entry.name, str(entry.title), query, _by_child(entry.gate(user), column, regions))


def _by_child(rows: QuerySet, column: str, regions: list[Region]) -> dict[str, int]:
    """Rows below each region. The database groups by the whole code, which its index does while reading; the sums by
    beginning are made here."""
    if not regions:
        return {}
    lengths = sorted({len(region.code) for region in regions})
    counts = dict.fromkeys((region.code for region in regions), 0)
    span = within(_shared(counts), column)
    for code, count in rows.filter(span).order_by().values_list(column).annotate(Count("pk")):
        for length in lengths:
            if code[:length] in counts:
                counts[code[:length]] += count
                break
    return counts


def _shared(codes: Iterable[str]) -> str:
    """The beginning that all codes share: what lies between the first and the last in order shares theirs."""
    first, last = min(codes), max(codes)
    differ = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:differ]
