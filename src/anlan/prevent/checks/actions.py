"""The verbs of a check: answer an item, finish, hand to somebody, withdraw. Check, do, record, announce.

An answer is kept the moment it is given, and a "not" registers a hidden danger in the same transaction: whoever is
interrupted loses nothing but the answer he was giving. Every verb can run twice with the same outcome.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.access.standing import Refused, may_row, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.documents.models import Document
from anlan.desk.notices.actions import tell
from anlan.desk.notices.live import announce
from anlan.desk.wording.units import shown
from anlan.prevent.checks import rules, sheets, tallying
from anlan.prevent.checks.models import Answer, Level, Proof, Task, Verdict
from anlan.prevent.checks.rules import LEVEL_PERMISSIONS, Item
from anlan.prevent.hazards.actions import register, self_checked
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.risks.models import Control


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody says of one item. `photos` are numbers of documents."""

    item: str
    verdict: str = ""
    reading: float | None = None
    note: str = ""
    photos: Sequence[int] = ()


def may_answer(user, task: Task) -> bool:
    """His level, and given to him, to nobody, or he is the one who plans (a manager stands in for the absent)."""
    if not may_row(user, LEVEL_PERMISSIONS[task.level], task):
        return False
    return task.assignee_id in (None, user.pk) or may_row(user, "checks.plan", task)


@transaction.atomic
def answer(by, task: Task, given: Given, at: datetime | None = None) -> Answer:
    """Keeps one answer. Errors: Refused; ValidationError for an answer that contradicts its question."""
    task = _held(by, task, at)
    return _keep(by, task, _item(task, given.item), given, at or timezone.now())


@transaction.atomic
def answer_all(by, task: Task, given: Iterable[Given], at: datetime | None = None) -> Task:
    """Keeps many answers and finishes, as the phone sends them. A second sending of the same finds all done."""
    known = Task.objects.get(pk=task.pk)
    if known.state == Task.State.DONE and known.done_by_id == by.pk:
        return known
    held = _held(by, task, at)
    items = {item.key: item for item in sheets.items(held.sheet)}
    for one in given:
        if one.item not in items:
            raise ValidationError(_("检查表中没有“%(item)s”这一项。") % {"item": one.item})
        _keep(by, held, items[one.item], one, at or timezone.now())
    return finish(by, held, at)


@transaction.atomic
def finish(by, task: Task, at: datetime | None = None, words: str = "") -> Task:
    """All is answered: the check is done. Errors: ValidationError naming what is missing."""
    task = _held(by, task, at)
    at = at or timezone.now()
    answers = dict(task.answers.values_list("item", "verdict"))
    missing = [item for item in sheets.items(task.sheet) if item.key not in answers]
    if missing:
        raise ValidationError(
            _("还有 %(count)d 项没有回答，第一项是“%(text)s”。") % {"count": len(missing), "text": missing[0].text[:60]}
        )
    was_missed = task.state == Task.State.MISSED
    task.state, task.done_by, task.done_at = Task.State.DONE, by, at
    task.late = at > task.due_at
    task.words = words[:300]
    task.answered, task.failed = len(answers), sum(verdict == Verdict.NOT for verdict in answers.values())
    task.version += 1
    task.save(update_fields=["state", "done_by", "done_at", "late", "words", "answered", "failed", "version"])
    more = {"done": 1, "items": task.total, "failed": task.failed, "late": int(task.late)}
    tallying.count(task, **more, **({"missed": -1} if was_missed else {}))
    if task.level != Level.GOVERNMENT:
        self_checked(None, task.enterprise, at=at, found=task.failed, words=task.title, key=f"check:{task.pk}")
    append(
        Act(
            action="checks.finish",
            subject=f"check:{task.pk}",
            region=task.region,
            organisation=task.organisation,
            words=_("完成检查“%(title)s”：%(total)d 项，不符合 %(failed)d 项")
            % {"title": task.title, "total": task.total, "failed": task.failed},
            data={"sheet": task.sheet.digest, "answers": answers, "late": task.late, "done_at": at.isoformat()},
        )
    )
    announce("checks", [task.pk], task.region, task.organisation)
    return task


@transaction.atomic
def hand_over(by, tasks: list[Task], to: User | None) -> int:
    """These checks are this person's to make, or anybody's of their level. The person is told."""
    for task in tasks:
        require(by, "checks.plan", task)
        if task.state != Task.State.OPEN:
            raise ValidationError(_("“%(title)s”已结束，不能转交。") % {"title": task.title})
        if to is not None and not may_row(to, LEVEL_PERMISSIONS[task.level], task):
            raise ValidationError(
                _("%(name)s 的岗位不能做“%(level)s”的检查。") % {"name": to, "level": task.get_level_display()}
            )
        Task.objects.filter(pk=task.pk).update(assignee=to, version=task.version + 1)
        _record(task, "checks.hand_over", _("检查任务转交：%(name)s") % {"name": to or _("不指定")})
    if to is not None and tasks:
        one = tasks[0]
        title = _("您有 %(count)d 项检查任务") % {"count": len(tasks)}
        tell([to], title=title, body=one.title, url=one.url if len(tasks) == 1 else "/checks/mine/", room="checks")
    return len(tasks)


