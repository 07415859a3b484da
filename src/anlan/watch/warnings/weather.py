"""Bulletins of authorities (weather, natural hazards) weigh on the indexes of the regions they name while they hold.

Compared as a whole, every half minute: what is missing begins to weigh, what holds no more ends. Drills weigh nothing.
"""

from datetime import datetime

from anlan.watch.bulletins.models import Bulletin
from anlan.watch.warnings.models import Contribution
from anlan.watch.warnings.weighing import Weigh, weigh_all

MOST = 500


def weigh_bulletins(now: datetime) -> int:
    """Answers how many weights began, changed or ended. Safe to run twice."""
    wanted = {one.source: one for bulletin in in_force(now) for one in _weights(bulletin)}
    running = {
        held.source: held
        for held in Contribution.objects.filter(
            kind=Contribution.Kind.WEATHER, ended_at=None, source__startswith="bulletin:"
        )
    }
    ended = running.keys() - wanted.keys()
    new = [one for source, one in wanted.items() if source not in running or running[source].level != one.level]
    if new or ended:
        weigh_all(new, ended, now)
    return len(new) + len(ended)


def in_force(now: datetime) -> list[Bulletin]:
    rows = Bulletin.objects.filter(
        ended_at=None, effective__lte=now, expires__gt=now, status=Bulletin.Status.ACTUAL, level__isnull=False
    ).exclude(kind=Bulletin.Kind.CANCEL)
    return list(rows.order_by("-sent").defer("texts", "geometry")[:MOST])


def _weights(bulletin: Bulletin) -> list[Weigh]:
    return [
        Weigh(
            kind=Contribution.Kind.WEATHER,
            source=f"bulletin:{bulletin.pk}:{region}",
            level=bulletin.level,
            words=str(bulletin)[:200],
            region=region,
            url=f"/bulletins/{bulletin.pk}/",
            since=bulletin.effective,
            until=bulletin.expires,
        )
        for region in bulletin.regions
        if region
    ]
