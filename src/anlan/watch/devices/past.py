"""The past of points, of computed ones too: what a chart asks for, and the archive's answer."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from anlan.telemetry.archive import combined
from anlan.telemetry.archive.history import History
from anlan.telemetry.settings import load
from anlan.watch.devices import published
from anlan.watch.devices.models import Point

MOST_ROWS = 4000
LONGEST = timedelta(days=400)


@cache
def _archive() -> History:
    return History(load())


def window(query) -> tuple[datetime, datetime, int]:
    """What a request asks for: from, to, at most so many rows a point. Errors: ValidationError with what to give."""
    try:
        start, end, rows = (int(query[name]) for name in ("start", "end", "rows"))
        span = (datetime.fromtimestamp(start / 1000, UTC), datetime.fromtimestamp(end / 1000, UTC))
    except (KeyError, ValueError, OverflowError, OSError) as fault:
        raise ValidationError(_asked()) from fault
    if not (start < end and span[1] - span[0] <= LONGEST and 1 <= rows <= MOST_ROWS):
        raise ValidationError(_asked())
    return *span, rows


def _asked() -> str:
    return _("请给出 start、end（毫秒，先后有序，不超过 400 天）和 rows（1 至 4000）。")


def read(points: Sequence[Point], start: datetime, end: datetime, rows: int) -> dict[str, np.ndarray]:
    """Columns of the archive (telemetry/archive/history.py), sorted by point and time."""
    own = [point.pk for point in points if point.computed is None]
    made = [point.pk for point in points if point.computed is not None]
    of_others = published.computed(Point.objects.filter(pk__in=made)) if made else ()
    return combined.read(_archive(), own, of_others, start, end, rows)
