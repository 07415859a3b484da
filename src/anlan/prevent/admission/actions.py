"""The verbs: keep a contractor and its people, ask for entry, decide, withdraw, record a violation, bar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.layers.initials import initials
from anlan.desk.notices.live import announce
from anlan.prevent.admission import rules
from anlan.prevent.admission.announcements import entry_moved
from anlan.prevent.admission.certificates import certificates
from anlan.prevent.admission.models import Contractor, Entry, Staff, Violation
from anlan.prevent.admission.rules import Reason

YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is asked: who of which contractor, for which work, on which days (both included)."""

    contractor: Contractor
    staff: Sequence[Staff]
    work: str
    starts_on: date
    ends_on: date
    kind: str = ""


@transaction.atomic
def save_contractor(user, contractor: Contractor) -> Contractor:
    new = contractor.pk is None
    if not new:
        require(user, "admission.change", Contractor.objects.get(pk=contractor.pk))
    require(user, "admission.change", contractor)
    contractor.initials = initials(contractor.name)
    contractor.full_clean()
    contractor.save()
    _record("contractor", contractor, _("登记承包商") if new else _("变更承包商"))
    return contractor


@transaction.atomic
def save_staff(user, staff: Staff) -> Staff:
    if staff.pk:
        require(user, "admission.change", Staff.objects.get(pk=staff.pk))
    staff.region, staff.organisation = staff.contractor.region, staff.contractor.organisation
    require(user, "admission.change", staff)
    staff.full_clean()
    staff.save()
    _record("staff", staff, _("登记承包商人员“%(name)s”") % {"name": staff.name})
    return staff


@transaction.atomic
def bar(user, row: Contractor | Staff, words: str) -> None:
    """Not to come in again, with the reason; empty words lift it."""
    require(user, "admission.decide", row)
    row.barred = words.strip()[:200]
    row.save(update_fields=["barred", "changed_at"])
    subject = "contractor" if isinstance(row, Contractor) else "staff"
    _record(subject, row, _("列入禁入：%(words)s") % {"words": words} if words else _("解除禁入"))


@transaction.atomic
def ask(user, asking: Asking) -> Entry:
    """Asks for entry. The papers are judged at once: an entry they speak against is refused, and stays on record with
    the reasons. Errors: Refused; ValidationError for what makes no sense."""
    contractor = asking.contractor
    require(user, "admission.ask", contractor)
    if asking.ends_on < asking.starts_on:
        raise ValidationError({"ends_on": _("不能早于开始日期。")})
    if any(staff.contractor_id != contractor.pk for staff in asking.staff):
        raise ValidationError({"staff": _("所选人员不属于该承包商。")})
    reasons = reasons_against(asking)
    entry = Entry.objects.create(
        contractor=contractor,
        region=contractor.region,
        organisation=contractor.organisation,
        work=asking.work[:200],
        kind=asking.kind,
        starts_on=asking.starts_on,
        ends_on=asking.ends_on,
        state=Entry.State.REFUSED if reasons else Entry.State.ASKED,
        reasons=[reason.as_dict() for reason in reasons],
        asked_by=user,
        asked_at=timezone.now(),
    )
    entry.staff.set(asking.staff)
    _moved(entry, user, _("申请入厂，不准入") if reasons else _("申请入厂"))
    return entry


@transaction.atomic
def decide(user, entry: Entry, *, admit: bool, words: str = "") -> Entry:
    """Admits or refuses what was asked, by another person than the asker. Papers are judged again: days have passed."""
    require(user, "admission.decide", entry)
    held = Entry.objects.select_for_update().get(pk=entry.pk)
    if held.state != Entry.State.ASKED:
        raise ValidationError(_("申请现在是“%(state)s”，请刷新后再办。") % {"state": held.get_state_display()})
    if held.asked_by_id == user.pk:
        raise Refused(_("入厂申请须由另一人审核。"))
    if not admit and not words.strip():
        raise ValidationError({"words": _("请填写不准入的原因。")})
    reasons = reasons_against(_asked(held)) if admit else ()
    held.state = Entry.State.ADMITTED if admit and not reasons else Entry.State.REFUSED
    held.reasons = [reason.as_dict() for reason in reasons]
    held.decided_by, held.decided_at, held.words = user, timezone.now(), words[:300]
    held.save()
    _moved(held, user, _("准入") if held.state == Entry.State.ADMITTED else _("不准入"))
    return held


