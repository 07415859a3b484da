"""The verbs of an alarm: record what the pipeline says, acknowledge what a person has seen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.layers.placed import with_cells
from anlan.desk.notices.live import announce
from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.models import Alarm
from anlan.watch.alarms.rules import CAUSES, Event, about_sensor, title, worst
from anlan.watch.devices.models import Point, Rule


def record(events: Sequence[Event]) -> list[Move]:
    """Writes a batch of events, in order, all or nothing. Safe to repeat and safe beside another consumer:
    an episode is known by its id, and the database refuses a second active alarm of one point and rule."""
    try:
        return _record(events)
    except IntegrityError:  # another consumer wrote part of the same batch between our reading and our writing
        return _record(events)


@transaction.atomic
def _record(events: Sequence[Event]) -> list[Move]:
    desk = _Desk(events)
    for event in events:
        desk.apply(event)
    moves = desk.write()
    if moves:
        alarms_moved.send(sender=Alarm, moves=moves)
        _tell_pages(move.alarm for move in moves)
    return moves


def _tell_pages(alarms: Iterable[Alarm]) -> None:
    """One announcement for all alarms of one place and organisation."""
    concerned = defaultdict(set)
    for alarm in alarms:
        concerned[alarm.region, alarm.organisation].add(alarm.pk)
    for (region, organisation), ids in concerned.items():
        announce("alarms", sorted(ids), region, organisation)


class _Desk:
    """What a batch touches, read in three queries and written in three."""

    def __init__(self, events: Iterable[Event]):
        points = {event.point for event in events}
        self.points = Point.objects.select_related("device").in_bulk(points)
        known = Alarm.objects.filter(
            Q(episode__in={event.episode for event in events}) | Q(active=True, point__in=points)
        ).select_related("device")
        self.episodes = {alarm.episode: alarm for alarm in known}
        self.active = {(alarm.point_id, alarm.rule): alarm for alarm in self.episodes.values() if alarm.active}
        self.moves: list[Move] = []
        self.new: list[Alarm] = []
        self.changed: dict = {}

    def apply(self, event: Event) -> None:
        if event.point not in self.points:
            return  # the point was deleted since; its episodes went with it
        alarm = self.episodes.get(event.episode)
        if alarm is None:
            alarm = self._begin(event)
            if event.transition != "raised":
                self._move(alarm, event)
        elif event.transition != "raised":
            self._move(alarm, event)

    def _begin(self, event: Event) -> Alarm:
        if earlier := self.active.get((event.point, event.rule)):
            self._close(earlier, event, _("由新的报警接续"))
            self.moves.append(Move(earlier, "cleared"))
        point = self.points[event.point]
        device = point.device
        alarm = Alarm(
            episode=event.episode,
            point=point,
            device=device,
            rule=event.rule,
            kind=event.kind,
            level=event.level,
            health=about_sensor(event.kind, point.health),
            title=title(device.name, point.title, str(Rule.Kind(event.kind).label), event.value, point.unit)[:200],
            unit=point.unit,
            limit=event.limit,
            value=event.value,
            worst=event.value,
            raised_at=event.raised_at,
            received_at=event.received_at,
            count=event.count,
            region=device.region,
            organisation=device.organisation,
            lon=device.lon,
            lat=device.lat,
        )
        self.episodes[event.episode] = self.active[(event.point, event.rule)] = alarm
        self.new.append(alarm)
        self.moves.append(Move(alarm, "raised"))
        return alarm

    def _move(self, alarm: Alarm, event: Event) -> None:
        if not alarm.active:
            return
        alarm.count = max(alarm.count, event.count)
        if event.transition == "cleared":
            self._close(alarm, event, event.reason)
        else:
            alarm.worst = worst(alarm.kind, alarm.worst, event.value)
            alarm.level = event.level
            self.changed[alarm.episode] = alarm
        self.moves.append(Move(alarm, event.transition))

    def _close(self, alarm: Alarm, event: Event, why: str) -> None:
        alarm.active, alarm.cleared_at, alarm.cleared_why = False, event.at, why[:64]
        self.active.pop((alarm.point_id, alarm.rule), None)
        self.changed[alarm.episode] = alarm

    def write(self) -> list[Move]:
        new = {alarm.episode for alarm in self.new}
        changed = [alarm for episode, alarm in self.changed.items() if episode not in new]
        # Cleared rows first: they make room for the next active one of their point and rule.
        if changed:
            Alarm.objects.bulk_update(
                changed, ["active", "cleared_at", "cleared_why", "count", "worst", "level"], batch_size=200
            )
        if self.new:
            Alarm.objects.bulk_create(with_cells(self.new), batch_size=200)
        return self.moves


@transaction.atomic
def acknowledge(user, alarms: Sequence[Alarm], cause: str = "") -> int:
    """Somebody has seen these alarms and says, if he knows, what caused them. Those already seen stay as they are."""
    if cause and cause not in CAUSES:
        raise ValidationError({"cause": _("原因须为列表中的一项。")})
    for alarm in alarms:
        require(user, "alarms.acknowledge", alarm)
    now = timezone.now()
    seen = [
        alarm
        for alarm in alarms
        if Alarm.objects.filter(pk=alarm.pk, acknowledged_at=None).update(
            acknowledged_at=now, acknowledged_by=user, cause=cause
        )
    ]
    append(
        *(
            Act(
                action="alarms.acknowledge",
                subject=f"alarm:{alarm.pk}",
                region=alarm.region,
                organisation=alarm.organisation,
                words=alarm.title,
                data={"cause": cause, "episode": str(alarm.episode)},
            )
            for alarm in seen
        )
    )
    _tell_pages(seen)
    return len(seen)
