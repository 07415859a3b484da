"""The old version of a point, kept whole before it changes, so that any board and card of the past can be shown."""

from django.utils import timezone

from anlan.prevent.risks.models import Edition, Point

POINT_FIELDS = (
    *("kind", "code", "name", "level", "dynamic_level", "registered_level", "responsible_level", "responsible"),
    *("phone", "post", "handling"),
)
EVENT_FIELDS = ("name", "factors", "accident_types", "consequence", "method", "scores", "level")
CONTROL_FIELDS = ("kind", "text", "check_text", "responsible_level", "post", "every_days", "clause", "in_use")


def content(point: Point) -> dict:
    """The point with its units, events and controls as plain values."""
    units = point.units.prefetch_related("events__controls")
    return _fields(point, POINT_FIELDS) | {
        "units": [
            {
                "name": unit.name,
                "way": unit.way,
                "events": [
                    _fields(event, EVENT_FIELDS)
                    | {"controls": [_fields(control, CONTROL_FIELDS) for control in event.controls.all()]}
                    for event in unit.events.all()
                ],
            }
            for unit in units
        ]
    }


def keep(point: Point, user, words: str) -> Edition:
    """Keeps the point as the database has it now, and moves its version on. The caller holds the point's row."""
    kept = Edition.objects.create(
        point=point,
        number=point.version,
        at=timezone.now(),
        by=user,
        level=point.level,
        words=words[:300],
        content=content(Point.objects.get(pk=point.pk)),
    )
    point.version += 1
    Point.objects.filter(pk=point.pk).update(version=point.version)
    return kept


def _fields(row, names) -> dict:
    return {name: getattr(row, name) for name in names}
