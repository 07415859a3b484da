"""The verb `record`: what the pipeline says becomes alarms, a batch at once.

Safe to repeat and safe beside another consumer: an episode is known by its id, the database refuses a second active
alarm of one point and rule, and the rows a batch may change are locked until it has committed.
"""

from collections import defaultdict, namedtuple
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk import bulk
from anlan.desk.notices.live import announce
from anlan.desk.wording.units import shown
from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.models import Activation, Alarm, Inhibition, Telling
from anlan.watch.alarms.policy import policy
from anlan.watch.alarms.rules import Event, about_sensor, chatters, held_by, same_alarm, title, worst
from anlan.watch.devices.models import Point, Rule

CHANGED = [
    "active", "cleared_at", "cleared_why", "count", "value", "worst", "level", "latest", "activations", "activated_at",
    "recent", "chatter", "chattered", "state", "rank", "held", "annunciated_at", "minute", "note", "acknowledged_at",
    "acknowledged_by",
]  # fmt: skip

# Of points and devices, what an alarm takes from them: rows, since objects of the ORM are most of what a batch costs.
FROM_POINT = ("pk", "title", "unit", "health", "device_id")
FROM_DEVICE = ("name", "status", "region", "organisation", "lon", "lat", "cell")
Place = namedtuple("Place", [*FROM_POINT, *FROM_DEVICE])
TOLD_AT_ONCE = 20  # a few tenths of a second: others want to write, too


def record(events: Sequence[Event]) -> list[Move]:
    """Writes a batch of events, in order, all or nothing, and tells the other capabilities of it."""
    moves = write(events)
    while tell_others():
        pass
    return moves


def write(events: Sequence[Event]) -> list[Move]:
    """The rows alone. What happened waits, in the same transaction, for `tell_others`: a storm is on the desk first."""
    try:
        return _write(events)
    except IntegrityError:  # another consumer wrote part of the same batch between our reading and our writing
        return _write(events)


@transaction.atomic
def _write(events: Sequence[Event]) -> list[Move]:
    desk = _Desk(events, timezone.now())
    for event in events:
        desk.apply(event)
    desk.write()
    tell_pages(desk.touched())
    return desk.moves


@transaction.atomic
def tell_others(most: int = TOLD_AT_ONCE) -> int:
    """Tells the other capabilities of what happened and was not told yet, the most serious first. Answers how many
    moves that were: 0 when all is told. Another process that tells takes others, or waits."""
    waiting = Telling.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    rows = list(waiting.order_by("level", "pk")[:most])
    if not rows:
        return 0
    numbers = {row.alarm_id for row in rows}
    alarms = Alarm.objects.select_related("device").in_bulk(numbers)
    alarms_moved.send(sender=Alarm, moves=[Move(alarms[row.alarm_id], row.transition) for row in rows])
    Telling.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def tell_pages(alarms: Iterable[Alarm]) -> None:
    """One announcement for all alarms of one place and organisation."""
    concerned = defaultdict(set)
    for alarm in alarms:
        concerned[alarm.region, alarm.organisation].add(alarm.pk)
    for (region, organisation), ids in concerned.items():
        announce("alarms", sorted(ids), region, organisation)


