"""A trial at work: the archive day by day through the kernel, once with the rule in force, once with it changed."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from anlan.columns.readings import PAGE_BITS, Readings, concat, readings
from anlan.desk.access.regions import within
from anlan.desk.cases.models import Case, CaseStep
from anlan.desk.notices.live import announce
from anlan.telemetry.archive.history import MOST_POINTS, History
from anlan.telemetry.book import Beside
from anlan.telemetry.declared import calendars
from anlan.telemetry.rules.backtest import backtest
from anlan.telemetry.settings import load
from anlan.watch.devices import gates, published
from anlan.watch.devices.models import Point, Rule, as_published
from anlan.watch.tuning.actions import with_settings
from anlan.watch.tuning.models import Trial
from anlan.watch.tuning.rules import counts, events_of

log = logging.getLogger(__name__)
STEP, STEPS, FEW = timedelta(days=1), 20, 4
"""A day is read at one time; of so few points a twentieth of the whole, when that is longer."""
ROWS = 2_000_000
MOST = 1 << PAGE_BITS
TRUE_CAUSE = "real"


class Cancelled(Exception):
    """Somebody does not want to know any more."""


def run_next() -> Trial | None:
    """Runs the trial that waits longest; None when none does. Whatever happens is written down with it."""
    waiting = Trial.objects.filter(state=Trial.State.WAITING).order_by("asked_at").first()
    if waiting is None or not _moves(waiting, Trial.State.WAITING, state=Trial.State.RUNNING):
        return None
    trial = Trial.objects.select_related("rule__point__device", "asked_by").get(pk=waiting.pk)
    try:
        outcome = run(trial, History(load()))
    except Cancelled:
        return trial
    except Exception as problem:
        log.exception("trial %d", trial.pk)
        _moves(trial, Trial.State.RUNNING, state=Trial.State.FAILED, problem=str(problem)[:300])
        return trial
    _moves(trial, Trial.State.RUNNING, state=Trial.State.DONE, progress=100, outcome=outcome)
    announce("tuning", [trial.pk], trial.region, trial.organisation)
    return trial


def run(trial: Trial, history: History) -> dict:
    """{"before": counts, "after": counts}. Errors: Cancelled; ValueError for more points than can be tried at once."""
    points = points_of(trial)
    if len(points) > MOST:
        raise ValueError(f"{len(points)} > {MOST}")
    Trial.objects.filter(pk=trial.pk).update(points=len(points))
    events, found, rules = events_of(windows_of_trial(trial, points)), {}, (trial.rule, _changed(trial))
    beside = Beside(published.computed(Point.objects.filter(pk__in=points)), tuple(calendars().values()))
    recorded = _recorded(points, rules, beside)
    for part, (name, rule) in enumerate(zip(("before", "after"), rules, strict=True)):
        tried = [_at(rule, point, number) for number, point in enumerate(points, 1)] if rule.enabled else []
        batches = _batches(trial, history, recorded, part * 50)
        found[name] = counts(backtest(tried, batches, events, beside))
    return found


def _recorded(points: list[int], rules: Iterable[Rule], beside: Beside) -> list[int]:
    """What must be read for the points: of a computed one its members, of one that is compared the other too."""
    members = {member for one in beside.computed for member in one.members}
    others = {rule.other_id for rule in rules if rule.other_id}
    return sorted({*points, *members, *others} - {one.point for one in beside.computed})


def points_of(trial: Trial) -> list[int]:
    """The points tried: the rule's own, or those of its key on all devices of its profile that the asker may see."""
    point = trial.rule.point
    if trial.scope == Trial.Scope.POINT:
        return [point.pk]
    devices = gates.seen_by(trial.asked_by).filter(within(trial.within), profile=point.device.profile)
    alike = Point.objects.filter(device__in=devices.values("pk"), key=point.key)
    return list(alike.order_by("pk").values_list("pk", flat=True)[: MOST + 1])


def _at(rule: Rule, point: int, number: int):
    """The rule, on another point."""
    published = as_published(rule)
    return published if point == published.point else replace(published, id=MOST + number, point=point)


def _changed(trial: Trial) -> Rule:
    return with_settings(Rule.objects.select_related("point").get(pk=trial.rule_id), trial.after)


def _batches(trial: Trial, history: History, points: list[int], done: int) -> Iterator[Readings]:
    """The readings step by step; between steps it is written down how far it is, and looked whether to go on."""
    at, length = trial.starts_at, trial.ends_at - trial.starts_at
    step = max(STEP, length / STEPS) if len(points) <= FEW else STEP
    while at < trial.ends_at:
        until = min(at + step, trial.ends_at)
        parts = (points[first : first + MOST_POINTS] for first in range(0, len(points), MOST_POINTS))
        pages = [history.read(part, at, until, ROWS) for part in parts]
        yield concat(readings(one["point"], one["ts"], one["mean"], one["quality"]) for one in pages)
        at = until
        progress = done + int(50 * ((at - trial.starts_at) / length))
        if not _moves(trial, Trial.State.RUNNING, progress=min(progress, 99)):
            raise Cancelled
        announce("tuning", [trial.pk], trial.region, trial.organisation)


def windows_of_trial(trial: Trial, points: list[int]) -> list[tuple[datetime, datetime]]:
    """What really happened: the windows given, else the warnings of these points' devices found to be real."""
    if trial.windows:
        return [(_aware(start), _aware(end)) for start, end in trial.windows]
    cases = Case.objects.filter(alarms__point__in=points, data__cause=TRUE_CAUSE, opened_at__lt=trial.ends_at)
    cases = cases.filter(opened_at__gte=trial.starts_at).distinct()
    ended = dict(CaseStep.objects.filter(case__in=cases, action="normal").values_list("case", "at"))
    return [(case.opened_at, ended.get(case.pk) or case.closed_at or trial.ends_at) for case in cases]


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _moves(trial: Trial, state: str, /, **to) -> bool:
    return bool(Trial.objects.filter(pk=trial.pk, state=state).update(**to))
