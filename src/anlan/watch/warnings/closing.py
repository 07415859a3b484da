"""What stands between a warning and its end: readings, the index, and an officer's own look."""

from django.db.models import Q
from django.utils import timezone

from anlan.desk.cases.models import Case
from anlan.know.facilities.models import Facility
from anlan.watch.warnings.index import policy
from anlan.watch.warnings.models import Contribution, Standing
from anlan.watch.warnings.rules import MAY_STAY_ABNORMAL, not_yet_normal, not_yet_seen, still_coloured

LOOKED = ("feedback", "patrol")


def not_yet(case: Case):
    """Why this warning cannot be closed now, or None."""
    return not_yet_normal(case) or _still_coloured(case) or _not_yet_seen(case)


def _still_coloured(case: Case):
    if case.data.get("cause") in MAY_STAY_ABNORMAL:
        return None
    level = Standing.objects.filter(subject=case.subject).values_list("level", flat=True).first()
    told = still_coloured(level, policy(timezone.localdate()).closes_from)
    return told if told and _goes_on(case.subject) else None


def _goes_on(subject: str) -> bool:
    """Whether anything still weighs on it: what has ended and only fades is nothing that anybody could remove, and
    neither is weather, but over a region, whose warning may be about nothing else."""
    scope, _colon, key = subject.partition(":")
    return Contribution.objects.filter(WEIGHS[scope](key), ended_at=None).exists()


def _over(region: str) -> Q:
    whole = [region[:digits] for digits in range(2, len(region) + 1)]
    return Q(region__startswith=region) | Q(kind=Contribution.Kind.WEATHER, region__in=whole)


WEIGHS = {
    "facility": lambda key: Q(facility=key) | Q(facility=None, enterprise__in=_enterprise_of(key)),
    "enterprise": lambda key: Q(enterprise=key) | Q(facility__enterprise=key),
    "region": _over,
}


def _enterprise_of(facility: str):
    return Facility.objects.filter(pk=facility).values("enterprise")


def _not_yet_seen(case: Case):
    last = case.steps.filter(action__in=LOOKED).order_by("-pk").values_list("action", "data").first()
    action, data = last or (None, {})
    return not_yet_seen(action, data.get("patrol"))
