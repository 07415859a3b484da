"""From what was asked to the rows: filters, search words, order, and one page of many, fast at 200,000 rows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_, or_

from django.db import connections
from django.db.models import DateTimeField, Q, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.db.models.sql.where import AND, WhereNode
from django.utils import timezone

from anlan.desk.access.regions import within
from anlan.desk.lists.declare import Filter, List
from anlan.desk.pages.asking import Asked, field
from anlan.desk.pages.grams import FEW, candidates

LOOKUPS = {"exact", "iexact", "contains", "icontains", "startswith", "istartswith"}
# Further rows are there, and can be paged and exported, but are not counted; words are looked for row by row, so that
# counting what holds them stops sooner.
COUNTED, COUNTED_BY_WORDS = 10_000, 1_000
CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/-]{4,}")


def narrowed(entry: List, queryset: QuerySet, asked: Asked, user, few: int = FEW) -> QuerySet:
    """The rows that pass all filters and hold all words; `few` as of `holding`."""
    for chosen in entry.filters:
        if chosen.name in asked.filters:
            queryset = _apply(chosen, queryset, asked.filters[chosen.name], user)
    if not asked.words:
        return queryset
    coded = _coded(entry, queryset, asked.words)
    return coded if coded is not None else holding(entry, queryset, asked.words, few)


def _coded(entry: List, queryset: QuerySet, words: str) -> QuerySet | None:
    """The rows whose number begins so, found by its index; None when it is no number, or nobody's."""
    names = [test.removesuffix("__startswith") for test in entry.search if test.endswith("__startswith")]
    if not names or not CODE.fullmatch(words):
        return None
    found = queryset.filter(reduce(or_, (_begins(one, words, connections[queryset.db].vendor) for one in names)))
    return found if found.order_by().exists() else None


def _begins(column: str, words: str, vendor: str) -> Q:
    """On SQLite said as a range as well, or it uses no index; elsewhere the order of letters may be another."""
    begins = Q(**{f"{column}__startswith": words})
    return begins & Q(**{f"{column}__gte": words, f"{column}__lt": f"{words}\uffff"}) if vendor == "sqlite" else begins


def _apply(chosen: Filter, queryset: QuerySet, value, user) -> QuerySet:
    if chosen.apply:
        return chosen.apply(queryset, value, user) if chosen.takes_user else chosen.apply(queryset, value)
    column = chosen.column
    if chosen.kind in ("choice", "level"):
        return queryset.filter(**{f"{column}__in": value})
    if chosen.kind == "region":
        narrower = queryset.filter(within(value, column))
        return narrower.none() if _apart(narrower) else narrower
    if chosen.kind == "dates":
        return queryset.filter(_between(queryset.model, column, *value))
    if chosen.kind == "flag":
        return queryset.filter(**{column: True})
    if chosen.kind == "text":
        return queryset.filter(**{f"{column}__icontains": value})
    return queryset.filter(**{column: value})


def _apart(queryset: QuerySet) -> bool:
    """Whether two ranges of one column that all rows must lie in do not meet, as those of another town than one's own:
    SQLite would read every row to find that none does."""
    lows, highs = defaultdict(list), defaultdict(list)
    for test in _every(queryset.query.where):
        if isinstance(test, GreaterThanOrEqual | LessThan) and isinstance(test.lhs, Col) and isinstance(test.rhs, str):
            bounds = lows if isinstance(test, GreaterThanOrEqual) else highs
            bounds[test.lhs.alias, test.lhs.target.column].append(test.rhs)
    return any(max(lows[column]) >= min(highs[column]) for column in lows.keys() & highs.keys())


def _every(node: WhereNode) -> Iterator:
    """The tests that each row must pass by itself."""
    if node.negated or (node.connector != AND and len(node.children) > 1):
        return
    for child in node.children:
        yield from _every(child) if isinstance(child, WhereNode) else (child,)


def _between(model, column: str, first: date | None, last: date | None) -> Q:
    """From the first day to the end of the last, in the region's zone when the field is an instant."""
    following = last + timedelta(days=1) if last else None
    if isinstance(field(model, column), DateTimeField):
        zone = timezone.get_current_timezone()
        first, following = (datetime.combine(day, time(), zone) if day else None for day in (first, following))
    return Q(**{f"{column}__gte": first} if first else {}) & Q(**{f"{column}__lt": following} if following else {})


def matching(entry: List, words: str) -> Q:
    """Every word found in one of the search fields: the first field anywhere, the others from their beginning."""
    tests = _tests(entry)
    return reduce(and_, (reduce(or_, (Q(**{test: word}) for test in tests), Q()) for word in words.split()), Q())


def _tests(entry: List) -> list[str]:
    tests = [name if _has_lookup(name) else f"{name}__istartswith" for name in entry.search]
    if tests and not _has_lookup(entry.search[0]):
        tests[0] = f"{entry.search[0]}__icontains"
    return tests


def holding(entry: List, queryset: QuerySet, words: str, few: int = FEW) -> QuerySet:
    """The rows that hold all words; up to so many are found by the table's index of words, where it has one."""
    return queryset.filter(candidates(queryset, _tests(entry), words.split(), few), matching(entry, words))


def _has_lookup(name: str) -> bool:
    return name.rpartition("__")[2] in LOOKUPS


def order(entry: List, sort: str) -> list[str]:
    """The asked column first, else the list's own order; the key last, so that pages never overlap."""
    if sort:
        column = entry.by_column[sort.removeprefix("-")]
        names = [("-" if sort.startswith("-") else "") + column.sort_field]
    else:
        names = list(entry.order)
    if not any(name.lstrip("-") == "pk" for name in names):
        names.append("-pk" if names and names[-1].startswith("-") else "pk")
    return names


def page_of(queryset: QuerySet, names: Sequence[str], entry: List, page: int) -> tuple[list, bool]:
    """The rows of one page, and whether more follow. The keys come first, from an index where there is one; only
    then are whole rows read, so that a far page does not read what it skips."""
    start = (page - 1) * entry.page_size
    keys = list(queryset.order_by(*names).values_list("pk", flat=True)[start : start + entry.page_size + 1])
    return by_keys(queryset, keys[: entry.page_size], entry), len(keys) > entry.page_size


def by_keys(queryset: QuerySet, keys: list, entry: List) -> list:
    whole = (
        queryset.order_by().filter(pk__in=keys).select_related(*entry.related)
        if entry.related
        else (queryset.order_by().filter(pk__in=keys))
    )
    rows = {row.pk: row for row in whole.prefetch_related(*entry.prefetch).defer(*entry.defer)}
    return [rows[key] for key in keys if key in rows]


def counted(queryset: QuerySet, most: int) -> tuple[int, bool]:
    """How many, and whether that is all: counting stops at `most`."""
    found = queryset.order_by().values("pk")[: most + 1].count()
    return min(found, most), found <= most


def most_counted(entry: List, asked: Asked) -> int:
    worded = asked.words or any(one.kind == "text" and one.name in asked.filters for one in entry.filters)
    return COUNTED_BY_WORDS if worded else COUNTED
