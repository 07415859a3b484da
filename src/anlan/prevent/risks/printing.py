"""Cards and boards, printed from the data: what each says, and the code that leads back to the living page."""

from collections.abc import Iterable
from datetime import date

import segno
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from anlan.know.enterprises.models import Enterprise
from anlan.prevent.risks import counting, picturing
from anlan.prevent.risks.editions import content
from anlan.prevent.risks.models import Control, Event, FloorPlan, Point

MOST_ROWS = 1500


def card(request: HttpRequest, point: Point, edition: int | None) -> dict:
    """Both cards of a post: the point as it is, or as an older edition has it."""
    if edition is None:
        shown, at = content(point), point.changed_at
    else:
        old = point.editions.filter(number=edition).first()
        if old is None:
            raise Http404
        shown, at = old.content, old.at
    return {
        "point": point,
        "shown": shown,
        "edition": edition,
        "at": at,
        "code": code(request.build_absolute_uri(reverse("risks.item", args=[point.pk]))),
        "steps": [step.strip() for step in shown["handling"].splitlines() if step.strip()],
        "emergency": _controls(shown, {"emergency"}),
        "protection": _controls(shown, {"protection"}),
        "held": _controls(shown, {"engineering", "management", "training"}),
        "consequences": _several(event["consequence"] for event in _events(shown)),
        "factors": _several(factor for event in _events(shown) for factor in event["factors"]),
        "accident_types": _several(kind for event in _events(shown) for kind in event["accident_types"]),
        "narrow": True,
    }


def _events(shown: dict) -> list[dict]:
    return [event for unit in shown["units"] for event in unit["events"]]


def _controls(shown: dict, kinds: set[str]) -> list[str]:
    return _several(
        control["text"]
        for event in _events(shown)
        for control in event["controls"]
        if control["kind"] in kinds and control["in_use"]
    )


def _several(values: Iterable[str]) -> list[str]:
    """Each once, in their order, without the empty."""
    return list(dict.fromkeys(value for value in values if value))


def code(address: str) -> str:
    """A QR code as an image that needs no request of its own."""
    return segno.make(address, error="m").svg_data_uri(scale=3, border=2, light="#fff")


def board(request: HttpRequest, enterprise: Enterprise, points: QuerySet[Point], plans: QuerySet[FloorPlan]) -> dict:
    """One map, one board, three lists: what the enterprise hangs up and keeps, from one reading of the data."""
    controls = Prefetch("controls", queryset=Control.objects.filter(in_use=True))
    events = (
        Event.objects.filter(point__in=points)
        .select_related("point", "unit")
        .defer("explanation", "point__geometry", "point__explanation")
        .prefetch_related(controls)
        .order_by("level", "point_id", "unit_id", "order", "pk")[: MOST_ROWS + 1]
    )
    rows = list(events)
    listed = list(points.defer("geometry", "explanation").order_by("dynamic_level", "pk")[: MOST_ROWS + 1])
    return {
        "enterprise": enterprise,
        "today": _today(),
        "counts": counting.by_level(points),
        "points": listed[:MOST_ROWS],
        "major": [point for point in listed if point.dynamic_level in (1, 2)],
        "events": rows[:MOST_ROWS],
        "cut": len(rows) > MOST_ROWS or len(listed) > MOST_ROWS,
        "pictures": [{"plan": plan, **picturing.picture(plan, points)} for plan in plans[:6]],
        "bars": picturing.bars(point for point in listed if point.kind in ("activity", "job")),
        "code": code(request.build_absolute_uri(reverse("risks.board", args=[enterprise.pk]))),
    }


def _today() -> date:
    return timezone.localdate()
