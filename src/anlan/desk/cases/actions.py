"""The verbs of a case: open, take a step, urge, supervise, escalate. Check, do, log, announce."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused, may_row
from anlan.desk.audit.chain import Act, append
from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case, CaseNumber, CaseStep
from anlan.desk.cases.process import Step
from anlan.desk.cases.registry import process_of
from anlan.desk.clocks.calendar import is_workday
from anlan.desk.clocks.statutory import due

ATTACH = "attach"


class SomebodyWasFirst(ValidationError):
    """Another person changed the case since it was read."""


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What is needed to open a case. `key` makes opening idempotent: a second one with it gives the first back."""

    kind: str
    title: str
    region: str
    organisation: str = ""
    level: int | None = None
    subject: str = ""
    key: str | None = None
    lon: float | None = None
    lat: float | None = None
    opened_at: datetime | None = None
    exercise: bool = False
    data: dict = field(default_factory=dict)


def open_case(new: NewCase, actor=None, words: str = "") -> tuple[Case, bool]:
    """Opens a case in its initial state and starts its clock. Answers (case, whether it is new)."""
    if new.key and (existing := Case.objects.filter(key=new.key).first()):
        return existing, False
    process = process_of(new.kind)
    now = timezone.now()
    due_at = _due(process, process.initial, now, new.level)
    try:
        with transaction.atomic():
            case = Case.objects.create(
                kind=new.kind,
                number=_next_number(new.kind, now),
                title=new.title[:200],
                state=process.initial,
                region=new.region,
                organisation=new.organisation,
                level=new.level,
                subject=new.subject,
                key=new.key,
                lon=new.lon,
                lat=new.lat,
                opened_at=new.opened_at or now,
                entered_at=now,
                due_at=due_at,
                climbs_at=due_at,
                exercise=new.exercise,
                data=new.data,
            )
            _record(case, "open", "", actor, words, {"level": new.level}, (), now)
    except IntegrityError:
        existing = Case.objects.filter(key=new.key).first() if new.key else None
        if existing is None:
            raise
        return existing, False
    return case, True


def check(
    case: Case, action: str, actor, *, words: str = "", documents: Sequence = (), values: dict | None = None
) -> Step:
    """May this person take this step now, with what he brings? Touches nothing. Raises Refused or ValidationError."""
    step = check_actor(case, action, actor)
    if step.guard and (reason := step.guard(case)):
        raise ValidationError(reason)
    if step.words and not words.strip():
        raise ValidationError({"words": _("请填写说明。")})
    if len(documents) < step.evidence:
        raise ValidationError({"documents": _("至少上传 %(count)d 份佐证材料。") % {"count": step.evidence}})
    missing = {
        field.name: _("必填。") for field in step.fields if field.required and not (values or {}).get(field.name)
    }
    if missing:
        raise ValidationError(missing)
    return step


def check_actor(case: Case, action: str, actor) -> Step:
    process = case.process
    step = process.by_action.get(action)
    if step is None:
        raise ValidationError(_("没有“%(action)s”这一步。") % {"action": action})
    if case.state not in step.source:
        raise SomebodyWasFirst(
            _("事项当前为“%(state)s”，不能“%(step)s”。请刷新后再办。") % {"state": case.state_title, "step": step.title}
        )
    if step.applies and not step.applies(case):
        raise ValidationError(_("本事项没有“%(step)s”这一步。") % {"step": step.title})
    if actor is None:
        if step.by_hand:
            raise Refused(_("这一步须由人办理。"))
        return step
    if not may_row(actor, step.permission, case):
        raise Refused(_("您的岗位不能对本事项“%(step)s”。") % {"step": step.title})
    if step.apart_from and _took_one_of(case, actor, step.apart_from):
        raise Refused(_("“%(step)s”须由另一人办理，您已参与前面的步骤。") % {"step": step.title})
    return step


def available(case: Case, actor) -> list[Step]:
    """The steps this person could take now."""
    found = []
    for step in case.process.steps_from(case.state):
        try:
            check_actor(case, step.action, actor)
        except (Refused, ValidationError):
            continue
        if step.by_hand:
            found.append(step)
    return found


