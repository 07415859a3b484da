"""Every coverage gives two figures: how many are meant, and how many have what is asked (as of the period's last
day, or today)."""

from datetime import date, timedelta
from functools import partial

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from anlan.desk.figures.declare import Figure
from anlan.desk.registers.coverage import Coverage, cover, coverages


def _standing(coverage: Coverage, part: str, start: date, end: date, region: str) -> float:
    day = min(end - timedelta(days=1), timezone.localdate())
    return float(getattr(cover(coverage, day, region=region), part))


FIGURES = [
    Figure(
        f"coverage.{code}.{part}", format_lazy("{}：{}", coverage.title, word), "1", partial(_standing, coverage, part)
    )
    for code, coverage in coverages().items()
    for part, word in (("all", _("应有")), ("met", _("已有")))
]
