"""A flood read as a few lines: active alarms by enterprise, area and kind; and what calls people by its sound."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from anlan.desk.pages.values import titles
from anlan.watch.devices.models import Rule

MOST = 200


@dataclass(frozen=True)
class Group:
    """The alarms of one kind in one area (a facility) of one enterprise."""

    organisation: str
    organisation_title: str
    facility: int | None
    area: str
    kind: str
    kind_title: Any
    level: int
    count: int
    waiting: int
    since: datetime


def groups(alarms: QuerySet) -> list[Group]:
    """In one question: what nobody has seen first, then the most serious, then the largest."""
    rows = (
        alarms.order_by()
        .values_list("organisation", "device__facility", "device__facility__name", "kind")
        .annotate(level=Min("level"), count=Count("pk"), waiting=Count("pk", filter=Q(rank=0)), since=Min("raised_at"))
    )
    found = list(rows.order_by("level", "-waiting", "-count")[:MOST])
    called = titles("organisation", {row[0] for row in found})
    kinds = dict(Rule.Kind.choices)
    return [
        Group(code, called.get(code, code), facility, area or "", kind, kinds[kind], level, count, waiting, since)
        for code, facility, area, kind, level, count, waiting, since in found
    ]


def calls(alarms: QuerySet) -> dict[str, Any]:
    """What nobody has seen yet, as sounds need it: how many of each level, and the groups, which call once each."""
    rows = (
        alarms.filter(rank=0)
        .order_by()
        .values_list("level", "organisation", "device__facility", "kind")
        .annotate(count=Count("pk"))
        .order_by("level")[:MOST]
    )
    waiting: dict[int, int] = {}
    heard = []
    for level, organisation, facility, kind, count in rows:
        waiting[level] = waiting.get(level, 0) + count
        heard.append(f"{level}|{organisation}|{facility or ''}|{kind}")
    return {"waiting": waiting, "groups": heard}
