"""Plans from controls, and tasks from plans. Both can run twice: a plan is one a level, post and frequency, a task
one a plan and period, and the database says so."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.notices.live import announce
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.checks import rules, sheets
from anlan.prevent.checks.checklists import checklists
from anlan.prevent.checks.models import Kind, Level, Plan, Proof, Sheet, Task
from anlan.prevent.checks.tallying import count_many
from anlan.prevent.risks.models import Control, Point

BATCH = 200
# Data in the enterprise's own language: a plan may be renamed by hand like any other.
LEVELS = {"company": "公司级", "workshop": "车间级", "team": "班组级", "post": "岗位级"}
OFTEN = {1: "每日", 7: "每周", 15: "每半月", 30: "每月", 90: "每季度", 180: "每半年", 365: "每年"}

Group = tuple[str, str, int]


@dataclass(frozen=True)
class Derived:
    """What deriving changed: plans made, plans put to rest, controls with a proof of their own."""

    made: int
    rested: int
    controls: int


def derive(by, enterprise: Enterprise) -> Derived:
    """Makes the plans that the enterprise's controls ask for. Errors: Refused without `checks.plan` for it."""
    require(by, "checks.plan", enterprise)
    return derive_silently(enterprise)


@transaction.atomic
def derive_silently(enterprise: Enterprise) -> Derived:
    """The same without asking who: for tasks and flows. One plan for each level, post and frequency of its controls."""
    controls = list(_controls([enterprise.pk]).only("id", "point_id", "responsible_level", "post", "every_days"))
    wanted = {_group(control) for control in controls}
    there = {
        (plan.level, plan.post, plan.every_days): plan
        for plan in Plan.objects.filter(enterprise=enterprise, from_controls=True)
    }
    made = [plan_of(enterprise, group) for group in sorted(wanted - set(there))]
    Plan.objects.bulk_create(made, ignore_conflicts=True)
    again = [plan.pk for group, plan in there.items() if group in wanted and not plan.in_use and not plan.made_by_id]
    rest = [plan.pk for group, plan in there.items() if group not in wanted and plan.in_use]
    Plan.objects.filter(pk__in=again).update(in_use=True, next_on=timezone.localdate())
    Plan.objects.filter(pk__in=rest).update(in_use=False)
    _prove(enterprise, controls)
    if made or rest or again:
        words = _("按管控措施生成排查计划：新增 %(made)d，停用 %(rest)d") % {"made": len(made), "rest": len(rest)}
        append(
            Act(
                action="checks.derive",
                subject=f"enterprise:{enterprise.pk}",
                region=enterprise.region,
                organisation=enterprise.code,
                words=words,
                data={"made": [plan.title for plan in made], "rested": rest},
            )
        )
    return Derived(len(made), len(rest), len(controls))


def _controls(enterprises: Iterable[int]):
    """Controls that are to be looked at, of points that are in use."""
    return Control.objects.filter(
        point__enterprise__in=list(enterprises), point__in_use=True, in_use=True, every_days__gt=0
    ).order_by("point__code", "point_id", "order", "id")


def _group(control: Control) -> Group:
    return control.responsible_level, control.post, control.every_days


def plan_of(enterprise: Enterprise, group: Group) -> Plan:
    """The plan that the controls of one level, post and frequency ask for, not yet kept."""
    level, post, days = group
    often = OFTEN.get(days, f"每{days}天")
    today = timezone.localdate()
    return Plan(
        enterprise=enterprise,
        region=enterprise.region,
        organisation=enterprise.code,
        title=f"{post or LEVELS[level]}{often}排查",
        kind=Kind.ROUTINE,
        level=level,
        post=post,
        from_controls=True,
        every_days=days,
        starts_on=today,
        next_on=today,
        synthetic=enterprise.synthetic,
    )


