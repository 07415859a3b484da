"""What makes a point worse for a time. Many at once: an alarm flood touches each table a constant number of times."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from anlan.desk.notices.live import announce
from anlan.prevent.risks.announcements import Change, levels_changed
from anlan.prevent.risks.models import Influence, Point
from anlan.prevent.risks.rules import Active, dynamic_level


@dataclass(frozen=True, kw_only=True)
class Raise:
    """One influence to be in force. The same source on the same point again only changes level, words and end."""

    point: int
    source: str
    level: int
    words: str
    until: datetime | None = None


@transaction.atomic
def raise_all(raises: Iterable[Raise], ended: Iterable[str] = (), at: datetime | None = None) -> set[int]:
    """Puts influences in force and ends those of the sources in `ended`. Safe to repeat. Answers the points touched."""
    now = at or timezone.now()
    wanted = {(each.point, each.source): each for each in raises}
    gone = set(ended)
    # The points are locked first, in one order: two writers never wait for one another.
    asked = {point for point, _source in wanted} | set(
        Influence.objects.filter(source__in=gone, ended_at=None).values_list("point", flat=True)
    )
    points = {point.pk: point for point in Point.objects.select_for_update().filter(pk__in=asked).order_by("pk")}
    sources = gone | {source for _point, source in wanted}
    running = {
        (each.point_id, each.source): each
        for each in Influence.objects.filter(source__in=sources, point__in=points, ended_at=None)
    }
    new, changed = [], []
    for key, each in wanted.items():
        known = running.get(key)
        if key[0] not in points:
            continue
        if known is None:
            new.append(
                Influence(
                    point_id=each.point,
                    source=each.source,
                    level=each.level,
                    words=each.words[:200],
                    since=now,
                    until=each.until,
                )
            )
        elif (known.level, known.words, known.until) != (each.level, each.words[:200], each.until):
            known.level, known.words, known.until = each.level, each.words[:200], each.until
            changed.append(known)
    Influence.objects.bulk_create(new, batch_size=500)
    Influence.objects.bulk_update(changed, ["level", "words", "until"], batch_size=200)
    ending = [each.pk for (_point, source), each in running.items() if source in gone]
    Influence.objects.filter(pk__in=ending).update(ended_at=now)
    settle(points.values(), "influenced")
    return set(points)


def end_expired(now: datetime) -> int:
    """Ends what was only until now. Answers how many."""
    late = list(Influence.objects.filter(ended_at=None, until__lte=now).order_by("until")[:500])
    with transaction.atomic():
        # Ended at the instant that was said, however late the clock came round.
        for each in late:
            each.ended_at = each.until
        Influence.objects.bulk_update(late, ["ended_at"], batch_size=200)
        touched = {each.point_id for each in late}
        settle(Point.objects.select_for_update().filter(pk__in=touched).order_by("pk"), "influenced")
    return len(late)


def settle(points: Iterable[Point], why: str) -> list[Change]:
    """Reckons the dynamic level of these points anew, writes what changed, and tells. The caller holds the lock."""
    points = list(points)
    active = defaultdict(list)
    for each in Influence.objects.filter(point__in=points, ended_at=None).order_by("level", "pk"):
        active[each.point_id].append(Active(each.source, each.level, each.words))
    changes, now = [], timezone.now()
    for point in points:
        finding = dynamic_level(point.level, active[point.pk])
        explanation = point.explanation | {"dynamic": finding.as_dict()}
        if point.dynamic_level != finding.value:
            changes.append(Change(point, point.dynamic_level, finding.value, why))
        point.dynamic_level, point.explanation, point.changed_at = finding.value, explanation, now
    Point.objects.bulk_update(points, ["dynamic_level", "explanation", "changed_at"], batch_size=200)
    tell_pages(points)
    if changes:
        levels_changed.send(sender=Point, changes=changes)
    return changes


def tell_pages(points: Sequence[Point]) -> None:
    """One announcement for all points of one place and owner."""
    concerned = defaultdict(list)
    for point in points:
        concerned[point.region, point.organisation].append(point.pk)
    for (region, organisation), ids in concerned.items():
        announce("risks", sorted(ids), region, organisation)
