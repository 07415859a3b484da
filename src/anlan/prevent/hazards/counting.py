"""The stored counts: what one danger adds to them, and how a step moves it from one to another.

Statistics of a million dangers are sums over some ten thousand rows of `Tally`. Every verb that changes what is
counted moves the counts in its own transaction; `rebuild` reckons all of them anew and must find the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from anlan.prevent.hazards.models import Hazard, Tally

PARTS = ("kind", "cause", "sector", "found_by", "post")
PAIRS = (("kind", "sector"), ("kind", "post"), ("kind", "cause"))
DIMENSIONS = ("all", *PARTS, *("|".join(pair) for pair in PAIRS))
SUMS = ("found", "closed", "in_time", "repeated", "extended", "days")

Key = tuple[str, date, str, str, str]  # dimension, month, region, grade, value


def keys(hazard: Hazard) -> list[Key]:
    month = timezone.localdate(hazard.found_at).replace(day=1)
    values = {"all": ""} | {part: getattr(hazard, part) or "" for part in PARTS}
    values |= {"|".join(pair): "|".join(getattr(hazard, part) or "" for part in pair) for pair in PAIRS}
    return [(name, month, hazard.region, hazard.grade, value[:96]) for name, value in values.items()]


def amounts(hazard: Hazard) -> dict[str, float]:
    closed = hazard.closed_at is not None
    days = (hazard.closed_at - hazard.registered_at).total_seconds() / 86400 if closed else 0.0
    return {
        "found": 1,
        "closed": int(closed),
        "in_time": int(closed and (hazard.cancel_by is None or hazard.closed_at <= hazard.cancel_by)),
        "repeated": int(hazard.repeats_id is not None),
        "extended": int(hazard.extensions > 0),
        "days": max(days, 0.0),
    }


class Moves:
    """Differences to be added to the stored counts, gathered first so that each row is touched once."""

    def __init__(self):
        self.sums: dict[Key, dict[str, float]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))

    def add(self, hazard: Hazard, sign: int = 1) -> "Moves":
        adds = amounts(hazard)
        for key in keys(hazard):
            for name, value in adds.items():
                self.sums[key][name] += sign * value
        return self

    @transaction.atomic
    def write(self) -> None:
        changed = {key: sums for key, sums in self.sums.items() if any(sums.values())}
        Tally.objects.bulk_create([_row(key) for key in changed], ignore_conflicts=True, batch_size=500)
        by_sums: dict[tuple, list[Key]] = defaultdict(list)
        for key in sorted(changed):  # one order for all writers: none waits for another in a ring
            by_sums[tuple(changed[key][name] for name in SUMS)].append(key)
        for sums, together in by_sums.items():
            for start in range(0, len(together), 100):
                same = Q()
                for dimension, month, region, grade, value in together[start : start + 100]:
                    same |= Q(dimension=dimension, month=month, region=region, grade=grade, value=value)
                Tally.objects.filter(same).update(
                    **{name: F(name) + value for name, value in zip(SUMS, sums, strict=True) if value}
                )


def _row(key: Key, sums: Mapping[str, float] | None = None) -> Tally:
    dimension, month, region, grade, value = key
    return Tally(dimension=dimension, month=month, region=region, grade=grade, value=value, **(sums or {}))


def add(hazards: Iterable[Hazard]) -> None:
    moves = Moves()
    for hazard in hazards:
        moves.add(hazard)
    moves.write()


@transaction.atomic
def rebuild() -> int:
    """All counts anew from the dangers themselves. Answers how many rows there are."""
    Tally.objects.all().delete()
    rows = [row for dimension in DIMENSIONS for row in reckoned(Hazard.objects.all(), dimension)]
    Tally.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def reckoned(hazards: QuerySet[Hazard], dimension: str) -> Iterable[Tally]:
    """The same counts from the rows themselves, not stored: for a few rows, or to begin anew."""
    parts = () if dimension == "all" else tuple(dimension.split("|"))
    time_to_close = ExpressionWrapper(F("closed_at") - F("registered_at"), output_field=DurationField())
    grouped = (
        hazards.annotate(month=TruncMonth("found_at"))
        .order_by()
        .values("month", "region", "grade", *parts)
        .annotate(
            n=Count("pk"),
            done=Count("closed_at"),
            timely=Count(
                "pk", filter=Q(closed_at__isnull=False) & (Q(cancel_by=None) | Q(closed_at__lte=F("cancel_by")))
            ),
            again=Count("repeats"),
            longer=Count("pk", filter=Q(extensions__gt=0)),
            spent=Sum(time_to_close, filter=Q(closed_at__gte=F("registered_at"))),
        )
    )
    for found in grouped:
        value = "|".join(found[part] or "" for part in parts)[:96]
        key = (dimension, timezone.localdate(found["month"]), found["region"], found["grade"], value)
        yield _row(
            key,
            {
                "found": found["n"],
                "closed": found["done"],
                "in_time": found["timely"],
                "repeated": found["again"],
                "extended": found["longer"],
                "days": found["spent"].total_seconds() / 86400 if found["spent"] else 0.0,
            },
        )