@transaction.atomic
def withdraw(by, tasks: list[Task], words: str) -> int:
    """These checks need not be made, and why. They count neither as done nor as missed."""
    if not words.strip():
        raise ValidationError(_("请写明撤销的原因。"))
    for task in tasks:
        require(by, LEVEL_PERMISSIONS["government"] if task.level == Level.GOVERNMENT else "checks.plan", task)
        if task.state != Task.State.OPEN:
            raise ValidationError(_("“%(title)s”已结束，不能撤销。") % {"title": task.title})
        values = {"state": Task.State.WITHDRAWN, "words": words.strip()[:300], "version": task.version + 1}
        if Task.objects.filter(pk=task.pk, state=Task.State.OPEN).update(**values):
            tallying.count(task, due=-1)
            _record(task, "checks.withdraw", _("撤销检查任务：%(words)s") % {"words": words.strip()[:200]})
    return len(tasks)


def _held(by, task: Task, at: datetime | None) -> Task:
    """The task locked, still to be answered, by somebody who may."""
    task = Task.objects.select_for_update(of=("self",)).select_related("sheet", "enterprise").get(pk=task.pk)
    if not may_answer(by, task):
        who = task.assignee if task.assignee_id else task.get_level_display()
        raise Refused(_("这项检查应由“%(who)s”来做，您的岗位不能代答。") % {"who": who})
    if task.state == Task.State.OPEN:
        return task
    # What was answered on the phone in time may arrive late; it is taken as of when it was answered.
    if task.state == Task.State.MISSED and at is not None and at <= task.due_at:
        return task
    raise ValidationError(_("这项检查已是“%(state)s”，不能再答。") % {"state": task.get_state_display()})


def _item(task: Task, key: str) -> Item:
    for item in sheets.items(task.sheet):
        if item.key == key:
            return item
    raise ValidationError(_("检查表中没有“%(item)s”这一项。") % {"item": key[:48]})


def _keep(by, task: Task, item: Item, given: Given, at: datetime) -> Answer:
    try:
        verdict = rules.judged(item, given.verdict, given.reading)
    except rules.Unanswerable as fault:
        raise ValidationError({"verdict": str(fault)}) from None
    before = Answer.objects.filter(task=task, item=item.key).first()
    if before is not None and before.hazard_id and verdict != Verdict.NOT:
        raise ValidationError(_("这一项已登记隐患，请在隐患中整改销号，不能改为符合。"))
    kept = before or Answer(task=task, item=item.key)
    kept.control = _control(item)
    kept.verdict, kept.reading, kept.at, kept.by = verdict, given.reading, at, by
    kept.note, kept.photos = given.note.strip()[:500], [int(number) for number in given.photos]
    if verdict == Verdict.NOT and not kept.hazard_id:
        kept.hazard = found_wrong(by, task, kept)
    kept.save()
    _count(task, before is None)
    _prove(kept)
    return kept


def _control(item: Item) -> Control | None:
    return Control.objects.select_related("point").filter(pk=item.control).first() if item.control else None


def found_wrong(by, task: Task, kept: Answer, *, synthetic: bool = False) -> Hazard:
    """The control has failed: a hidden danger, at once. The key makes it one, however often it is said."""
    item = _item(task, kept.item)
    place = kept.control.point if kept.control else task.enterprise
    return register(
        by,
        enterprise=task.enterprise,
        found_by="inspection" if task.level == Level.GOVERNMENT else "check",
        title=item.text[:200],
        words=_words(task, item, kept),
        lon=place.lon,
        lat=place.lat,
        control=kept.control,
        point=kept.control.point if kept.control else None,
        photos=tuple(Document.objects.filter(pk__in=kept.photos)),
        key=f"check:{task.pk}:{item.key}",
        found_at=kept.at,
        synthetic=synthetic,
    )


def _words(task: Task, item: Item, kept: Answer) -> str:
    """What was found, what was asked and on which clause, so that the danger can be read without the check."""
    lines = [kept.note] if kept.note else []
    if kept.reading is not None:
        limits = [
            f"≥ {item.least:g}" if item.least is not None else "",
            f"≤ {item.most:g}" if item.most is not None else "",
        ]
        asked = _("、").join(limit for limit in limits if limit)
        lines.append(
            _("读数 %(value)g %(unit)s（应 %(asked)s）")
            % {"value": kept.reading, "unit": shown(item.unit), "asked": asked}
        )
    lines.append(_("检查“%(title)s”不符合：%(text)s") % {"title": task.title, "text": item.text})
    if item.clause:
        lines.append(_("依据：%(clause)s") % {"clause": item.clause["zh"]})
    return "\n".join(lines)


def _count(task: Task, fresh: bool) -> None:
    task.answered += fresh
    task.failed = task.answers.filter(verdict=Verdict.NOT).count()
    Task.objects.filter(pk=task.pk).update(answered=task.answered, failed=task.failed)


def _prove(kept: Answer) -> None:
    """A control that was seen to hold is proven until it is to be looked at again; a failed one is not."""
    control = kept.control
    if control is None or kept.verdict == Verdict.NA:
        return
    zone = timezone.get_default_timezone()
    holds = kept.verdict == Verdict.OK
    due_at = rules.again_by(kept.at, control.every_days or 1, zone) if holds else kept.at
    Proof.objects.filter(control=control).update(verdict=kept.verdict, at=kept.at, due_at=due_at)


def _record(task: Task, action: str, words: str) -> None:
    append(
        Act(
            action=action,
            subject=f"check:{task.pk}",
            region=task.region,
            organisation=task.organisation,
            words=words,
        )
    )
    announce("checks", [task.pk], task.region, task.organisation)
