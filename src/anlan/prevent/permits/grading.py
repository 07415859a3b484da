"""What standards/special_work says of a permit, with a permit's own values put in: level, longest validity, measures,
the verdict on a gas analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.desk.clocks.calendar import is_workday
from anlan.prevent.permits.models import Permit
from anlan.standards.special_work import gas_tests, gb30871
from anlan.standards.tracing import Finding

# Night, as far as hot work rises a level: the standard names the night and no hours (docs/decisions/0121).
NIGHT = (time(20), time(6))
A_DAY = timedelta(hours=24)
# What an analysis may name, with its unit; the keys stand in GasTest.readings. Unit as standards/special_work reads it.
GASES = {
    "oxygen": "%vol",
    "flammable": "%LEL",
    "H2S": "ppm",
    "CO": "ppm",
    "NH3": "ppm",
}


@dataclass(frozen=True)
class Longest:
    """How long a permit may be valid at most, and by which clause."""

    hours: int
    clause: str

    @property
    def length(self) -> timedelta:
        return timedelta(hours=self.hours)


def said(text) -> str:
    """A Text or Clause in the reader's language."""
    return text.said(get_language() or "zh")


def occasions(starts: datetime, ends: datetime) -> list[str]:
    """What of the time of work makes hot work rise: a rest day or public holiday, the night."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    days = [first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1)]
    found = ["rest_day"] if any(not is_workday(day) for day in days) else []
    return [*found, "night"] if any(_at_night(day, first, last, zone) for day in days) else found


def _at_night(day: date, first: datetime, last: datetime, zone: ZoneInfo) -> bool:
    evening, morning = (datetime.combine(day, hour, zone) for hour in NIGHT)
    midnight = datetime.combine(day, time(), zone)
    late = first < midnight + timedelta(days=1) and last > evening
    return late or (first < morning and last > midnight)


@dataclass(frozen=True)
class Graded:
    """The level a permit is managed at, never milder than the one asked for; why it rose; for which occasions."""

    level: str
    why: str
    occasions: tuple[str, ...]


def graded(kind: str, asked: str, facts: Mapping, starts: datetime, ends: datetime) -> Graded:
    """A permit longer than a day covers nights by itself: it rises only for the hours somebody really works, so that
    is judged when the work begins (`risen`)."""
    ranks = {row.level: row.rank for row in gb30871.levels(kind)}
    found, why = asked, []
    by_facts = _by_facts(kind, facts)
    if by_facts is not None and by_facts.value in ranks and ranks[by_facts.value] < ranks[asked]:
        found = by_facts.value
        why.append(_("%(rule)s（%(clause)s）") % {"rule": said(by_facts.rule), "clause": said(by_facts.clause)})
    met = occasions(starts, ends) if ends - starts <= A_DAY else []
    rise = gb30871.upgraded(kind, found, met)
    if rise.value != found:
        found = rise.value
        names = _("、").join(said(gb30871.RISES[one]) for one in met)
        values = {"rule": said(rise.rule), "why": names, "clause": said(rise.clause)}
        why.append(_("%(rule)s：%(why)s（%(clause)s）") % values)
    return Graded(found, _("；").join(why)[:200], tuple(met))


def rises_now(permit: Permit, now: datetime) -> tuple[str, ...]:
    """Occasions of this hour for which the permit's level is not grave enough; empty when it is."""
    met = tuple(one for one in occasions(now, now) if one not in permit.facts.get("occasions", ()))
    if not met:
        return ()
    ranks = {row.level: row.rank for row in gb30871.levels(permit.kind)}
    rise = gb30871.upgraded(permit.kind, permit.facts.get("asked", permit.level), met)
    return met if ranks[rise.value] < ranks[permit.level] else ()


def _by_facts(kind: str, facts: Mapping) -> Finding | None:
    if kind == "work_at_height" and facts.get("height_m"):
        return gb30871.height_level(facts["height_m"], facts.get("conditions", ()))
    if kind == "lifting" and facts.get("mass_t"):
        return gb30871.lifting_level(facts["mass_t"])
    return None


def longest(kind: str, level: str) -> Longest:
    finding = gb30871.validity(kind, level)
    return Longest(int(finding.value), said(finding.clause) if finding.clause else said(finding.rule))


def measures(kind: str) -> list[dict]:
    """The measures of the permit's form, none of them confirmed yet."""
    return [{"no": row.no, "zh": row.words, "en": row.words_en, "done": False} for row in gb30871.measures(kind)]


def gas(permit: Permit, readings: Mapping[str, float], at: datetime) -> Finding:
    """Whether the sample is good; how old it may be when work begins is judged then."""
    lel = permit.facts.get("lel")
    sample = [
        gas_tests.Reading(gas=name, value=value, unit=GASES[name], lel=lel if name == "flammable" else None)
        for name, value in readings.items()
    ]
    return gas_tests.gas_result(permit.kind, sample, at, at, level=permit.level)
