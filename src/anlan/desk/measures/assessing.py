"""The verbs of an assessment: begin, answer, submit, confirm, send back. Whoever submits does not confirm."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused, may, may_row, own_organisations
from anlan.desk.audit.chain import Act, append
from anlan.desk.measures.announcements import assessment_submitted
from anlan.desk.measures.models import Assessment
from anlan.desk.measures.scorecards import Answers, Scorecard, faults, judge
from anlan.desk.notices.live import announce
from anlan.desk.subjects.declare import Subject, select

CONFIRM = "assessments.confirm"
State = Assessment.State


def subjects_for(user, card: Scorecard) -> list[Subject]:
    """Whom this person may assess by the card."""
    if not may(user, card.by):
        return []
    who = replace(card.who, organisations=own_organisations(user, card.by))
    return [one for one in select(who) if may(user, card.by, region=one.region, organisation=one.organisation)]


def period_of(card: Scorecard, day: date) -> str:
    """What a second assessment of the same period collides with: its month, its year, or its day."""
    return {"year": f"{day:%Y}", "month": f"{day:%Y-%m}"}.get(card.every, day.isoformat())


@transaction.atomic
def begin(user, card: Scorecard, subject: Subject) -> Assessment:
    """A new draft, or the one of this period that is there already. Errors: Refused; ValidationError."""
    if not may(user, card.by, region=subject.region, organisation=subject.organisation):
        raise Refused(_("您的岗位不能为此单位自评。"))
    if not card.who.means(subject.facts):
        raise ValidationError(_("“%(card)s”不适用于此单位。") % {"card": card.title})
    key = {"card": card.code, "subject": subject.key, "period": period_of(card, timezone.localdate())}
    found = Assessment.objects.filter(**key).first()
    if found:
        return found
    row = Assessment(
        **key, region=subject.region, organisation=subject.organisation, title=subject.title[:200],
        url=subject.url[:200], made_by=user,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Assessment.objects.get(**key)
    _tell(row, "begin", user)
    return row


@transaction.atomic
def answer(user, row: Assessment, given: Answers) -> Assessment:
    """Keeps answers as they come, item by item: what is not given stays. A draft is saved at every answer."""
    card = _card(row)
    _check(user, row, card.by, State.DRAFT, State.RETURNED)
    kept = {code: _plain(value) for code, value in given.items() if code in card.by_code}
    current = Assessment.objects.select_for_update().get(pk=row.pk)
    _check(user, current, card.by, State.DRAFT, State.RETURNED)
    current.answers = current.answers | kept
    current.version += 1
    current.save()
    return current


@transaction.atomic
def submit(user, row: Assessment) -> Assessment:
    """Judges the answers. Errors: ValidationError by item, when one is missing or lacks its evidence."""
    current = Assessment.objects.select_for_update().get(pk=row.pk)
    card = _card(current)
    _check(user, current, card.by, State.DRAFT, State.RETURNED)
    if wrong := faults(card, current.answers):
        raise ValidationError([f"{card.by_code[code].title}：{sentence}" for code, sentence in wrong.items()])
    result = judge(card, current.answers)
    current.state, current.submitted_at, current.submitted_by = State.SUBMITTED, timezone.now(), user
    current.result, current.score = result.as_dict(), result.score
    current.grade, current.vetoed, current.gaps = str(result.grade or ""), bool(result.vetoed), len(result.gaps)
    current.version += 1
    current.save()
    _tell(current, "submit", user)
    if card.gaps:
        assessment_submitted.send(sender=Assessment, assessment=current, gaps=result.gaps, user=user)
    return current


def confirm(user, row: Assessment, words: str = "") -> Assessment:
    return _review(user, row, State.CONFIRMED, "confirm", words)


def send_back(user, row: Assessment, words: str) -> Assessment:
    if not words.strip():
        raise ValidationError({"words": _("请填写说明。")})
    return _review(user, row, State.RETURNED, "send_back", words)


@transaction.atomic
def _review(user, row: Assessment, state: str, action: str, words: str) -> Assessment:
    _check(user, row, CONFIRM, State.SUBMITTED)
    if row.submitted_by_id == user.pk:
        raise Refused(_("复核须由另一人办理，您是提交人。"))
    turned = Assessment.objects.filter(pk=row.pk, state=State.SUBMITTED, version=row.version).update(
        state=state, reviewed_by=user, reviewed_at=timezone.now(), review=words[:500], version=F("version") + 1
    )
    if not turned:
        raise ValidationError(_("另一人刚刚办理了本事项，请刷新后再办。"))
    row.refresh_from_db()
    _tell(row, action, user, words)
    return row


def _check(user, row: Assessment, permission: str, *states: str) -> None:
    if not may_row(user, permission, row):
        raise Refused(_("您的岗位不能办理此评分。"))
    if row.state not in states:
        raise ValidationError(_("评分当前为“%(state)s”，请刷新后再办。") % {"state": row.get_state_display()})


def _card(row: Assessment) -> Scorecard:
    if row.scorecard is None:
        raise ValidationError(_("评分表 %(card)s 的行业包已停用，记录只读。") % {"card": row.card})
    return row.scorecard


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"answer": str(value.get("answer") or "")[:8], "words": str(value.get("words") or "")[:500]}
    points = value.get("points")
    return kept | ({"points": points} if isinstance(points, (int, float)) else {})


def _tell(row: Assessment, action: str, user, words: str = "") -> None:
    announce("assessments", [row.pk], row.region, row.organisation)
    data = {"card": row.card, "period": row.period, "state": row.state, "score": row.score, "gaps": row.gaps}
    append(
        Act(
            action=f"assessments.{action}",
            subject=f"assessment:{row.pk}",
            region=row.region,
            organisation=row.organisation,
            words=words,
            data=data,
            actor=user.username,
        )
    )
