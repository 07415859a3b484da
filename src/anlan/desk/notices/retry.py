"""When a delivery that failed is tried again. Pure."""

from datetime import datetime, timedelta

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800, 7200))
LEASE = timedelta(minutes=2)  # for so long one worker has a delivery to itself
ATTEMPTS = len(PAUSES) + 1


def next_try(attempts: int, now: datetime) -> datetime | None:
    """After so many attempts in vain: when next, or None when it is given up."""
    return now + PAUSES[attempts - 1] if 1 <= attempts <= len(PAUSES) else None