def minute_of(at: datetime) -> int:
    """Since 1970, in UTC: an hour of any zone begins with one of them."""
    return int(at.timestamp() // 60)


class _Desk:
    """What a batch touches, read in a few queries and written in as many, however large it is."""

    def __init__(self, events: Sequence[Event], now: datetime):
        self.now, self.local = now, timezone.localtime(now)
        self.policy = policy(self.local.date())
        self.returned_level = int(self.policy["returned_level"])
        self.again = self.policy.seconds("again_seconds")
        points, episodes = {event.point for event in events}, {event.episode for event in events}
        read = (*FROM_POINT, *(f"device__{name}" for name in FROM_DEVICE))
        self.points = {row[0]: Place(*row) for row in Point.objects.filter(pk__in=points).values_list(*read)}
        further = dict(Activation.objects.filter(episode__in=episodes).values_list("episode", "alarm"))
        self.rows = self._known(events, points, episodes, set(further.values()))
        self.episodes: dict[UUID, Alarm] = {alarm.episode: alarm for alarm in self.rows.values()}
        self.episodes |= {episode: self.rows[number] for episode, number in further.items()}
        # The last alarm of a point and rule: the active one, else the one that ended last.
        self.last: dict[tuple[int, int], Alarm] = {}
        for alarm in sorted(self.rows.values(), key=lambda one: (one.active, one.raised_at)):
            self.last[alarm.point_id, alarm.rule] = alarm
        self.inhibitions = defaultdict(list)
        devices = {place.device_id for place in self.points.values()}
        for one in Inhibition.objects.filter(device__in=devices, ended_at=None, in_force=True):
            self.inhibitions[one.device_id].append(one)
        self.moves: list[Move] = []
        self.new: list[Alarm] = []
        self.further: list[Activation] = []
        self.changed: dict[UUID, Alarm] = {}

    def _known(self, events: Sequence[Event], points: set, episodes: set[UUID], numbers: set) -> dict[int, Alarm]:
        """The alarms of these episodes, and what is active or was until just now at these points: each by its index."""
        soon = min((event.raised_at for event in events), default=self.now) - self.again
        asked = [
            Alarm.objects.filter(episode__in=episodes),
            Alarm.objects.filter(point__in=points, active=True),
            Alarm.objects.filter(point__in=points, cleared_at__gte=soon),
            *([Alarm.objects.filter(pk__in=numbers)] if numbers else []),
        ]
        found = {pk for question in asked for pk in question.order_by().values_list("pk", flat=True)}
        if not found:
            return {}
        rows = Alarm.objects.select_for_update(of=("self",)).filter(pk__in=found)
        return {alarm.pk: alarm for alarm in rows.order_by("pk")}

    def apply(self, event: Event) -> None:
        if event.point not in self.points:
            return  # the point was deleted since; its episodes went with it
        alarm = self.episodes.get(event.episode)
        if alarm is None:
            alarm = self._begin(event)
        elif event.transition == "raised":
            return  # told before
        if event.transition != "raised":
            self._move(alarm, event)

    def _begin(self, event: Event) -> Alarm:
        last = self.last.get((event.point, event.rule))
        if last is not None and last.active:
            self._close(last, event, _("由新的报警接续"))
            self._told(last, "cleared")
        elif last is not None and same_alarm(last.cleared_at, event.raised_at, self.again):
            return self._again(last, event)
        return self._new(event)

    def _new(self, event: Event) -> Alarm:
        place = self.points[event.point]
        alarm = Alarm(
            episode=event.episode,
            latest=event.episode,
            point_id=place.pk,
            device_id=place.device_id,
            rule=event.rule,
            kind=event.kind,
            of=event.of,
            level=event.level,
            health=about_sensor(event.kind, event.of, place.health),
            title=title(place.name, place.title, _label(event), event.value, str(shown(place.unit)))[:200],
            unit=place.unit,
            limit=event.limit,
            value=event.value,
            worst=event.value,
            raised_at=event.raised_at,
            activated_at=event.raised_at,
            received_at=event.received_at,
            recent=[event.raised_at.timestamp()],
            minute=minute_of(event.raised_at),
            count=event.count,
            region=place.region,
            organisation=place.organisation,
            lon=place.lon,
            lat=place.lat,
            cell=place.cell,
        )
        self._hold(alarm)
        self.episodes[event.episode] = self.last[event.point, event.rule] = alarm
        self.new.append(alarm)
        self._told(alarm, "raised")
        return alarm

    def _again(self, alarm: Alarm, event: Event) -> Alarm:
        """The same alarm once more. In chatter nobody is called again for what was already seen."""
        self.further.append(Activation(episode=event.episode, alarm=alarm, raised_at=event.raised_at))
        alarm.activations += 1
        alarm.latest, alarm.activated_at = event.episode, event.raised_at
        most = int(self.policy["chatter_count"])
        alarm.recent = [*alarm.recent, event.raised_at.timestamp()][-most:]
        if chatters(alarm.recent, most, self.policy["chatter_seconds"]):
            alarm.chatter = alarm.chattered = True
        alarm.active, alarm.cleared_at, alarm.cleared_why = True, None, ""
        alarm.value, alarm.level = event.value, event.level
        alarm.worst = worst(alarm.kind, alarm.worst, event.value)
        if not alarm.chatter:
            alarm.acknowledged_at = alarm.acknowledged_by = None
        self._hold(alarm)
        self.episodes[event.episode] = alarm
        self.changed[alarm.episode] = alarm
        self._told(alarm, "repeated")
        return alarm

    def _move(self, alarm: Alarm, event: Event) -> None:
        if not alarm.active or event.episode != alarm.latest:
            return  # over already, or told of an episode that another has followed
        alarm.count = max(alarm.count, event.count)
        if event.transition == "cleared":
            self._close(alarm, event, event.reason)
        else:
            alarm.worst = worst(alarm.kind, alarm.worst, event.value)
            alarm.level = event.level
            alarm.stand(self.returned_level)
            self.changed[alarm.episode] = alarm
        self._told(alarm, event.transition)

    def _close(self, alarm: Alarm, event: Event, why: str) -> None:
        # A clock put back in between would end it before it began.
        over = max(event.at, alarm.activated_at)
        alarm.active, alarm.cleared_at, alarm.cleared_why = False, over, why[:64]
        alarm.stand(self.returned_level)
        self.changed[alarm.episode] = alarm

    def _hold(self, alarm: Alarm) -> None:
        """Sets what holds the alarm back, its state, and since when people are shown it."""
        place = self.points[alarm.point_id]
        held = self.inhibitions[place.device_id]
        alarm.hold(held_by(held, alarm.point_id, alarm.rule, place.status, self.local))
        alarm.stand(self.returned_level)
        if not alarm.held and alarm.annunciated_at is None:
            alarm.annunciated_at = self.now

    def _told(self, alarm: Alarm, transition: str) -> None:
        """In chatter the others hear of the first activation and of the end (`settle`), not of every turn."""
        if not alarm.chatter or transition in ("raised", "worsened"):
            self.moves.append(Move(alarm, transition))

    def touched(self) -> list[Alarm]:
        return list({alarm.episode: alarm for alarm in (*self.new, *self.changed.values())}.values())

    def write(self) -> None:
        new = {alarm.episode: alarm for alarm in self.new}
        changed = [alarm for episode, alarm in self.changed.items() if episode not in new]
        # Cleared rows first: they make room for the next active one of their point and rule.
        bulk.update(sorted(changed, key=lambda alarm: alarm.active), CHANGED)
        if new:
            (last,) = Alarm.objects.aggregate(Max("pk", default=0)).values()
            bulk.insert(self.new)
            for pk, episode in Alarm.objects.filter(pk__gt=last).values_list("pk", "episode"):
                if episode in new:  # else another consumer's, just before ours
                    new[episode].pk = pk
        for one in self.further:
            one.alarm_id = one.alarm.pk
        bulk.insert(self.further)
        bulk.insert([Telling(alarm=m.alarm, level=m.alarm.level, transition=m.transition) for m in self.moves])


def _label(event: Event) -> str:
    """What the rule watches, in a word or two: 高限, or 累计 高限 for what is not the reading itself."""
    kind = str(Rule.Kind(event.kind).label)
    return kind if event.of == Rule.Of.VALUE or event.kind == Rule.Kind.SILENCE else f"{Rule.Of(event.of).label} {kind}"
