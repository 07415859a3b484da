from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.cases import gates
from anlan.desk.cases.registry import processes
from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu


def _kinds(_user):
    return [Choice(kind, process.title) for kind, process in processes().items()]


def _kind(case):
    return case.process.title


LISTS = [
    List(
        name="cases",
        title=_("我的事项"),
        gate=gates.seen_by,
        permission="cases.see",
        columns=[
            Column("level", _("等级"), kind="level", sort=""),
            Column("title", _("事项"), link=True, sort=""),
            Column("kind", _("类型"), value=_kind),
            Column("state", _("状态"), kind="state", sort=""),
            Column("due_at", _("期限"), kind="due"),
            Column("assignee", _("经办人"), kind="user", sort="", default=False),
            Column("organisation", _("单位"), kind="organisation", sort=""),
            Column("opened_at", _("发起"), kind="time", sort="", default=False),
            Column("number", _("编号"), kind="code", sort="", default=False),
        ],
        filters=[
            Filter(
                "mine",
                _("待我办理"),
                kind="flag",
                apply=lambda q, _v, user: gates.waiting_for(user, q),
                takes_user=True,
            ),
            Filter("open", _("未办结"), kind="flag", apply=lambda q, _v: q.filter(is_open=True)),
            Filter(
                "overdue",
                _("已超期"),
                kind="flag",
                apply=lambda q, _v: q.filter(is_open=True, due_at__lt=timezone.now()),
            ),
            Filter("supervised", _("挂牌督办"), kind="flag"),
            Filter("kind", _("类型"), choices=_kinds),
            Filter("level", _("等级"), kind="level"),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
        ],
        search=("title", "number__startswith"),
        order=("-is_open", "due_at"),
        related=("assignee",),
        defer=("data",),
        menu=Menu(group="today", order=10, icon="checklist"),
        item="cases.item",
        empty=_("没有事项。需要您办理的事项会出现在这里，并送到收件箱。"),
        level="level",
    )
]
