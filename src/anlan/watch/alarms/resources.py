"""The desk for programs: what is active, in the words of OPC UA Part 9, lean enough to be asked many times a second.

An answer is kept in this process for everybody who reaches the same rows, until an announcement says that alarms moved,
and never longer than a second.
"""

import time
from functools import cache

import orjson
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from anlan.desk.access.standing import posts_for, require
from anlan.desk.notices import link
from anlan.watch.alarms import floods, gates
from anlan.watch.alarms.conditions import part_9
from anlan.watch.alarms.models import Alarm
from anlan.watch.alarms.policy import policy

router = Router(tags=["alarms"])
RESOURCES = [("alarms", router)]
FRESH = 1.0  # seconds
MOST_KEPT = 200
SEVERITY = {1: 900, 2: 700, 3: 400, 4: 200}  # Part 9 counts from 1 to 1000
FIELDS = (
    "id", "episode", "point", "rule", "title", "kind", "of", "level", "state", "organisation", "region", "worst",
    "limit", "unit", "raised_at", "activations", "chattered", "acknowledged_at", "note", "case__due_at", "last_at",
)  # fmt: skip

_kept: dict[tuple, tuple[float, bytes]] = {}


def _heard(data: bytes) -> None:
    if b'"room":"alarms"' in data:
        _kept.clear()


@cache
def _listening() -> bool:
    link.listen(_heard)
    return True


@router.get("/active", response={200: list[dict]}, summary=_("正在报警（OPC UA Part 9 字段），最急的在前"))
def active(
    request: HttpRequest,
    limit: int = Query(50, ge=1, le=500),
    level: int | None = Query(None, ge=1, le=4),
    organisation: str = Query("", max_length=32),
):
    require(request.user, "alarms.see")
    _listening()
    reach = tuple(sorted((post.role, post.region, post.organisation) for post in posts_for(request.user, "alarms.see")))
    asked, now = (reach, limit, level, organisation), time.monotonic()
    known = _kept.get(asked)
    if known is None or now - known[0] > FRESH:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[asked] = known = now, _answer(gates.desk(request.user), limit, level, organisation)
    return HttpResponse(known[1], content_type="application/json")


def _answer(alarms: QuerySet[Alarm], limit: int, level: int | None, organisation: str) -> bytes:
    if level:
        alarms = alarms.filter(level=level)
    if organisation:
        alarms = alarms.filter(organisation=organisation)
    keys = list(alarms.order_by("rank", "level", "raised_at").values_list("pk", flat=True)[:limit])
    rows = {row[0]: row for row in Alarm.objects.filter(pk__in=keys).values_list(*FIELDS)}
    return orjson.dumps([_condition(dict(zip(FIELDS, rows[key], strict=True))) for key in keys if key in rows])


def _condition(row: dict) -> dict:
    return {
        "ConditionId": row["id"],
        "EventId": row["episode"],
        "ConditionName": row["title"],
        "SourceNode": row["point"],
        "Rule": row["rule"],
        "ConditionClass": row["kind"] if row["of"] == "VALUE" else f"{row['of']}.{row['kind']}",
        "Severity": SEVERITY[row["level"]],
        "level": row["level"],
        **part_9(row["state"], row["acknowledged_at"] is not None),
        "state": row["state"],
        "InputValue": row["worst"],
        "Limit": row["limit"],
        "EngineeringUnits": row["unit"],
        "ActiveTime": row["raised_at"],
        "ReAlarmRepeatCount": row["activations"] - 1,
        "Chattering": row["chattered"],
        "Comment": row["note"],
        "organisation": row["organisation"],
        "region": row["region"],
        "due": row["case__due_at"],
        "last_act": row["last_at"],
    }


@router.get("/metrics", response={200: dict}, summary=_("报警速率与洪泛（OPC UA Part 9 AlarmMetrics 字段）"))
def metrics(request: HttpRequest):
    require(request.user, "alarms.see")
    now = timezone.now()
    by, desk = policy(timezone.localdate(now)), gates.desk(request.user)
    shown = gates.safety(request.user).filter(annunciated_at__gt=now - floods.WINDOW).count()
    oldest = desk.filter(rank=0).order_by("raised_at").values_list("raised_at", flat=True).first()
    return {
        "CurrentAlarmRate": shown,
        "MaximumAlarmRate": by["flood_start"],
        "AlarmCount": desk.count(),
        "UnacknowledgedCount": desk.filter(rank=0).count(),
        "SuppressedCount": gates.shelf(request.user).filter(in_force=True).count(),
        "OldestUnacknowledged": oldest,
        "Floods": [
            {"region": one.region, "organisation": one.organisation, "since": one.started_at, "count": one.alarms,
             "first": one.first_id}
            for one in floods.going_on(request.user)
        ],
    }  # fmt: skip
