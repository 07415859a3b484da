"""Small and sporadic works: how each is graded and how often it is looked at, purely, and the verbs.

No standard sets these grades. The table is configuration (docs/decisions/0123); a work is graded by its kind and made
worse by height, by people without certificates, and by a crowded place.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.notices.live import announce
from anlan.prevent.permits.models import SmallWork, SmallWorkCheck
from anlan.standards.citing import Text
from anlan.standards.tracing import Finding

LEVEL_OF = {
    "facade": 2,
    "roof": 2,
    "demolition": 2,
    "pit": 2,
    "lifting": 2,
    "welding": 3,
    "digging": 3,
    "wiring": 3,
    "decoration": 4,
    "other": 4,
}
EVERY_DAYS = {1: 1, 2: 2, 3: 7, 4: 14}  # level -> days between two checks
HIGH, DEEP_ENOUGH = 15.0, 2.0  # metres from which a work counts one or two levels worse
CERTIFIED_KINDS = {"facade", "roof", "welding", "wiring", "lifting"}  # work that asks for a certificate


@dataclass(frozen=True, kw_only=True)
class Described:
    kind: str
    height: float | None = None
    certified: bool = False
    crowded: bool = False


def grade(work: Described) -> Finding:
    """Level 1 (gravest) to 4, with the reasons."""
    base = LEVEL_OF[work.kind]
    reasons = [Finding(base, Text("按作业类别", "by the kind of work"), inputs={"kind": work.kind})]
    level = base
    if work.height is not None and work.height >= DEEP_ENOUGH:
        steps = 2 if work.height >= HIGH else 1
        level -= steps
        reasons.append(Finding(-steps, Text("高度或深度", "height or depth"), inputs={"height": work.height}, unit="m"))
    if work.kind in CERTIFIED_KINDS and not work.certified:
        level -= 1
        reasons.append(Finding(-1, Text("应持证而未持证", "a certificate is asked for and not held")))
    if work.crowded:
        level -= 1
        reasons.append(Finding(-1, Text("临街或人员密集", "by a street or among many people")))
    found = max(1, min(4, level))
    rule = Text("小散工程风险等级（平台配置）", "level of a small work (setting of this platform)")
    return Finding(found, rule, because=tuple(reasons))


def next_check(work: SmallWork, day: date) -> date | None:
    """The day of the next look: after the interval, at the latest on the last day of the work."""
    if not work.is_open:
        return None
    return max(day, min(day + timedelta(days=work.every_days), work.ends_on))


@transaction.atomic
def register(user, work: SmallWork) -> SmallWork:
    """Keeps what was found on the spot; its level, interval and first check follow by rule."""
    require(user, "small-works.register", work)
    new = work.pk is None
    finding = grade(Described(kind=work.kind, height=work.height, certified=work.certified, crowded=work.crowded))
    work.level, work.explanation = finding.value, finding.as_dict()
    work.every_days = EVERY_DAYS[work.level]
    if new:
        work.registered_by, work.registered_at = user, timezone.now()
    work.next_check = next_check(work, timezone.localdate())
    work.full_clean()
    work.save()
    words = _("登记小散工程“%(title)s”，%(level)d 级，每 %(days)d 天检查")
    _record(work, words % {"title": work.title, "level": work.level, "days": work.every_days})
    return work


@transaction.atomic
def check(user, work: SmallWork, words: str, *, safe: bool, ended: bool = False) -> SmallWorkCheck:
    """One look at the work; the next is due after the interval, at once the next day when it was not safe."""
    require(user, "small-works.check", work)
    held = SmallWork.objects.select_for_update().get(pk=work.pk)
    if not held.is_open:
        raise ValidationError(_("这项作业已经结束。"))
    if not words.strip():
        raise ValidationError({"words": _("请填写检查情况。")})
    today = timezone.localdate()
    found = SmallWorkCheck.objects.create(work=held, at=timezone.now(), by=user, words=words[:300], safe=safe)
    held.is_open = not ended
    held.next_check = next_check(held, today)
    if held.is_open and (not safe or held.next_check == today):
        held.next_check = today + timedelta(days=1)
    held.save(update_fields=["is_open", "next_check"])
    _record(held, _("检查：%(words)s") % {"words": words})
    return found


def _record(work: SmallWork, words: str) -> None:
    append(
        Act(
            action="small-works.step",
            subject=f"small-work:{work.pk}",
            region=work.region,
            organisation=work.organisation,
            words=words,
        )
    )
    announce("small-works", [work.pk], work.region, work.organisation)
