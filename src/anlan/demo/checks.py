"""Checks of the demo district: plans from the controls of its risk points, two weeks of checks made by some
enterprises, and what they found. Everything is invented and deterministic by seed."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from anlan.demo.dice import dice
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.checks import planning, rules, sheets, tallying
from anlan.prevent.checks.actions import found_wrong
from anlan.prevent.checks.checklists import checklists
from anlan.prevent.checks.models import Answer, Patrol, Plan, Proof, Stop, Task
from anlan.prevent.checks.patrols import ALPHABET
from anlan.prevent.risks.models import Control, Point

DAYS = 14
CHECKING = 24  # enterprises with a history of checks
MISSED, LATE, WRONG = 0.05, 0.07, 8  # shares of checks; how many dangers are found
STOPS = 6


def load_checks(seed: int, now: datetime) -> dict[str, int]:
    """Plans, tasks, answers and proofs. The caller holds the transaction. Answers how many of each."""
    today = timezone.localdate(now)
    controls = list(
        Control.objects.filter(point__synthetic=True, in_use=True, every_days__gt=0)
        .select_related("point")
        .order_by("point__code", "point_id", "order", "id")
    )
    groups: dict[tuple, list[Control]] = {}
    for control in controls:
        key = (control.point.enterprise_id, control.responsible_level, control.post, control.every_days)
        groups.setdefault(key, []).append(control)
    enterprises = Enterprise.objects.in_bulk({key[0] for key in groups})
    plans = Plan.objects.bulk_create([planning.plan_of(enterprises[key[0]], key[1:]) for key in groups], batch_size=500)
    by_key = dict(zip(groups, plans, strict=True))
    lists = _of_checklists(enterprises, today)
    _proofs(seed, controls, enterprises, now)
    checking = sorted(enterprises)[:CHECKING]
    tasks = _history(seed, [key for key in groups if key[0] in checking], groups, by_key, now)
    _rounds(seed, [enterprises[pk] for pk in checking[:2]])
    return {"plans": len(plans) + lists, "tasks": len(tasks), "proofs": len(controls)}


def _of_checklists(enterprises: dict[int, Enterprise], today: date) -> int:
    """Each enterprise checks itself every fortnight, and after the checklist of what it is regulated as."""
    meant: dict[str, str] = {}
    for one in checklists().values():
        for category in one.categories if one.every_days else ():
            meant.setdefault(category, one.code)
    plans = []
    for number, enterprise in enumerate(enterprises.values()):
        plans.append(_listed(enterprise, "own_system", today + timedelta(days=number % 15)))
    held = Enterprise.objects.filter(pk__in=enterprises, categories__code__in=meant)
    for number, (pk, category) in enumerate(held.order_by("pk").values_list("pk", "categories__code")):
        plans.append(_listed(enterprises[pk], meant[category], today + timedelta(days=number % 7)))
    unique = {(plan.enterprise_id, plan.checklist): plan for plan in plans}
    return len(Plan.objects.bulk_create(list(unique.values()), batch_size=500))


def _listed(enterprise: Enterprise, code: str, start: date) -> Plan:
    one = checklists()[code]
    return Plan(
        enterprise=enterprise, region=enterprise.region, organisation=enterprise.code, title=one.title_zh,
        kind=one.kind, level=one.level, checklist=code, every_days=one.every_days, starts_on=start, next_on=start,
        synthetic=True,
    )  # fmt: skip


def _proofs(seed: int, controls: list[Control], enterprises: dict[int, Enterprise], now: datetime) -> None:
    """Most controls were looked at in their period; one in twelve was not."""
    zone = timezone.get_default_timezone()
    ago = dice(seed, "check-proofs").random(len(controls))
    rows = []
    for control, share in zip(controls, ago.tolist(), strict=True):
        at = now - timedelta(days=control.every_days * share * 1.09)
        enterprise = enterprises[control.point.enterprise_id]
        rows.append(
            Proof(
                control=control,
                enterprise=enterprise,
                point=control.point,
                region=enterprise.region,
                organisation=enterprise.code,
                verdict="ok",
                at=at,
                due_at=rules.again_by(at, control.every_days, zone),
            )
        )
    Proof.objects.bulk_create(rows, batch_size=500)


def _history(seed: int, keys: list, groups: dict, plans: dict, now: datetime) -> list[Task]:
    """The checks of the last two weeks: made, made late or missed; some items did not conform."""
    rng, zone, today = dice(seed, "check-history"), timezone.get_default_timezone(), timezone.localdate(now)
    kept = dict(zip(keys, sheets.keep_many([sheets.of_controls(groups[k], plans[k].title) for k in keys]), strict=True))
    tasks = []
    for key in keys:
        every = key[3]
        for start in range(every * (DAYS // every), 0, -every):
            period = rules.Period(today - timedelta(days=start), today - timedelta(days=start - every + 1), None)
            tasks.append(_made(plans[key], kept[key], period, rng.random(), zone))
    tasks = Task.objects.bulk_create(tasks, batch_size=500)
    tallying.count_many(tasks, "due")
    tallying.count_many([task for task in tasks if task.state == Task.State.MISSED], "missed")
    done = [task for task in tasks if task.state == Task.State.DONE]
    tallying.count_many(done, "done")
    tallying.count_many([task for task in done if task.late], "late")
    _answers(done, {plans[key].pk: groups[key] for key in keys}, rng)
    return tasks


def _made(plan: Plan, sheet, period: rules.Period, chance: float, zone) -> Task:
    task = planning.task_of(plan, sheet, period)
    if chance < MISSED:
        task.state, task.late = Task.State.MISSED, True
        return task
    noon = datetime.combine(period.start, time(8), zone) + timedelta(minutes=int(chance * 500))
    task.state, task.late = Task.State.DONE, chance > 1 - LATE
    task.done_at = task.due_at + timedelta(hours=3) if task.late else noon
    task.answered = task.total
    return task


def _answers(done: list[Task], controls: dict[int, list[Control]], rng) -> None:
    wrong = set(rng.choice(len(done), min(WRONG, len(done)), replace=False).tolist()) if done else set()
    rows = []
    for number, task in enumerate(done):
        for place, control in enumerate(controls[task.plan_id]):
            row = Answer(task=task, item=f"c{control.pk}", control=control, verdict="ok", at=task.done_at)
            if number in wrong and place == 0:
                row.verdict, row.note = "not", "现场未落实（虚构演示数据）"
                row.hazard = found_wrong(None, task, row, synthetic=True)
                Task.objects.filter(pk=task.pk).update(failed=1)
                tallying.count(task, failed=1)
            rows.append(row)
    Answer.objects.bulk_create(rows, batch_size=500)
    tallying.count_many(done, "items", lambda task: task.total)


def _rounds(seed: int, enterprises: list[Enterprise]) -> None:
    """A round over the first risk points of two enterprises; the codes on the wall are theirs alone."""
    rng = dice(seed, "check-rounds")
    for enterprise in enterprises:
        patrol = Patrol.objects.create(
            enterprise=enterprise, region=enterprise.region, organisation=enterprise.code,
            title="夜间巡查（虚构演示）", synthetic=True,
        )  # fmt: skip
        points = Point.objects.filter(enterprise=enterprise, in_use=True).order_by("code")[:STOPS]
        for order, point in enumerate(points, start=1):
            token = "".join(rng.choice(list(ALPHABET), 12))
            Stop.objects.create(
                patrol=patrol, order=order, name=point.name, point=point, lon=point.lon, lat=point.lat, token=token
            )
