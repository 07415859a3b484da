"""Named numbers of changes of rules."""

from datetime import date, datetime, time

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.watch.devices.models import Rule
from anlan.watch.tuning.models import Change, Version
from anlan.watch.tuning.rules import moved, settings_of


def _changes(start: date, end: date, region: str):
    first, after = (timezone.make_aware(datetime.combine(day, time())) for day in (start, end))
    return Change.objects.filter(within(region), asked_at__gte=first, asked_at__lt=after)


def _approved(start: date, end: date, region: str) -> float:
    return float(_changes(start, end, region).filter(state=Change.State.APPROVED).count())


def _unauthorised(start: date, end: date, region: str) -> float:
    direct = _changes(start, end, region).filter(state=Change.State.DIRECT).count()
    return float(direct + len(astray(region)))


def astray(region: str) -> list[Rule]:
    """Rules that are not what their last version says: changed by another way than a change."""
    newest = Version.objects.annotate(last=Max("rule__versions__number")).filter(number=F("last"))
    found = newest.filter(within(region, "rule__point__device__region")).select_related("rule")
    return [one.rule for one in found if moved(one.settings, settings_of(one.rule)) or one.number != one.rule.version]


FIGURES = [
    Figure("tuning.changes", _("批准的规则变更数"), unit="1", compute=_approved),
    Figure("tuning.unauthorised", _("未经批准的规则变更数"), unit="1", compute=_unauthorised),
]
