"""Makes obligations from the rules: once for each rule, subject and period, however often it runs."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.context import acting
from anlan.desk.clocks.calendar import is_workday
from anlan.desk.obligations.declare import Edition, Rule, rules
from anlan.desk.obligations.models import Obligation
from anlan.desk.obligations.schedule import (
    Occurrence,
    Periodic,
    Triggered,
    anchor_of,
    current,
    following,
    occurrences,
    triggered,
)
from anlan.desk.subjects.declare import Subject, rooms, select

BATCH = 500
State = Obligation.State


def generate(now: datetime) -> int:
    """Brings every rule up to today; answers how many obligations are new. Safe to run twice or after a long pause."""
    today = timezone.localdate(now)
    with acting("obligations"):
        return sum(generate_rule(rule, today) for rule in rules().values() if rule.who.room in rooms())


@transaction.atomic
def generate_rule(rule: Rule, today: date) -> int:
    """One rule: new periods, and subjects that left or came back."""
    if all(isinstance(edition.schedule, Triggered) for edition in rule.editions):
        return 0
    known = _known(rule)
    subjects = list(select(rule.who))
    made = [
        obligation(rule, edition, subject, occurrence)
        for subject in subjects
        for edition, occurrence in due_for(rule, subject, known.get(subject.key), today)
    ]
    count = _write(rule, made)
    _follow_subjects(rule, {subject.key for subject in subjects}, today)
    return count


def due_for(rule: Rule, subject: Subject, known: "Known | None", today: date) -> Iterable[tuple[Edition, Occurrence]]:
    """What is to be made for a subject today, given what it has. The first time only what is current: nobody is
    confronted with the years before the platform knew him."""
    for edition in rule.editions:
        schedule = edition.schedule
        if edition.since > today or isinstance(schedule, Triggered):
            continue
        if isinstance(schedule, Periodic) and schedule.anchor == "last":
            if edition.in_force(today) and not (known and known.open):
                occurrence = following(schedule, known.last_met if known else None, today, is_workday)
                if occurrence.opens <= today:
                    yield edition, occurrence
            continue
        anchor = anchor_of(schedule, edition.since, subject.facts)
        if anchor is None:
            continue
        if known is None:
            occurrence = current(schedule, anchor, today, is_workday) if edition.in_force(today) else None
            if occurrence and occurrence.due >= today:
                yield edition, occurrence
            continue
        after = max(known.opened, edition.since - timedelta(days=1))
        upto = min(today, edition.until or today)
        for occurrence in occurrences(schedule, anchor, after, upto, is_workday):
            yield edition, occurrence


def trigger(event: str, subject: Subject, at: datetime, key: str, title: str = "") -> int:
    """An event binds its subject by every rule that waits for it; the same `key` binds only once. `title` says what
    exactly is to be done, where the rule's own is the same for all."""
    day, count = timezone.localdate(at), 0
    for rule in rules().values():
        edition = rule.edition(day)
        if edition is None or not isinstance(edition.schedule, Triggered) or edition.schedule.event != event:
            continue
        if not rule.who.means(subject.facts):
            continue
        occurrence = triggered(edition.schedule, key[:96], day, is_workday)
        made = obligation(rule, edition, subject, occurrence)
        made.title = f"{rule.title_zh}：{title}"[:200] if title else made.title
        count += _write(rule, [made])
    return count


def obligation(rule: Rule, edition: Edition, subject: Subject, occurrence: Occurrence) -> Obligation:
    due_at = end_of(occurrence.due)
    return Obligation(
        rule=rule.code,
        edition=edition.since,
        subject=subject.key,
        subject_title=subject.title[:200],
        subject_url=subject.url[:200],
        region=subject.region,
        organisation=subject.organisation,
        period=occurrence.key,
        title=rule.title_zh[:200],
        opens_on=occurrence.opens,
        start_on=occurrence.start,
        due_on=occurrence.due,
        due_at=due_at,
        climbs_at=due_at,
    )


def end_of(day: date) -> datetime:
    """The instant at which a day ends in the region's zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.TIME_ZONE))


class Known:
    """What is on record for one subject under one rule."""

    def __init__(self, opened: date, last_met: date | None, open: bool):
        self.opened, self.last_met, self.open = opened, last_met, open


def _known(rule: Rule) -> Mapping[str, Known]:
    rows = Obligation.objects.filter(rule=rule.code)
    opened = dict(rows.order_by().values_list("subject").annotate(Max("opens_on")))
    closed = rows.filter(state__in=(State.MET, State.WAIVED)).order_by()
    met = dict(closed.values_list("subject").annotate(Max("met_on")))
    waiting = set(rows.filter(is_open=True).values_list("subject", flat=True))
    return {subject: Known(day, met.get(subject), subject in waiting) for subject, day in opened.items()}


def _write(rule: Rule, made: list[Obligation]) -> int:
    """Writes what is not there yet. The unique constraint settles a race of two generators."""
    if not made:
        return 0
    before = Obligation.objects.filter(rule=rule.code).count()
    Obligation.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    count = Obligation.objects.filter(rule=rule.code).count() - before
    if count:
        data = {"rule": rule.code, "count": count, "pack": rule.pack}
        append(Act(action="obligations.generate", subject=f"rule:{rule.code}", data=data))
    return count


def _follow_subjects(rule: Rule, present: set[str], today: date) -> None:
    """Who is no longer bound is not pursued; who comes back is bound again while the time still runs."""
    rows = Obligation.objects.filter(rule=rule.code)
    gone = set(rows.filter(is_open=True).values_list("subject", flat=True)) - present
    back = set(rows.filter(state=State.LAPSED, due_on__gte=today).values_list("subject", flat=True)) & present
    _turn(rule, rows.filter(is_open=True), gone, "lapse", state=State.LAPSED, is_open=False)
    _turn(rule, rows.filter(state=State.LAPSED, due_on__gte=today), back, "revive", state=State.PENDING, is_open=True)


def _turn(rule: Rule, rows, subjects: set[str], action: str, **values) -> None:
    keys = sorted(subjects)
    for first in range(0, len(keys), BATCH):
        rows.filter(subject__in=keys[first : first + BATCH]).update(**values)
    if keys:
        data = {"rule": rule.code, "subjects": len(keys), "first": keys[:20]}
        append(Act(action=f"obligations.{action}", subject=f"rule:{rule.code}", data=data))
