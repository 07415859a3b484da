"""The drill-down from province to grid: one division's children, and how much of each kind lies in every one."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

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
    counts: dict[str, int] = {}
    by_length = defaultdict(set)
    for region in regions:
        by_length[len(region.code)].add(region.code)
    for length, codes in by_length.items():
        counts |= _by_prefix(entry.gate(user), column, length, codes)
    return Counted(entry.name, str(entry.title), query, counts)


def _by_prefix(rows: QuerySet, column: str, length: int, codes: set[str]) -> dict[str, int]:
    """Rows in each of the codes of one length: one grouping over the index range that spans them."""
    span = _common(codes)
    grouped = rows.filter(within(span, column)).order_by().annotate(place=Substr(column, 1, length))
    return dict(grouped.filter(place__in=codes).values_list("place").annotate(n=Count("pk")).values_list("place", "n"))


def _common(codes: set[str]) -> str:
    first, last = min(codes), max(codes)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first))
    return first[:same]