@transaction.atomic
def take(
    case: Case,
    action: str,
    actor=None,
    *,
    words: str = "",
    documents: Sequence = (),
    values: dict | None = None,
    level: int | None = None,
    title: str = "",
) -> Case:
    """Takes the step, or refuses and changes nothing. The row's state and version are the lock: the first one wins.

    What a process adds by itself (a reading came back) does not move the version: a person who has the case open is not
    told that somebody was first when nobody was.
    """
    step = check(case, action, actor, words=words, documents=documents, values=values)
    held = Case.objects.select_for_update().get(pk=case.pk)
    if (held.state, held.version) != (case.state, case.version):
        raise SomebodyWasFirst(_("另一人刚刚办理了本事项，请刷新后再办。"))
    process, now = case.process, timezone.now()
    target = step.leads_to(case)
    changes: dict = {"version": F("version") + (1 if step.by_hand else 0)}
    if level is not None:
        changes["level"] = level
    if title:
        changes["title"] = title[:200]
    if step.supervises:
        changes["supervised"] = True
    if target != case.state:
        closing = process.by_name[target].group == "closed"
        due_at = _due(process, target, now, level or held.level, case)
        changes |= {
            "state": target,
            "is_open": not closing,
            "closed_at": now if closing else None,
            "entered_at": now,
            "due_at": due_at,
            "climbs_at": due_at,
            "reminded_at": None,
            "escalations": 0,
        }
        if closing:
            changes["key"] = None  # the next occasion of the same thing opens a new case
    elif step.hastens and held.due_at:
        sooner = _due(process, target, now, level or held.level, case)
        if sooner < held.due_at:
            changes |= {"due_at": sooner, "climbs_at": sooner, "reminded_at": None}
    if values:
        changes["data"] = {**held.data, **{name: value for name, value in values.items() if value not in (None, "")}}
        if values.get("assignee"):
            changes["assignee_id"] = values["assignee"]
    changed = Case.objects.filter(pk=case.pk, state=case.state, version=case.version).update(**changes)
    if not changed:
        raise SomebodyWasFirst(_("另一人刚刚办理了本事项，请刷新后再办。"))
    source = case.state
    case.refresh_from_db()
    _record(case, action, source, actor, words, values or {}, documents, now)
    return case


@transaction.atomic
def attach(case: Case, actor, documents: Sequence, words: str = "") -> Case:
    """Files that belong to an open case, laid to it between two steps: state, clock and version stay as they are."""
    if not may_row(actor, f"{case.kind.partition('.')[0]}.see", case):
        raise Refused(_("您的岗位看不到本事项，不能补充材料。"))
    if not case.is_open:
        raise ValidationError(_("事项已办结，不能再补充材料。"))
    if not documents:
        raise ValidationError(_("没有要补充的材料。"))
    _record(case, ATTACH, case.state, actor, words, {}, documents, timezone.now())
    return case


@transaction.atomic
def escalate(case: Case, now: datetime) -> bool:
    """An overdue case climbs one stage of its process, and again after as long as its clock lasted, until the last.
    False when somebody acted meanwhile."""
    stage = case.escalations + 1
    last = stage >= len(case.process.escalation)
    following = None if last else case.climbs_at + (case.due_at - case.entered_at)
    changed = Case.objects.filter(
        pk=case.pk, state=case.state, version=case.version, escalations=case.escalations
    ).update(escalations=stage, climbs_at=following)
    if changed:
        case.escalations, case.climbs_at = stage, following
        _record(case, "escalate", case.state, None, _("超期未办，自动升级。"), {"escalation": stage}, (), now)
    return bool(changed)


def _record(
    case: Case, action: str, source: str, actor, words: str, data: dict, documents: Sequence, at: datetime
) -> None:
    step = CaseStep.objects.create(
        case=case,
        at=at,
        action=action,
        source=source,
        target=case.state,
        actor=actor,
        words=words,
        data=data,
        due_at=case.due_at,
    )
    if documents:
        step.documents.set(documents)
    (entry,) = append(
        Act(
            action=f"{case.kind.split('.')[0]}.{action}",
            subject=f"case:{case.pk}",
            region=case.region,
            organisation=case.organisation,
            words=words,
            data={
                "number": case.number,
                "from": source,
                "to": case.state,
                "due": case.due_at,
                **data,
                "documents": [document.digest for document in documents],
            },
            actor=actor.username if actor else "",
        )
    )
    CaseStep.objects.filter(pk=step.pk).update(position=entry.position)
    case_moved.send(sender=Case, case=case, action=action, source=source, actor=actor, step=step)


def _due(process, state: str, now: datetime, level: int | None, case: Case | None = None) -> datetime | None:
    name, until = process.by_name[state].clock, process.by_name[state].until
    if not name:
        return None
    if until and case is not None:
        return until(case)
    return due(process.clocks[name], now, ZoneInfo(settings.TIME_ZONE), level, is_workday)


def _took_one_of(case: Case, actor, actions: Sequence[str]) -> bool:
    """Since the case last came back to its initial state, or ever: nobody judges what he did himself."""
    return case.steps.filter(actor=actor, action__in=actions).exists()


def _next_number(kind: str, now: datetime) -> str:
    day = timezone.localdate(now)
    counter, _new = CaseNumber.objects.select_for_update().get_or_create(kind=kind, day=day)
    CaseNumber.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    counter.refresh_from_db(fields=["last"])
    return f"{kind.split('.')[-1][:4].upper()}-{day:%Y%m%d}-{counter.last:05d}"
