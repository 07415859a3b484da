"""What a step of the case means for the danger's own row: written in the step's transaction, or not at all.

A ValidationError raised here takes the step back and is shown at its field.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case, CaseStep
from anlan.desk.notices.live import announce
from anlan.prevent.hazards import rules
from anlan.prevent.hazards.counting import Moves
from anlan.prevent.hazards.models import KIND, Extension, Hazard, Listing, Report
from anlan.prevent.hazards.periods import end_of, last_day, terms_of


@receiver(case_moved)
def follow(case: Case, action: str, actor=None, step: CaseStep | None = None, **_signal):
    if case.kind != KIND or action == "open":
        return
    hazard = Hazard.objects.select_related("enterprise").get(pk=case.pk)
    moves = Moves().add(hazard, -1)
    hazard.state, hazard.is_open, hazard.closed_at = case.state, case.is_open, case.closed_at
    if action in EFFECTS:
        EFFECTS[action](hazard, case, step)
    hazard.save()
    moves.add(hazard).write()
    if case.state == "rectifying" and case.data.get("ends"):
        ends = datetime.fromisoformat(case.data["ends"])
        if case.due_at != ends:
            Case.objects.filter(pk=case.pk).update(due_at=ends, climbs_at=ends, reminded_at=None)
            case.due_at = case.climbs_at = ends
    announce("hazards", [hazard.pk], hazard.region, hazard.organisation)


def _keep(case: Case, **values) -> None:
    """Into the case's data, where the guards of later steps look."""
    case.data = {name: value for name, value in {**case.data, **values}.items() if value is not None}
    Case.objects.filter(pk=case.pk).update(data=case.data)


def _day(step: CaseStep, name: str) -> date:
    try:
        return date.fromisoformat(str(step.data[name]))
    except (KeyError, ValueError):
        raise ValidationError({name: _("请填写日期，例如 2026-06-30。")}) from None


def _graded(hazard: Hazard, case: Case, step: CaseStep) -> None:
    grade = step.data.get("grade")
    if grade not in rules.LEVEL:
        raise ValidationError({"grade": _("隐患等级只有一般和重大。")})
    if grade == rules.GENERAL and hazard.listed:
        raise ValidationError({"grade": _("正在挂牌督办的重大隐患不能改为一般隐患。")})
    known = {candidate["id"] for candidate in hazard.candidates} | {"none", ""}
    criterion = step.data.get("criterion") or ""
    if criterion not in known:
        raise ValidationError({"criterion": _("没有这一条判定条款。")})
    hazard.grade, hazard.level = grade, rules.LEVEL[grade]
    hazard.criterion = "" if criterion == "none" else criterion
    hazard.reason = step.words
    # The superior who decides anew has seen it: his verdict stands without the flag.
    hazard.graded_down = step.action == "grade" and rules.looks_graded_down(grade, hazard.candidates)
    if step.action == "regrade" and hazard.deadline:
        hazard.cancel_by = end_of(hazard.deadline)
    Case.objects.filter(pk=case.pk).update(level=hazard.level)
    case.level = hazard.level


def _settled(hazard: Hazard, case: Case, step: CaseStep) -> None:
    deadline, today = _day(step, "deadline"), timezone.localdate()
    last = None
    if hazard.grade == rules.GENERAL and hazard.cancel_by:
        last = max(last_day(hazard.cancel_by), today)
    if fault := rules.fault_of_deadline(deadline, today, last):
        raise ValidationError({"deadline": fault})
    funds = float(step.data["funds"])
    if not 0 <= funds < 1e9:
        raise ValidationError({"funds": _("整改资金不能是负数，单位是万元。")})
    hazard.measure, hazard.responsible = step.data["measure"], str(step.data["responsible"])[:64]
    hazard.funds, hazard.deadline, hazard.plan = funds, deadline, step.data["plan"]
    if hazard.grade == rules.MAJOR:
        hazard.cancel_by = end_of(deadline)
    _keep(case, ends=end_of(deadline).isoformat())


def _monitored(hazard: Hazard, case: Case, step: CaseStep) -> None:
    hazard.temporary = step.words


def _rectified(hazard: Hazard, case: Case, step: CaseStep) -> None:
    hazard.rectified_at = step.at
    _keep(case, treated=True)


def _rejected(hazard: Hazard, case: Case, step: CaseStep) -> None:
    hazard.rectified_at = None
    _keep(case, treated=None)
    if hazard.listed:  # what a third party accepted before is no longer what is there
        Listing.objects.filter(hazard=hazard).update(
            assessed_at=None, assessed_by=None, passed=None, approved_at=None, asked_at=None
        )
        _keep(case, assessed=None, conclusion=None, assessment_approved=None, asked_delisting=None)


