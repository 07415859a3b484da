"""Named numbers of permits and small works."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.prevent.permits import gates
from anlan.prevent.permits.models import Permit, SmallWork, Space


def _planned(start: date, end: date, region: str):
    first, after = (timezone.make_aware(datetime.combine(day, time())) for day in (start, end))
    return Permit.objects.filter(within(region), starts_at__gte=first, starts_at__lt=after)


def _count(start: date, end: date, region: str) -> float:
    return float(_planned(start, end, region).count())


def _hot(start: date, end: date, region: str) -> float:
    return float(_planned(start, end, region).filter(kind="hot_work").count())


def _closed(start: date, end: date, region: str) -> float:
    return float(_planned(start, end, region).filter(state="closed").count())


def _live(start: date, end: date, region: str) -> float:
    return float(Permit.objects.filter(within(region), is_open=True, state__in=gates.LIVE).count())


def _overdue(start: date, end: date, region: str) -> float:
    live = Permit.objects.filter(within(region), is_open=True, state__in=gates.LIVE)
    return float(live.filter(valid_until__lt=timezone.now()).count())


def _spaces(start: date, end: date, region: str) -> float:
    return float(Space.objects.filter(within(region), in_use=True).count())


def _small_works(start: date, end: date, region: str) -> float:
    return float(SmallWork.objects.filter(within(region), starts_on__lt=end, ends_on__gte=start).count())


FIGURES = [
    Figure("permits.count", _("特殊作业票数"), unit="1", compute=_count),
    Figure("permits.hot_work", _("动火作业票数"), unit="1", compute=_hot),
    Figure("permits.closed", _("已验收关闭的作业票数"), unit="1", compute=_closed),
    Figure("permits.live", _("正在进行的特殊作业"), unit="1", compute=_live),
    Figure("permits.overdue", _("超时未关闭的作业票"), unit="1", compute=_overdue),
    Figure("permits.spaces", _("有限空间数"), unit="1", compute=_spaces),
    Figure("permits.small_works", _("小散工程数"), unit="1", compute=_small_works),
]
