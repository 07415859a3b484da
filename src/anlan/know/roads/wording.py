"""How closures and ways are said: states, distances, times."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.know.roads import rules
from anlan.know.roads.models import Closure

STATES = {
    rules.COMING: gettext_lazy("未开始"),
    rules.CLOSED: gettext_lazy("封闭中"),
    rules.OVER: gettext_lazy("已到期"),
    rules.LIFTED: gettext_lazy("已解除"),
}


def state_of(closure: Closure) -> str:
    return str(STATES[rules.state(closure.since, closure.until, closure.lifted_at, timezone.now())])


def distance(metres: float) -> str:
    """As people say it on the radio: metres to the ten, kilometres to the tenth."""
    if metres < 995:
        return _("%(count)d 米") % {"count": round(metres / 10) * 10}
    return _("%(count).1f 公里") % {"count": metres / 1000}


def duration(seconds: float) -> str:
    """Whole minutes, never less than one."""
    return _("约 %(count)d 分钟") % {"count": max(1, round(seconds / 60))}
