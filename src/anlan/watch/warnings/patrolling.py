"""On-line patrol: an officer looks from afar, the record keeps what the data said at that moment and what he found. A
problem becomes a task of the enterprise, without a visit."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.cases.models import Case, CaseStep
from anlan.desk.notices.live import announce
from anlan.desk.obligations.generating import trigger
from anlan.know.enterprises.models import Enterprise
from anlan.know.enterprises.subjects import subject_of
from anlan.watch.alarms.models import Alarm
from anlan.watch.devices.latest import latest
from anlan.watch.devices.models import Device, Point
from anlan.watch.warnings.models import OnlinePatrol, Scope, Standing

MOST = 50
PROBLEM = "warnings.patrol_problem"  # what the obligation of the pack waits for


def points_of(enterprise: Enterprise) -> list[Point]:
    devices = Device.objects.filter(organisation=enterprise.code, status=Device.Status.IN_SERVICE)
    return list(Point.objects.filter(device__in=devices.values("pk")).select_related("device").order_by("pk")[:MOST])


def values_now(points: Sequence[Point]) -> list[dict] | None:
    """The last value of each point with its time; None when no rule worker answers."""
    known = latest(point.pk for point in points)
    if known is None:
        return None
    return [
        {
            "point": point.pk,
            "device": point.device_id,
            "title": f"{point.device.name} {point.title}",
            "unit": point.unit,
            "value": round(known[point.pk].value, 3),
            "at": known[point.pk].at.isoformat(timespec="seconds"),
        }
        for point in points
        if point.pk in known
    ]


def look(user, enterprise: Enterprise, *, outcome: str, words: str, documents: Sequence = ()) -> OnlinePatrol:
    """Records a patrol of an enterprise. What was asked of the rule workers is asked before anything is held."""
    require(user, "warnings.look", enterprise)
    if outcome not in OnlinePatrol.Outcome.values:
        raise ValidationError({"outcome": _("请选择巡查结果。")})
    if not words.strip():
        raise ValidationError({"words": _("请填写巡查情况。")})
    values = values_now(points_of(enterprise))
    with transaction.atomic():
        patrol = _record(user, enterprise, outcome=outcome, words=words, values=values, documents=documents)
        append(
            Act(
                action="warnings.look",
                subject=f"enterprise:{enterprise.pk}",
                region=enterprise.region,
                organisation=enterprise.code,
                words=words,
                data={"outcome": outcome, "patrol": patrol.pk, "documents": [one.digest for one in documents]},
                actor=user.username,
            )
        )
        _ask_for_removal(patrol)
    return patrol


def keep(case: Case, step: CaseStep) -> OnlinePatrol:
    """The patrol step of a warning, kept as a record beside it. The chain has it already."""
    enterprise = Enterprise.objects.filter(code=case.organisation).first() if case.organisation else None
    patrol = _record(
        step.actor,
        enterprise,
        outcome=step.data.get("patrol") or OnlinePatrol.Outcome.PROBLEM,
        words=step.words,
        documents=list(step.documents.all()),
        case=case,
    )
    _ask_for_removal(patrol)
    return patrol


def _record(user, enterprise, *, outcome, words, values=None, documents=(), case=None) -> OnlinePatrol:
    place = enterprise or case
    patrol = OnlinePatrol.objects.create(
        region=place.region,
        organisation=place.organisation,
        enterprise=enterprise,
        case=case,
        at=timezone.now(),
        by=user,
        outcome=outcome,
        words=words.strip(),
        seen={"index": _index(enterprise), "alarms": _alarms(place.organisation), "values": values},
    )
    patrol.documents.set(documents)
    announce("warnings", [], patrol.region, patrol.organisation)
    return patrol


def _index(enterprise: Enterprise | None) -> dict | None:
    held = enterprise and Standing.objects.filter(scope=Scope.ENTERPRISE, enterprise=enterprise).first()
    return {"value": held.value, "level": held.level, "policy": held.policy} if held else None


def _alarms(organisation: str) -> list[dict]:
    if not organisation:
        return []
    rows = Alarm.objects.filter(organisation=organisation, active=True, health=False).order_by("level", "raised_at")
    return [
        {"alarm": row.pk, "title": row.title, "level": row.level, "since": row.raised_at.isoformat(timespec="seconds")}
        for row in rows[:MOST]
    ]


def _ask_for_removal(patrol: OnlinePatrol) -> None:
    if patrol.outcome != OnlinePatrol.Outcome.PROBLEM or patrol.enterprise is None:
        return
    subject = subject_of(patrol.enterprise)._replace(url=f"/online-patrols/{patrol.pk}/")
    trigger(PROBLEM, subject, patrol.at, f"patrol:{patrol.pk}", title=patrol.words[:80])