def _prove(enterprise: Enterprise, controls: list[Control]) -> None:
    """Each control that is to be looked at has a proof; one that no longer is, has none."""
    zone, now = timezone.get_default_timezone(), timezone.now()
    ids = {control.pk for control in controls}
    Proof.objects.filter(enterprise=enterprise).exclude(control__in=ids).delete()
    there = set(Proof.objects.filter(enterprise=enterprise).values_list("control_id", flat=True))
    Proof.objects.bulk_create(
        [
            Proof(
                control=control,
                enterprise=enterprise,
                point_id=control.point_id,
                region=enterprise.region,
                organisation=enterprise.code,
                due_at=rules.again_by(now, control.every_days, zone),
            )
            for control in controls
            if control.pk not in there
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


@transaction.atomic
def save_plan(by, plan: Plan) -> Plan:
    """Adds or changes a plan made by hand. `version` is the one that was read."""
    before = Plan.objects.select_for_update().filter(pk=plan.pk).first() if plan.pk else None
    plan.region, plan.organisation = plan.enterprise.region, plan.enterprise.code
    require(by, "checks.plan", plan)
    if before is not None:
        require(by, "checks.plan", before)
        if before.version != plan.version:
            raise ValidationError(_("您打开之后，别人已修改了这个计划。请重新打开再修改。"))
    _check(plan)
    if before is None:
        plan.made_by = by
        plan.next_on = plan.starts_on
    elif before.starts_on != plan.starts_on or before.every_days != plan.every_days or not before.in_use:
        plan.next_on = max(plan.starts_on, timezone.localdate())
    plan.version = (before.version if before else 0) + 1
    plan.full_clean(validate_constraints=False)
    plan.save()
    append(
        Act(
            action="checks.plan",
            subject=f"check-plan:{plan.pk}",
            region=plan.region,
            organisation=plan.organisation,
            words=_("排查计划“%(title)s”") % {"title": plan.title},
            data={
                "every_days": plan.every_days,
                "checklist": plan.checklist,
                "level": plan.level,
                "in_use": plan.in_use,
            },
        )
    )
    announce("checks", [], plan.region, plan.organisation)
    return plan


def _check(plan: Plan) -> None:
    faults = {}
    if not plan.from_controls and plan.checklist not in checklists():
        faults["checklist"] = _("没有检查表“%(code)s”，请从列表中选择。") % {"code": plan.checklist}
    if plan.level == Level.GOVERNMENT:
        faults["level"] = _("政府检查请用“双随机抽查”，不列入企业计划。")
    if plan.ends_on and plan.ends_on < plan.starts_on:
        faults["ends_on"] = _("结束日期早于开始日期。")
    if plan.every_days == 0:
        faults["every_days"] = _("周期至少为 1 天；只检查一次请留空。")
    if plan.assignee_id and not plan.assignee.posts.filter(organisation=plan.organisation).exists():
        faults["assignee"] = _("检查人应是本企业的人员。")
    if faults:
        raise ValidationError(faults)


def derive_changed(now: datetime) -> int:
    """Enterprises whose risk points changed since yesterday get their plans renewed."""
    since = now - timedelta(days=1)
    changed = Point.objects.filter(changed_at__gt=since).values_list("enterprise_id", flat=True).distinct()
    count = 0
    for enterprise in Enterprise.objects.filter(pk__in=list(changed[:2000]), status=Enterprise.Status.OPERATING):
        derived = derive_silently(enterprise)
        count += derived.made + derived.rested
    return count


def generate(now: datetime) -> int:
    """Tasks of all plans whose day has come. Answers how many."""
    today, made, after = now.astimezone(timezone.get_default_timezone()).date(), 0, 0
    while True:
        plans = list(
            Plan.objects.filter(in_use=True, next_on__lte=today, pk__gt=after, enterprise__status="operating")
            .select_related("enterprise")
            .order_by("pk")[:BATCH]
        )
        if not plans:
            break
        after = plans[-1].pk
        made += _generate(plans, today)
    return made


def generate_for(enterprise: Enterprise, now: datetime) -> int:
    """Today's tasks of one enterprise at once: who has just made plans does not wait for the clock."""
    today = now.astimezone(timezone.get_default_timezone()).date()
    plans = Plan.objects.filter(enterprise=enterprise, in_use=True, next_on__lte=today).select_related("enterprise")
    return _generate(list(plans), today)


@transaction.atomic
def _generate(plans: list[Plan], today: date) -> int:
    asked = _sheets(plans, today)
    tasks, moved = [], []
    for plan in plans:
        found = rules.period(plan.next_on, plan.every_days, plan.ends_on, today)
        if found is None:
            plan.next_on = None
        else:
            plan.next_on = found.following
            if plan.pk in asked:
                tasks.append(task_of(plan, asked[plan.pk], found))
        moved.append(plan)
    made = _keep(tasks)
    _miss([task.plan_id for task in made], {task.plan_id: task.period for task in made})
    Plan.objects.bulk_update(moved, ["next_on"], batch_size=BATCH)
    if made:
        append(Act(action="checks.generate", words=_("生成检查任务 %(count)d 项") % {"count": len(made)}))
        announce("checks", [], {task.region for task in made}, {task.organisation for task in made})
    return len(made)


def _keep(tasks: list[Task]) -> list[Task]:
    """Those that were not there yet. Two workers may try at once: the constraint keeps one."""
    periods = {(task.plan_id, task.period) for task in tasks}
    there = set(
        Task.objects.filter(plan__in={plan for plan, _period in periods}, period__in={day for _plan, day in periods})
        .values_list("plan_id", "period")
    )  # fmt: skip
    fresh = [task for task in tasks if (task.plan_id, task.period) not in there]
    made = Task.objects.bulk_create(fresh, batch_size=BATCH)
    count_many(made, "due")
    return made


def _miss(plans: list[int], periods: dict[int, date]) -> None:
    """What was left open when the next one came is missed."""
    old = [
        task
        for task in Task.objects.select_for_update().filter(plan__in=plans, state=Task.State.OPEN)
        if task.period < periods[task.plan_id]
    ]
    Task.objects.filter(pk__in=[task.pk for task in old]).update(state=Task.State.MISSED, late=True)
    count_many(old, "missed")


def task_of(plan: Plan, sheet: Sheet, found: rules.Period) -> Task:
    """The task of a plan for a period, not yet kept."""
    return Task(
        plan=plan,
        enterprise_id=plan.enterprise_id,
        region=plan.region,
        organisation=plan.organisation,
        sheet=sheet,
        title=plan.title,
        kind=plan.kind,
        level=plan.level,
        post=plan.post,
        assignee_id=plan.assignee_id,
        period=found.start,
        due_at=found.due_at(timezone.get_default_timezone()),
        total=sheet.count,
        synthetic=plan.synthetic,
    )


def _sheets(plans: list[Plan], today: date) -> dict[int, Sheet]:
    """The sheet each plan asks today. A plan whose controls are all gone has none."""
    groups: dict[tuple, list[Control]] = defaultdict(list)
    wanted = [plan for plan in plans if plan.from_controls]
    if wanted:
        for control in _controls({plan.enterprise_id for plan in wanted}).select_related("point"):
            groups[control.point.enterprise_id, *_group(control)].append(control)
    lists: dict[str, Sheet] = {}
    found, drafted = {}, {}
    for plan in plans:
        if plan.from_controls:
            controls = groups.get((plan.enterprise_id, plan.level, plan.post, plan.every_days))
            if controls:
                drafted[plan.pk] = sheets.of_controls(controls, plan.title)
        elif plan.checklist in checklists():
            if plan.checklist not in lists:
                lists[plan.checklist] = sheets.of_checklist(plan.checklist, today)
            found[plan.pk] = lists[plan.checklist]
    found |= dict(zip(drafted, sheets.keep_many(list(drafted.values())), strict=True))
    return found
