"""The verbs of a risk: identify, evaluate, control, review, influence. Levels follow by themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.history import difference
from anlan.desk.layers.initials import initials
from anlan.prevent.risks import editions, evaluating, influences, reporting, reviewing
from anlan.prevent.risks.models import Control, Event, Point, Unit
from anlan.prevent.risks.rules import at_least, level_of, review_due, said

KEPT = (
    *("enterprise", "facility", "plan", "kind", "code", "name", "responsible_level", "responsible", "phone", "post"),
    *("handling", "region", "lon", "lat", "geometry", "in_use", "level"),
)


@transaction.atomic
def save_point(user, point: Point) -> Point:
    """Adds or changes a risk point. Who has read an older version is told so."""
    before = Point.objects.select_for_update().filter(pk=point.pk).first() if point.pk else None
    point.organisation = point.enterprise.code
    point.region = point.region or point.enterprise.region
    if before:
        require(user, "risks.change", before)
        if before.version != point.version:
            raise ValidationError(_("您打开之后，别人已修改了这个风险点。请重新打开再修改。"))
    require(user, "risks.change" if before else "risks.add", point)
    point.initials = initials(point.name)
    point.responsible_level = at_least(point.level, point.responsible_level)
    _lie_somewhere(point)
    point.full_clean()
    if before:
        editions.keep(point, user, _("修改风险点"))
    point.save()
    _record(user, point, "risks.change" if before else "risks.add", difference(before, point, KEPT))
    influences.tell_pages([point])
    return point


def _lie_somewhere(point: Point) -> None:
    """Where nothing is said, a point lies where its facility or its enterprise lies."""
    for known in (point.facility, point.enterprise):
        if known is not None and point.lon is None and known.lon is not None:
            point.lon, point.lat = known.lon, known.lat


@transaction.atomic
def retire(user, points: Sequence[Point]) -> int:
    """These are no risks any more: they leave lists and maps, the record stays."""
    for point in points:
        held = _held(user, point)
        editions.keep(held, user, _("停用风险点"))
        held.in_use = False
        held.save(update_fields=["in_use", "changed_at"])
        _record(user, held, "risks.retire", {"in_use": [True, False]})
    influences.tell_pages(points)
    return len(points)


@transaction.atomic
def save_event(user, point: Point, event: Event, *, unit: str, way: str = Unit.Way.CHECKLIST) -> Event:
    """Identifies an event in a unit (or step) of the point, which is made when it is not there yet."""
    held = _held(user, point)
    editions.keep(held, user, _("修改风险事件") if event.pk else _("辨识风险事件"))
    name = unit.strip()
    if not name:
        raise ValidationError({"unit": _("请填写单元或作业步骤。")})
    found = held.units.filter(name=name, way=way).first()
    event.unit = found or Unit.objects.create(point=held, name=name, way=way, order=held.units.count())
    event.point = held
    if not event.pk:
        event.order = event.unit.events.count()
    event.full_clean()
    event.save()
    held.units.filter(events=None).delete()  # the unit that a moved event left empty
    _record(user, held, "risks.identify", {"event": [None, event.name]})
    influences.tell_pages([held])
    return event


@transaction.atomic
def remove_event(user, event: Event, words: str) -> None:
    """The event is no longer possible; the edition before keeps it, the level follows."""
    held = _held(user, event.point)
    if not words.strip():
        raise ValidationError({"words": _("请说明为何不再有此风险事件。")})
    editions.keep(held, user, words)
    unit = event.unit
    event.delete()
    if not unit.events.exists():
        unit.delete()
    _record(user, held, "risks.remove-event", {"event": [event.name, None]})
    _settle(user, held)


@transaction.atomic
def evaluate(user, event: Event, *, method: str, scores: Mapping, variant: str = "", words: str = "") -> Event:
    """Judges the event by a method; the explanation is stored as it was found. Point, region, map and people follow."""
    held = _held(user, event.point, "risks.evaluate")
    level, finding = evaluating.ask(method, scores, variant)
    editions.keep(held, user, words or _("评价“%(name)s”") % {"name": event.name})
    before = event.level
    event.method, event.level = method, level
    event.scores = dict(scores) | ({"variant": variant} if variant else {})
    event.explanation, event.evaluated_at, event.evaluated_by = finding.as_dict(), timezone.now(), user
    event.save()
    _record(user, held, "risks.evaluate", {"event": [event.name, event.name], "level": [before, level]}, words)
    _settle(user, held)
    return event


@transaction.atomic
def save_control(user, control: Control) -> Control:
    """Adds or changes a control of an event."""
    held = _held(user, control.event.point)
    control.point = held
    editions.keep(held, user, _("修改管控措施") if control.pk else _("增加管控措施"))
    if not control.pk:
        control.order = control.event.controls.count()
    control.full_clean()
    control.save()
    _record(user, held, "risks.control", {"control": [None, control.text]})
    influences.tell_pages([held])
    return control


@transaction.atomic
def confirm_review(user, points: Sequence[Point], words: str) -> int:
    """Looked at again and found as it is: the next review is reckoned from today, what asked for this one is met."""
    if not words.strip():
        raise ValidationError({"words": _("请写明复评结论。")})
    for point in points:
        held = _held(user, point, "risks.evaluate")
        _reviewed(held)
        held.save(update_fields=["reviewed_on", "review_due", "changed_at"])
        reviewing.meet(user, held, words)
        _record(user, held, "risks.review", {"reviewed_on": [None, str(held.reviewed_on)]}, words)
    return len(points)


@transaction.atomic
def ask_review(user, points: Sequence[Point], trigger: str, words: str) -> int:
    """Something has changed: these are to be evaluated anew, with a clock."""
    for point in points:
        require(user, "risks.change", point)
    count = sum(reviewing.ask(point, trigger, timezone.now(), words) for point in points)
    for point in points:
        _record(user, point, "risks.ask-review", {"trigger": [None, trigger]}, words)
    influences.tell_pages(points)
    return count


def raise_influence(point: Point | int, *, source: str, level: int, words: str, until: datetime | None = None) -> None:
    """Something makes the point worse for a time. The same source again only changes level, words and end."""
    pk = point if isinstance(point, int) else point.pk
    influences.raise_all([influences.Raise(point=pk, source=source, level=level, words=words, until=until)])


def end_influence(source: str) -> None:
    """What came of this source is over, on whatever points it was. Safe to repeat."""
    influences.raise_all([], [source])


def _held(user, point: Point, permission: str = "risks.change") -> Point:
    """The point's row, locked, if this person may."""
    held = Point.objects.select_for_update().select_related("enterprise").get(pk=point.pk)
    require(user, permission, held)
    if not held.in_use:
        raise ValidationError(_("这个风险点已停用，不能再修改。"))
    return held


def _reviewed(point: Point) -> None:
    point.reviewed_on = timezone.localdate()
    point.review_due = review_due(point.reviewed_on)


def _settle(user, point: Point) -> None:
    """What follows from its events: the level, who must hold it, the dynamic level, the region's database."""
    finding = level_of(point.events.values_list("level", flat=True))
    before, point.level = point.level, finding.value
    point.explanation = point.explanation | {"static": finding.as_dict()}
    point.responsible_level = at_least(point.level, point.responsible_level)
    _reviewed(point)
    point.save()
    influences.settle([point], "evaluated" if before != point.level else "confirmed")
    reporting.follow(user, point)
    reviewing.meet(user, point, _("重新评价：%(level)s") % {"level": said(point.level).zh})


def _record(user, point: Point, action: str, changes: dict, words: str = "") -> None:
    append(
        Act(
            action=action,
            subject=f"risk-point:{point.pk}",
            region=point.region,
            organisation=point.organisation,
            words=words or point.name,
            data={"changes": changes},
        )
    )
