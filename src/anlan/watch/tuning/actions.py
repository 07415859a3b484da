"""The verbs: ask for a change of a rule, approve it by a second person, refuse, withdraw; try it on the archive."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.notices.live import announce
from anlan.watch.devices.actions import save_rule
from anlan.watch.devices.models import Rule
from anlan.watch.tuning.models import Change, Trial, Version
from anlan.watch.tuning.rules import FIELDS, in_force_at, moved, settings_of

LONGEST = timedelta(days=400)
State = Change.State
UNDECIDED = (State.ASKED, State.DIRECT)


@transaction.atomic
def ask(user, rule: Rule, why: str, *, direct: bool = False, trial: Trial | None = None) -> Change:
    """What the rule, as it is given, is to become. `direct`: in force at once, flagged until somebody approves it.
    Errors: Refused; ValidationError for what is no rule, changes nothing or is asked already."""
    held = Rule.objects.select_related("point__device").select_for_update(of=("self",)).get(pk=rule.pk)
    require(user, "tuning.direct" if direct else "tuning.ask", held)
    rule.full_clean()
    before, after = settings_of(held), settings_of(rule)
    if not moved(before, after):
        raise ValidationError(_("没有任何变化。"))
    if not why.strip():
        raise ValidationError({"why": _("请填写变更理由。")})
    if Change.objects.filter(rule=held, state=State.ASKED).exists():
        raise ValidationError(_("这条规则已有一份待批准的变更，请先办结。"))
    change = Change.objects.create(
        rule=held,
        before=before,
        after=after,
        why=why.strip()[:300],
        trial=trial,
        direct=direct,
        state=State.DIRECT if direct else State.ASKED,
        asked_by=user,
        region=held.region,
        organisation=held.organisation,
    )
    _record(change, "direct" if direct else "ask", change.why)
    if direct:
        _put_in_force(user, change, "tuning.direct")
    return change


@transaction.atomic
def approve(user, change: Change, words: str = "") -> Change:
    """In force from now on; of a direct change: nobody need be uneasy about it any more."""
    held = _decided(user, change, State.APPROVED, words)
    if not held.direct:
        now = settings_of(held.rule)
        if moved(now, held.before):
            raise ValidationError(_("申请之后规则又变过，请撤回后按现行规则重新申请。"))
        _put_in_force(user, held, "tuning.approve")
    _record(held, "approve", words)
    return held


@transaction.atomic
def refuse(user, change: Change, words: str) -> Change:
    """It is not to be; a direct change is taken back, as a version of its own."""
    if not words.strip():
        raise ValidationError({"words": _("请填写不批准的理由。")})
    held = _decided(user, change, State.REFUSED, words)
    if held.direct and not moved(settings_of(held.rule), held.after):
        held.before, held.after = held.after, held.before
        _put_in_force(user, held, "tuning.approve")
        held.before, held.after = held.after, held.before
    _record(held, "refuse", words)
    return held


@transaction.atomic
def withdraw(user, change: Change) -> None:
    """The one who asked thinks better of it."""
    if change.asked_by_id != user.pk:
        raise Refused(_("只有申请人可以撤回。"))
    if not Change.objects.filter(pk=change.pk, state=State.ASKED).update(state=State.WITHDRAWN):
        raise ValidationError(_("只有待批准的申请可以撤回。"))
    _record(change, "withdraw", "")


@transaction.atomic
def try_out(user, trial: Trial) -> Trial:
    """A trial waits for its turn in the work process."""
    require(user, "tuning.try", trial.rule)
    if not timedelta(0) < trial.ends_at - trial.starts_at <= LONGEST:
        raise ValidationError({"ends_at": _("须晚于开始时间，不超过 400 天。")})
    trial.asked_by, trial.region, trial.organisation = user, trial.rule.region, trial.rule.organisation
    trial.save()
    append(_act("tuning.try", f"trial:{trial.pk}", trial, str(trial), {"rule": trial.rule_id, "scope": trial.scope}))
    return trial


@transaction.atomic
def cancel(user, trial: Trial) -> None:
    require(user, "tuning.try", trial)
    if not Trial.objects.filter(pk=trial.pk, state__in=Trial.AT_WORK).update(state=Trial.State.CANCELLED):
        raise ValidationError(_("试算已经结束。"))
    append(_act("tuning.cancel", f"trial:{trial.pk}", trial, str(trial)))


def with_settings(rule: Rule, settings: dict) -> Rule:
    """The rule as these settings say, not saved."""
    for name in FIELDS:
        setattr(rule, "other_id" if name == "other" else name, settings[name])
    return rule


def _decided(user, change: Change, state: str, words: str) -> Change:
    held = Change.objects.select_for_update().get(pk=change.pk)
    require(user, "tuning.approve", held)
    if held.state not in UNDECIDED:
        raise ValidationError(_("变更现在是“%(state)s”，请刷新后再办。") % {"state": held.get_state_display()})
    if held.asked_by_id == user.pk:
        raise Refused(_("规则变更须由另一人批准。"))
    held.state, held.decided_by, held.decided_at, held.words = state, user, timezone.now(), words.strip()[:300]
    held.save(update_fields=["state", "decided_by", "decided_at", "words"])
    return held


def _put_in_force(user, change: Change, permission: str) -> None:
    rule = Rule.objects.select_related("point__device").get(pk=change.rule_id)
    if not rule.versions.exists():
        Version.objects.create(rule=rule, number=rule.version, settings=change.before, since=None)
    save_rule(user, with_settings(rule, change.after), permission)
    Version.objects.create(rule=rule, number=rule.version, settings=change.after, since=timezone.now(), change=change)


def version_at(rule: int, at: datetime) -> int | None:
    """Which version of the rule raised an alarm of this instant."""
    return in_force_at(Version.objects.filter(rule=rule).values_list("number", "since"), at)


def _record(change: Change, verb: str, words: str) -> None:
    data = {"rule": change.rule_id, "before": change.before, "after": change.after, "trial": change.trial_id}
    append(_act(f"tuning.{verb}", f"rule-change:{change.pk}", change, words or str(change), data))
    announce("tuning", [change.pk], change.region, change.organisation)


def _act(action: str, subject: str, row, words: str, data: dict | None = None) -> Act:
    return Act(
        action=action, subject=subject, region=row.region, organisation=row.organisation, words=words, data=data or {}
    )
