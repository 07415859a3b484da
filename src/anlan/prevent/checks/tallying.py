"""Adds up what happens to checks, by enterprise, month, level and post, in the transaction in which it happens."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from anlan.prevent.checks.models import Tally, Task

Key = tuple[str, date, str, str]
BATCH = 500


def month_of(task: Task) -> date:
    """The month of the last day on which it may be done; the deadline itself is the midnight after."""
    return (timezone.localtime(task.due_at) - timedelta(seconds=1)).date().replace(day=1)


def count(task: Task, **more: int) -> None:
    """Adds to the tally of one task: count(task, done=1, items=12)."""
    key = {"organisation": task.organisation, "month": month_of(task), "level": task.level, "post": task.post}
    changes = {name: F(name) + number for name, number in more.items()}
    if not Tally.objects.filter(**key).update(**changes):
        Tally.objects.get_or_create(**key, defaults={"region": task.region})
        Tally.objects.filter(**key).update(**changes)


@transaction.atomic
def count_many(tasks: Iterable[Task], name: str, of: Callable[[Task], int] = lambda task: 1) -> None:
    """Adds one under `name` (or as many as `of` says) for each of many tasks, in few queries."""
    added: dict[Key, int] = defaultdict(int)
    regions: dict[Key, str] = {}
    for task in tasks:
        key = (task.organisation, month_of(task), task.level, task.post)
        added[key] += of(task)
        regions[key] = task.region
    keys = list(added)
    for start in range(0, len(keys), BATCH):
        _add(keys[start : start + BATCH], added, regions, name)


def _add(keys: list[Key], added: dict[Key, int], regions: dict[Key, str], name: str) -> None:
    blank = [
        Tally(organisation=code, month=month, level=level, post=post, region=regions[code, month, level, post])
        for code, month, level, post in keys
    ]
    Tally.objects.bulk_create(blank, ignore_conflicts=True)
    asked = set(keys)
    rows = Tally.objects.select_for_update().filter(
        organisation__in={key[0] for key in keys}, month__in={key[1] for key in keys}
    )
    changed = []
    for row in rows:
        key = (row.organisation, row.month, row.level, row.post)
        if key in asked:
            setattr(row, name, getattr(row, name) + added[key])
            changed.append(row)
    Tally.objects.bulk_update(changed, [name], batch_size=BATCH)
