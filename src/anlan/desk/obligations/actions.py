"""The verbs of an obligation: meet, verify, send back, waive. State and version are the lock: the first one wins."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused, may_row
from anlan.desk.audit.chain import Act, append
from anlan.desk.notices.live import announce
from anlan.desk.obligations.gates import MEET, VERIFY, WAIVE
from anlan.desk.obligations.models import Obligation, ObligationStep
from anlan.desk.obligations.schedule import FIRST

State = Obligation.State
# action -> (permission, states from which it leads)
VERBS = {
    "meet": (MEET, (State.PENDING, State.OVERDUE)),
    "verify": (VERIFY, (State.SUBMITTED,)),
    "send_back": (VERIFY, (State.SUBMITTED,)),
    "waive": (WAIVE, (State.PENDING, State.OVERDUE, State.SUBMITTED)),
}


def available(row: Obligation, user) -> list[str]:
    """The verbs this person could use now."""
    found = []
    for verb in VERBS:
        try:
            check(row, verb, user)
        except (Refused, ValidationError):
            continue
        found.append(verb)
    return found


def check(row: Obligation, verb: str, user) -> None:
    """May this person do this now? Raises Refused or ValidationError."""
    permission, states = VERBS[verb]
    if not may_row(user, permission, row):
        raise Refused(_("您的岗位不能办理此事项。"))
    if row.state not in states:
        raise ValidationError(_("事项当前为“%(state)s”，请刷新后再办。") % {"state": row.get_state_display()})
    if verb in ("verify", "send_back") and row.met_by_id == user.pk:
        raise Refused(_("核实须由另一人办理，您是提交人。"))


@transaction.atomic
def meet(row: Obligation, user, *, words: str = "", documents: Sequence = (), on: date | None = None) -> Obligation:
    """Met with evidence, on a day that may lie before today. A rule with `verify` waits for another person."""
    check(row, "meet", user)
    rule, today = row.by, timezone.localdate()
    on = on or today
    if on > today:
        raise ValidationError({"on": _("完成日期不能晚于今天。")})
    if on < row.start_on and row.period != FIRST:
        raise ValidationError({"on": _("完成日期早于本期开始（%(day)s）。") % {"day": row.start_on}})
    asked = rule.documents if rule else 0
    if len(documents) < asked:
        raise ValidationError({"documents": _("至少上传 %(count)d 份佐证材料。") % {"count": asked}})
    waits = bool(rule and rule.verify)
    _turn(
        row,
        state=State.SUBMITTED if waits else State.MET,
        is_open=waits,
        met_on=on,
        met_by=user,
        late=on > row.due_on,
        words=words,
    )
    row.documents.set(documents)
    return _record(row, "meet", user, words, documents)


@transaction.atomic
def verify(row: Obligation, user, *, words: str = "") -> Obligation:
    check(row, "verify", user)
    _turn(row, state=State.MET, is_open=False)
    return _record(row, "verify", user, words)


@transaction.atomic
def send_back(row: Obligation, user, *, words: str) -> Obligation:
    """Not accepted: it is pending again, or overdue when its day has passed."""
    check(row, "send_back", user)
    _explained(words)
    late = row.due_at <= timezone.now()
    state = State.OVERDUE if late else State.PENDING
    _turn(row, state=state, is_open=True, met_on=None, met_by=None, late=False)
    return _record(row, "send_back", user, words)


@transaction.atomic
def waive(row: Obligation, user, *, words: str) -> Obligation:
    check(row, "waive", user)
    _explained(words)
    # The next period is counted from the day this one would have been due.
    _turn(row, state=State.WAIVED, is_open=False, words=words, met_on=row.due_on)
    return _record(row, "waive", user, words)


def _explained(words: str) -> None:
    if not words.strip():
        raise ValidationError({"words": _("请填写说明。")})


def _turn(row: Obligation, **values) -> None:
    turned = Obligation.objects.filter(pk=row.pk, state=row.state, version=row.version).update(
        version=F("version") + 1, **values
    )
    if not turned:
        raise ValidationError(_("另一人刚刚办理了本事项，请刷新后再办。"))
    row.refresh_from_db()


def _record(row: Obligation, action: str, user, words: str, documents: Sequence = ()) -> Obligation:
    step = ObligationStep.objects.create(obligation=row, at=timezone.now(), action=action, actor=user, words=words)
    step.documents.set(documents)
    announce("obligations", [row.pk], row.region, row.organisation)
    (sealed,) = append(
        Act(
            action=f"obligations.{action}",
            subject=f"obligation:{row.pk}",
            region=row.region,
            organisation=row.organisation,
            words=words,
            data={
                "rule": row.rule,
                "subject": row.subject,
                "period": row.period,
                "state": row.state,
                "documents": [document.digest for document in documents],
            },
            actor=user.username if user else "",
        )
    )
    ObligationStep.objects.filter(pk=step.pk).update(position=sealed.position)
    return row