def _asked_time(hazard: Hazard, case: Case, step: CaseStep) -> None:
    until = _day(step, "asked_until")
    most = terms_of(hazard.region).most_extensions
    if fault := rules.fault_of_extension(until, hazard.deadline, hazard.extensions, most):
        raise ValidationError({"asked_until": fault})
    Extension.objects.create(hazard=hazard, asked_at=step.at, asked_by=step.actor, until=until, words=step.words)


def _decided_time(hazard: Hazard, case: Case, step: CaseStep) -> None:
    request = Extension.objects.get(hazard=hazard, granted=None)
    request.granted = step.action == "grant_time"
    request.decided_at, request.decided_by = step.at, step.actor
    request.save()
    _keep(case, asked_until=None)
    if request.granted:
        hazard.extensions += 1
        hazard.deadline, hazard.cancel_by, hazard.told_overdue_at = request.until, end_of(request.until), None
        Listing.objects.filter(hazard=hazard, deadline__lt=request.until).update(deadline=request.until)
        _keep(case, ends=end_of(request.until).isoformat())


def _reported(hazard: Hazard, case: Case, step: CaseStep) -> None:
    receiver = step.action.removeprefix("report_")
    Report.objects.create(hazard=hazard, receiver=receiver, sent_at=step.at, sent_by=step.actor, words=step.words)
    _keep(case, reported=[*case.data.get("reported", ()), receiver])


def _received(hazard: Hazard, case: Case, step: CaseStep) -> None:
    receiver = step.action.removeprefix("receive_")
    Report.objects.filter(hazard=hazard, receiver=receiver).update(received_at=step.at, received_by=step.actor)
    _keep(case, received=[*case.data.get("received", ()), receiver])


def _listed(hazard: Hazard, case: Case, step: CaseStep) -> None:
    until = _day(step, "listed_until")
    if until < timezone.localdate():
        raise ValidationError({"listed_until": _("治理期限不能早于今天。")})
    Listing.objects.create(
        hazard=hazard,
        region=hazard.region,
        organisation=hazard.organisation,
        rank=step.data["rank"],
        ordered_at=step.at,
        ordered_by=step.actor,
        supervisor=str(step.data["supervisor"])[:120],
        requirements=step.words,
        deadline=until,
    )
    hazard.listed = True
    _keep(case, listed=True)


def _progressed(hazard: Hazard, case: Case, step: CaseStep) -> None:
    percent = float(step.data["percent"])
    if not 0 <= percent <= 100:
        raise ValidationError({"percent": _("治理进度在 0 到 100 之间。")})
    Listing.objects.filter(hazard=hazard).update(percent=round(percent))


def _assessed(hazard: Hazard, case: Case, step: CaseStep) -> None:
    passed = step.data.get("conclusion") == "passed"
    Listing.objects.filter(hazard=hazard).update(
        assessed_at=step.at, assessed_by=step.actor, passed=passed, approved_at=None, asked_at=None
    )
    _keep(case, assessed=True, assessment_approved=None, asked_delisting=None)


def _assessment_approved(hazard: Hazard, case: Case, step: CaseStep) -> None:
    Listing.objects.filter(hazard=hazard).update(approved_at=step.at)
    _keep(case, assessment_approved=True)


def _asked_delisting(hazard: Hazard, case: Case, step: CaseStep) -> None:
    Listing.objects.filter(hazard=hazard).update(asked_at=step.at)
    _keep(case, asked_delisting=True)


def _delisted(hazard: Hazard, case: Case, step: CaseStep) -> None:
    Listing.objects.filter(hazard=hazard).update(delisted_at=step.at)
    hazard.listed = False
    _keep(case, delisted=True)
    Case.objects.filter(pk=case.pk).update(supervised=False)


def _published(hazard: Hazard, case: Case, step: CaseStep) -> None:
    Listing.objects.filter(hazard=hazard).update(published_at=step.at)
    hazard.published = True
    _keep(case, published=True)


def _overdue(hazard: Hazard, case: Case, step: CaseStep) -> None:
    hazard.told_overdue_at = step.at


def _vetoed(hazard: Hazard, case: Case, step: CaseStep) -> None:
    listing = Listing.objects.get(hazard=hazard)
    listing.vetoed_at, listing.proposal = step.at, str(rules.PROPOSALS[listing.rank])
    listing.save(update_fields=["vetoed_at", "proposal"])


EFFECTS = {
    "grade": _graded,
    "regrade": _graded,
    "settle": _settled,
    "monitor": _monitored,
    "rectify": _rectified,
    "reject": _rejected,
    "ask_time": _asked_time,
    "grant_time": _decided_time,
    "refuse_time": _decided_time,
    "report_department": _reported,
    "report_congress": _reported,
    "receive_department": _received,
    "receive_congress": _received,
    "list": _listed,
    "progress": _progressed,
    "assess": _assessed,
    "approve_assessment": _assessment_approved,
    "ask_delisting": _asked_delisting,
    "delist": _delisted,
    "publish": _published,
    "overdue": _overdue,
    "veto": _vetoed,
}
