"""How long still, how long overdue, in words. Pure. web/src/shell/countdown.ts says the same as time goes on."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def words() -> dict[str, str]:
    """The words with which both sides build their sentences."""
    return {
        "left": _("剩 %s"),
        "over": _("超期 %s"),
        "day": _("%s 天"),
        "hour": _("%s 小时"),
        "minute": _("%s 分"),
        "second": _("%s 秒"),
    }


def span(seconds: float, said: dict[str, Any] | None = None) -> str:
    """Two neighbouring units at most: "2 天 3 小时", "5 分 20 秒"."""
    said = said or words()
    total = int(abs(seconds))
    amounts = []
    for unit, size in UNITS:
        amounts.append((total // size, said[unit]))
        total %= size
    first = next((index for index, (amount, _word) in enumerate(amounts) if amount), len(UNITS) - 1)
    shown = [pair for index, pair in enumerate(amounts[first : first + 2]) if index == 0 or pair[0]]
    return " ".join(word % amount for amount, word in shown)


def phrase(due: datetime, now: datetime) -> str:
    said = words()
    return said["left" if due >= now else "over"] % span((due - now).total_seconds(), said)