@transaction.atomic
def withdraw(user, entry: Entry, words: str) -> Entry:
    """Takes an admission back before its last day."""
    require(user, "admission.decide", entry)
    if not words.strip():
        raise ValidationError({"words": _("请填写收回的原因。")})
    if not Entry.objects.filter(pk=entry.pk, state=Entry.State.ADMITTED).update(
        state=Entry.State.WITHDRAWN, words=words[:300]
    ):
        raise ValidationError(_("只有准入中的许可可以收回。"))
    entry.refresh_from_db()
    _moved(entry, user, _("收回入厂许可：%(words)s") % {"words": words})
    return entry


@transaction.atomic
def record_violation(user, violation: Violation) -> Violation:
    contractor = violation.contractor
    violation.region, violation.organisation = contractor.region, contractor.organisation
    require(user, "admission.violation", contractor)
    violation.recorded_by = user
    violation.full_clean()
    violation.save()
    since = timezone.localdate() - YEAR
    total = contractor.violations.filter(on__gt=since).aggregate(n=Sum("points"))["n"] or 0
    Contractor.objects.filter(pk=contractor.pk).update(points=total)
    words = _("违章记 %(points)d 分：%(words)s") % {"points": violation.points, "words": violation.words}
    _record("contractor", contractor, words)
    return violation


def reasons_against(asking: Asking) -> tuple[Reason, ...]:
    """All reasons against it, from the papers as they stand now."""
    found = certificates(staff.certificate for staff in asking.staff)
    people = [_person(staff, found) for staff in asking.staff]
    return rules.against(_company(asking.contractor), people, asking.kind, asking.starts_on, asking.ends_on)


def admitted(contractor: Contractor, names: Iterable[str], day: date) -> tuple[Reason, ...]:
    """Why these people of the contractor may not work here on this day; nothing when an entry in force covers all."""
    entries = Entry.objects.filter(
        contractor=contractor, state=Entry.State.ADMITTED, starts_on__lte=day, ends_on__gte=day
    )
    covered = set(Staff.objects.filter(entries__in=entries).values_list("name", flat=True))
    if not covered:
        words = rules.Text("今天没有有效的入厂许可", "has no entry permit for today")
        return (Reason(contractor.name, words, rules.CONTRACTING),)
    words = rules.Text("不在有效的入厂许可内", "is on no entry permit in force")
    return tuple(Reason(name, words, rules.CONTRACTING) for name in names if name not in covered)


def _asked(entry: Entry) -> Asking:
    return Asking(
        contractor=entry.contractor,
        staff=list(entry.staff.all()),
        work=entry.work,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        kind=entry.kind,
    )


def _company(contractor: Contractor) -> rules.Company:
    return rules.Company(
        name=contractor.name,
        barred=contractor.barred,
        points=contractor.points,
        qualification_until=contractor.qualification_until,
        licence_until=contractor.licence_until,
        agreement_until=contractor.agreement_until,
    )


def _person(staff: Staff, found: dict[str, rules.Certificate]) -> rules.Person:
    return rules.Person(
        name=staff.name,
        barred=staff.barred,
        trained_until=staff.trained_until,
        number=staff.certificate,
        certificate=found.get(staff.certificate),
    )


def _moved(entry: Entry, user, words: str) -> None:
    _record("entry", entry, words)
    entry_moved.send(sender=Entry, entry=entry, actor=user)


def _record(subject: str, row, words: str) -> None:
    append(
        Act(
            action=f"admission.{subject}",
            subject=f"{subject}:{row.pk}",
            region=row.region,
            organisation=row.organisation,
            words=words,
        )
    )
    announce("admission", [row.pk], row.region, row.organisation)
