"""The verbs of a permit beside its steps: apply, confirm measures, isolate, test gas, count people, stop by alarm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.access.standing import holders, may_row, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.cases.actions import NewCase, SomebodyWasFirst, open_case, take
from anlan.desk.cases.models import Case
from anlan.desk.notices.actions import tell
from anlan.desk.notices.live import announce
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.prevent.admission.models import Contractor
from anlan.prevent.permits import grading, judging
from anlan.prevent.permits.kinds import GRAVITY, KINDS, chain
from anlan.prevent.permits.models import GasTest, Isolation, Permit, Space, Worker
from anlan.prevent.permits.states import AT_WORK, KIND
from anlan.prevent.risks.models import Point


@dataclass(frozen=True, kw_only=True)
class Application:
    """What an applicant says. `level` is his own grading; a graver one follows from `facts`, the hour and the day.
    `facts`: height_m, mass_t, and what else the rules of the kind ask for. `workers`: (name, certificate number)."""

    enterprise: Enterprise
    kind: str
    work: str
    place: str
    starts_at: datetime
    ends_at: datetime
    leader: User
    guardian: User
    workers: Sequence[tuple[str, str]]
    level: str = ""
    hazards: str = ""
    facts: Mapping = field(default_factory=dict)
    facility: Facility | None = None
    point: Point | None = None
    space: Space | None = None
    contractor: Contractor | None = None
    lon: float | None = None
    lat: float | None = None


@transaction.atomic
def apply(user, application: Application) -> Permit:
    """Opens a permit. Errors: Refused; ValidationError by field, with the clause that says no."""
    require(user, "permits.apply", application.enterprise)
    permit = Permit(token=token_urlsafe(12), applicant=user)
    _fill(permit, application)
    case, _new = open_case(
        NewCase(
            kind=KIND,
            title=_titled(permit),
            region=permit.region,
            organisation=permit.organisation,
            level=permit.gravity,
            subject=f"facility:{permit.facility_id}" if permit.facility_id else "",
            lon=permit.lon,
            lat=permit.lat,
            data=_case_data(permit),
        ),
        user,
    )
    permit.case, permit.number, permit.state = case, _number(permit, case), case.state
    permit.save(force_insert=True)
    _list_workers(permit, application.workers)
    announce("permits", [permit.pk], permit.region, permit.organisation)
    return permit


@transaction.atomic
def change(user, permit: Permit, application: Application) -> Permit:
    """Corrects a permit that is still being prepared. What was signed is never altered (GB 30871 annex B)."""
    require(user, "permits.apply", permit)
    held = Permit.objects.select_for_update().select_related("case").get(pk=permit.pk)
    if held.state != "applied":
        raise ValidationError(_("票已提交审批，不得涂改；需要变更的请作废后重新申请。"))
    if application.enterprise.pk != held.enterprise_id:
        raise ValidationError({"enterprise": _("作业票不能改到另一家企业。")})
    again = application.kind != held.kind
    _fill(held, application, measures=again)
    held.save()
    Case.objects.filter(pk=held.pk).update(
        title=_titled(held), level=held.gravity, lon=held.lon, lat=held.lat, data=_case_data(held)
    )
    held.workers.all().delete()
    _list_workers(held, application.workers)
    _record(held, "change", _("修改作业票"))
    return held


@transaction.atomic
def confirm_measures(user, permit: Permit, done: set[int]) -> Permit:
    """Which of the safety measures are in place: each by whom and when. A measure confirmed by another stays his."""
    _require_any(user, permit, "permits.apply", "permits.isolate", "permits.guard")
    held = _held(permit, "applied")
    now = timezone.now().isoformat()
    for measure in held.measures:
        if measure["no"] not in done:
            measure.update(done=False, by="", at="")
        elif not measure["done"]:
            measure.update(done=True, by=str(user), at=now)
    held.save(update_fields=["measures", "changed_at"])
    count = sum(measure["done"] for measure in held.measures)
    _record(held, "measures", _("确认安全措施 %(done)d/%(all)d 项") % {"done": count, "all": len(held.measures)})
    return held


@transaction.atomic
def isolate(user, permit: Permit, *, kind: str, tag: str, position: str, medium: str = "") -> Isolation:
    """A blind is in, a switch is locked: recorded by whoever did it."""
    require(user, "permits.isolate", permit)
    held = _held(permit, "applied", "issued", "working", "interrupted")
    if held.isolations.filter(tag=tag).exists():
        raise ValidationError({"tag": _("本票已有编号 %(tag)s 的隔离点。") % {"tag": tag}})
    point = Isolation(
        permit=held, kind=kind, tag=tag, position=position, medium=medium, set_at=timezone.now(), set_by=user
    )
    point.full_clean()
    point.save()
    _record(held, "isolate", _("隔离 %(tag)s：%(position)s") % {"tag": tag, "position": position})
    return point


@transaction.atomic
def restore(user, isolation: Isolation) -> Isolation:
    """Takes an isolation away: only when nobody works under it any more."""
    permit = isolation.permit
    require(user, "permits.isolate", permit)
    if permit.state in AT_WORK:
        raise ValidationError(_("作业尚未完工，不能解除隔离。"))
    if not Isolation.objects.filter(pk=isolation.pk, removed_at=None).update(
        removed_at=timezone.now(), removed_by=user
    ):
        raise ValidationError(_("这个隔离点已经解除。"))
    isolation.refresh_from_db()
    _record(permit, "restore", _("解除隔离 %(tag)s") % {"tag": isolation.tag})
    return isolation


@transaction.atomic
def record_gas(
    user, permit: Permit, *, place: str, readings: Mapping[str, float], at: datetime | None = None, source="person"
) -> GasTest:
    """Keeps an analysis with its verdict and the reason; what failed stays on record too."""
    require(user, "permits.test", permit)
    held = _held(permit)
    now = timezone.now()
    at = at or now
    if at > now:
        raise ValidationError({"at": _("分析时间不能在现在之后。")})
    finding = grading.gas(held, readings, at)
    test = GasTest.objects.create(
        permit=held,
        at=at,
        place=place[:80],
        readings=dict(readings),
        passed=finding.value is True,
        explanation=finding.as_dict(),
        source=source,
        by=user,
    )
    verdict = _("合格") if test.passed else _("不合格")
    _record(held, "gas", _("气体分析 %(place)s：%(verdict)s") % {"place": place, "verdict": verdict})
    return test


@transaction.atomic
def count_in(user, worker: Worker, *, inside: bool) -> Worker:
    """A person goes into the limited space or comes out: the guardian counts."""
    permit = worker.permit
    require(user, "permits.guard", permit)
    if inside and permit.state != "working":
        raise ValidationError(_("未在作业中，不得进入。"))
    worker.inside_since = timezone.now() if inside else None
    worker.save(update_fields=["inside_since"])
    words = _("%(name)s 进入") if inside else _("%(name)s 撤出")
    _record(permit, "count", words % {"name": worker.name})
    return worker


def stop_by_alarm(permit: Permit, words: str) -> bool:
    """Suspends the permit because something was measured; safe to call again. False when it was not going on."""
    case = permit.case
    if case.state not in AT_WORK:
        return False
    try:
        take(case, "stop_by_alarm", words=words)
    except SomebodyWasFirst:
        case.refresh_from_db()
        if case.state not in AT_WORK:
            return False
        take(case, "stop_by_alarm", words=words)
    _order_out(permit, words)
    return True


def stop_at(facility: int, gas: str, words: str) -> list[Permit]:
    """Suspends every work at a facility that an alarm of this gas ends. Answers the permits stopped now."""
    kinds = [kind.code for kind in KINDS.values() if gas in kind.stopped_by]
    there = Q(facility=facility) | Q(space__facility=facility)
    going_on = Permit.objects.filter(there, is_open=True, state__in=AT_WORK, kind__in=kinds)
    rows = going_on.select_related("case", "leader", "guardian").order_by("pk")
    return [permit for permit in rows if stop_by_alarm(permit, words)]


def expire(permit: Permit) -> bool:
    """Never begun and past its end. False when somebody acted meanwhile."""
    try:
        take(permit.case, "expire")
    except (SomebodyWasFirst, ValidationError):
        return False
    return True


def call_for_gas_test(permit: Permit, now: datetime) -> int:
    """Tells guardian and analysts that the interval since the last analysis has run out. Once an interval."""
    due = judging.gas_due(permit)
    if due is None or due > now:
        return 0
    people = set(holders("permits.test", region=permit.region, organisation=permit.organisation))
    return len(
        tell(
            [*people, *([permit.guardian] if permit.guardian else [])],
            title=_("应复测气体：%(number)s") % {"number": permit.number},
            body=permit.work,
            url=f"/cases/{permit.pk}/",
            level=2,
            room="permits",
            key=f"permit-gas:{permit.pk}:{due:%Y%m%d%H%M}",
        )
    )


def _order_out(permit: Permit, words: str) -> None:
    """The stop order: to the leader of the work, the guardian and whoever answers for safety there."""
    named = {person.pk: person for person in (permit.leader, permit.guardian) if person}
    others = holders("permits.sign_safety", region=permit.region, organisation=permit.organisation)
    named |= {person.pk: person for person in others}
    inside = permit.workers.filter(inside_since__isnull=False).count()
    tell(
        named.values(),
        title=_("立即停止作业，撤出人员：%(number)s") % {"number": permit.number},
        body=_("%(words)s。%(place)s，登记在内 %(inside)d 人。清点人数，未经通风和重新检测不得进入。")
        % {"words": words, "place": permit.place, "inside": inside},
        url=f"/cases/{permit.pk}/",
        level=1,
        room="permits",
        key=f"permit-stop:{permit.pk}:{permit.case.version}:{permit.case.entered_at:%Y%m%d%H%M%S}",
    )


def _fill(permit: Permit, application: Application, measures: bool = True) -> None:
    _check(application)
    kind = KINDS[application.kind]
    found = grading.graded(
        application.kind, application.level, application.facts, application.starts_at, application.ends_at
    )
    limit = grading.longest(application.kind, found.level)
    if application.ends_at > application.starts_at + limit.length:
        said = _("%(kind)s作业票有效期不超过 %(hours)d 小时（%(clause)s）。")
        values = {"kind": kind.title, "hours": limit.hours, "clause": limit.clause}
        raise ValidationError({"ends_at": said % values})
    enterprise, near = application.enterprise, application.space or application.facility or application.enterprise
    permit.enterprise, permit.region, permit.organisation = enterprise, enterprise.region, enterprise.code
    permit.kind, permit.level, permit.upgraded = application.kind, found.level, found.why
    permit.gravity = GRAVITY[found.level]
    permit.work, permit.place, permit.hazards = application.work, application.place, application.hazards
    permit.starts_at, permit.valid_until = application.starts_at, application.ends_at
    permit.leader, permit.guardian = application.leader, application.guardian
    permit.facility, permit.point, permit.space = application.facility, application.point, application.space
    permit.contractor = application.contractor
    permit.facts = {**application.facts, "asked": application.level, "occasions": list(found.occasions)}
    if application.space and permit.facility is None:
        permit.facility = application.space.facility
    placed = application.lon is not None and application.lat is not None
    permit.lon, permit.lat = (application.lon, application.lat) if placed else (near.lon, near.lat)
    if measures:
        permit.measures = grading.measures(application.kind)


def _check(application: Application) -> None:
    if application.kind not in KINDS:
        raise ValidationError({"kind": _("没有作业类别“%(kind)s”。") % {"kind": application.kind}})
    if application.level not in KINDS[application.kind].levels:
        raise ValidationError({"level": _("%(kind)s没有这个级别。") % {"kind": KINDS[application.kind].title}})
    if application.ends_at <= application.starts_at:
        raise ValidationError({"ends_at": _("结束时间应晚于开始时间。")})
    if not application.workers:
        raise ValidationError({"workers": _("至少写明一名作业人。")})
    if not may_row(application.guardian, "permits.guard", application.enterprise):
        raise ValidationError({"guardian": _("%(name)s 不是本企业的监护人。") % {"name": application.guardian}})
    if application.guardian == application.leader:
        raise ValidationError({"guardian": _("监护人不得兼做作业（作业负责人不能兼监护人）。")})
    if application.kind == "confined_space_entry" and application.space is None:
        raise ValidationError({"space": _("受限空间作业须选定台账中的有限空间。")})
    for name in ("facility", "point", "space", "contractor"):
        row = getattr(application, name)
        if row is not None and row.organisation != application.enterprise.code:
            raise ValidationError({name: _("所选内容不属于该企业。")})


def _case_data(permit: Permit) -> dict:
    toxic = bool(permit.space and permit.space.toxic) and permit.kind == "confined_space_entry"
    return {"kind": permit.kind, "level": permit.level, "chain": list(chain(permit.kind, permit.level, toxic=toxic))}


def _titled(permit: Permit) -> str:
    return f"{KINDS[permit.kind].title} {permit.place} {permit.work}"[:200]


def _number(permit: Permit, case: Case) -> str:
    """DH-20261124-00012: the standard's letters for the kind, the day, the running number of the case."""
    return "-".join([KINDS[permit.kind].letters, *case.number.split("-")[1:]])


def _list_workers(permit: Permit, workers: Sequence[tuple[str, str]]) -> None:
    Worker.objects.bulk_create(
        Worker(permit=permit, name=name[:64], certificate=certificate[:32]) for name, certificate in workers
    )


def _held(permit: Permit, *states: str) -> Permit:
    """The permit locked, and still in one of these states (or at all open)."""
    held = Permit.objects.select_for_update().select_related("case").get(pk=permit.pk)
    if not held.is_open or (states and held.state not in states):
        raise ValidationError(_("作业票现在是“%(state)s”，不能办理。") % {"state": held.case.state_title})
    return held


def _require_any(user, permit: Permit, *permissions: str) -> None:
    if not any(may_row(user, permission, permit) for permission in permissions):
        require(user, permissions[0], permit)


def _record(permit: Permit, action: str, words: str) -> None:
    append(
        Act(
            action=f"permits.{action}",
            subject=f"case:{permit.pk}",
            region=permit.region,
            organisation=permit.organisation,
            words=words,
            data={"number": permit.number},
        )
    )
    announce("permits", [permit.pk], permit.region, permit.organisation)
