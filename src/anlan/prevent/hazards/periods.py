"""The periods in force for a region: its own, else those of the nearest region above, else the documented defaults."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from anlan.prevent.hazards.models import Terms

LENGTHS = (0, 2, 4, 6, 9, 12, 15)  # of division codes, from everywhere down to the village


def terms_of(region: str) -> Terms:
    above = [region[:length] for length in LENGTHS if length <= len(region)]
    found = Terms.objects.filter(region__in=above)
    return max(found, key=lambda terms: len(terms.region), default=None) or Terms(region="")


def end_of(day: date) -> datetime:
    """The instant at which a day is over in the region's zone."""
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_current_timezone())


def cancel_by(registered: datetime, terms: Terms) -> datetime:
    """Registered on 1 March with 15 days: when 16 March ends. The day of registration does not count."""
    return end_of(timezone.localdate(registered) + timedelta(days=terms.cancel_days))


def last_day(instant: datetime) -> date:
    """The day that ends at this instant."""
    return timezone.localdate(instant - timedelta(microseconds=1))
