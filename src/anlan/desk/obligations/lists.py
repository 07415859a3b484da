from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu
from anlan.desk.obligations import gates
from anlan.desk.obligations.declare import rules
from anlan.desk.obligations.models import Obligation


def _title(row: Obligation):
    """The rule's title in the reader's language; with what exactly is to be done where the row says more."""
    if row.by is None:
        return row.title
    more = row.title.removeprefix(row.by.title_zh)
    return f"{row.by.title}{more}" if more != row.title else row.by.title


def _rules(user) -> list[Choice]:
    return [Choice(rule.code, rule.title) for rule in rules().values()]


def time_left(row: Obligation):
    """The end of the last day while the clock runs; nothing once it is closed."""
    return row.due_at if row.is_open else None


def _mine(rows, value, user):
    return gates.to_meet(user, rows)


def _with_late(row: Obligation):
    state = row.get_state_display()
    return f"{state}（{_('逾期')}）" if row.late and row.state != Obligation.State.OVERDUE else state


LISTS = [
    List(
        name="obligations",
        title=_("应办事项"),
        gate=gates.seen_by,
        permission=gates.SEE,
        columns=[
            Column("title", _("应办事项"), link=True, value=_title, sort="title"),
            Column("subject_title", _("对象")),
            Column("due_on", _("截止日"), kind="date", sort="due_at"),
            Column("due_at", _("剩余时间"), kind="due", value=time_left, sort=""),
            Column("state", _("状态"), value=_with_late, sort="state"),
            Column("period", _("期次"), kind="code", default=False),
            Column("organisation", _("单位"), kind="organisation", default=False),
            Column("region", _("辖区"), kind="region"),
            Column("met_on", _("完成日期"), kind="date", default=False),
        ],
        filters=[
            Filter("state", _("状态")),
            Filter("mine", _("由我办理"), kind="flag", apply=_mine, takes_user=True),
            Filter("open", _("未办结"), kind="flag", apply=lambda rows, value: rows.filter(is_open=True)),
            Filter("rule", _("规则"), choices=_rules),
            Filter("region", _("辖区"), kind="region"),
            Filter("due_on", _("截止日"), kind="dates"),
        ],
        search=("subject_title", "title"),
        order=("-is_open", "due_at"),
        menu=Menu(group="ledger", order=10, icon="clipboard-check"),
        live=("obligations",),
        empty=_("现在没有应办事项。规则到期时会自动生成。"),
    )
]
MENU = [Entry(_("应办日历"), "obligations.calendar", gates.SEE, group="ledger", order=20, icon="calendar-month")]
