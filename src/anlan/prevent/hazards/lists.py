from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu
from anlan.prevent.hazards import fire, gates
from anlan.prevent.hazards.models import Listing
from anlan.prevent.hazards.states import PROCESS
from anlan.prevent.hazards.wording import offered, titled


def _overdue(queryset, _value):
    return queryset.filter(is_open=True, cancel_by__lt=timezone.now())


def _kind(hazard) -> str:
    return titled("kind", hazard.kind)


def _sector(hazard) -> str:
    return titled("sector", hazard.sector)


def _case_of(field):
    return lambda listing: getattr(listing.hazard, field)


MENU = [
    Entry(_("隐患统计"), "hazards.statistics", "hazards.see", group="hazards", order=50, icon="chart-bar"),
    Entry(_("隐患分析"), "hazards.analysis", "hazards.see", group="hazards", order=60, icon="chart-line"),
]

LISTS = [
    List(
        name="hazards",
        title=_("事故隐患"),
        gate=gates.seen_by,
        permission="hazards.see",
        columns=[
            Column("level", _("等级"), kind="level", sort=""),
            Column("title", _("隐患"), link=True, sort=""),
            Column("state", _("状态"), kind="state", sort=""),
            Column("cancel_by", _("销号期限"), kind="due", sort=""),
            Column("organisation", _("单位"), kind="organisation", sort=""),
            Column("kind", _("类别"), value=_kind),
            Column("found_at", _("发现"), kind="time"),
            Column("region", _("辖区"), kind="region", sort="", default=False),
            Column("sector", _("行业"), value=_sector, default=False),
            Column("found_by", _("发现方式"), kind="choice", sort="", default=False),
            Column("responsible", _("整改责任人"), sort="", default=False),
            Column("deadline", _("整改期限"), kind="date", sort="", default=False),
            Column("extensions", _("延期次数"), kind="number", sort="", default=False),
            Column("listed", _("挂牌督办"), kind="flag", sort="", default=False),
            Column("graded_down", _("疑似降级"), kind="flag", sort="", default=False),
            Column("closed_at", _("销号"), kind="time", sort="", default=False),
            Column("number", _("编号"), kind="code", sort="", default=False),
        ],
        filters=[
            Filter("open", _("未销号"), kind="flag", apply=lambda queryset, _value: queryset.filter(is_open=True)),
            Filter("overdue", _("已超期"), kind="flag", apply=_overdue),
            Filter("level", _("等级"), kind="level"),
            Filter("state", _("状态"), choices=[Choice(state.name, state.title) for state in PROCESS.states]),
            Filter("kind", _("类别"), choices=offered("kind")),
            Filter("cause", _("成因"), choices=offered("cause")),
            Filter("sector", _("行业"), choices=offered("sector")),
            Filter("found_by", _("发现方式")),
            Filter("post", _("岗位"), kind="text"),
            Filter("listed", _("挂牌督办"), kind="flag"),
            Filter("graded_down", _("疑似降级"), kind="flag"),
            Filter(
                "repeat", _("重复隐患"), kind="flag", apply=lambda queryset, _v: queryset.filter(repeats__isnull=False)
            ),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
            Filter("found_at", _("发现时间"), kind="dates"),
            Filter("closed_at", _("销号时间"), kind="dates"),
        ],
        search=("title", "number__startswith"),
        order=("-found_at", "-pk"),
        defer=("candidates", "words", "reason", "measure", "plan", "temporary"),
        menu=Menu(group="hazards", order=10, icon="alert-octagon"),
        item="cases.item",
        empty=_("没有隐患。点“新建”登记，或用“导入”读入已有的隐患台账。"),
        live=("hazards",),
        level="level",
    ),
    List(
        name="listings",
        title=_("挂牌督办"),
        gate=gates.listings_seen_by,
        permission="hazards.see",
        columns=[
            Column("hazard__title", _("重大隐患"), link=True, sort="", value=_case_of("title")),
            Column("rank", _("挂牌级别"), kind="choice"),
            Column("supervisor", _("督办单位"), sort=""),
            Column("deadline", _("治理期限"), kind="date"),
            Column("percent", _("治理进度"), kind="number", unit="%"),
            Column("organisation", _("单位"), kind="organisation", sort=""),
            Column("ordered_at", _("挂牌"), kind="time"),
            Column("delisted_at", _("摘牌"), kind="time"),
            Column("vetoed_at", _("一票否决"), kind="time", sort=""),
            Column("proposal", _("建议措施"), sort="", default=False),
            Column("published_at", _("公布"), kind="time", sort="", default=False),
        ],
        filters=[
            Filter("running", _("未摘牌"), kind="flag", apply=lambda rows, _v: rows.filter(delisted_at=None)),
            Filter("late", _("一票否决"), kind="flag", apply=lambda rows, _v: rows.filter(vetoed_at__isnull=False)),
            Filter("rank", _("挂牌级别"), choices=Listing.Rank.choices),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
        ],
        search=("hazard__title", "hazard__number__startswith"),
        order=("-ordered_at",),
        related=("hazard",),
        menu=Menu(group="hazards", order=20, icon="bookmark"),
        item="cases.item",
        empty=_("没有挂牌督办的重大隐患。挂牌在重大隐患的页面上办理。"),
        live=("hazards",),
    ),
    List(
        name="unchecked",
        title=_("超期未自查企业"),
        gate=fire.unchecked,
        permission="hazards.see",
        columns=[
            Column("name", _("企业"), link=True, sort=""),
            Column("last_check", _("最近自查"), kind="time", sort=""),
            Column("region", _("辖区"), kind="region", sort=""),
            Column("safety_officer", _("安全负责人"), sort=""),
            Column("safety_phone", _("电话"), kind="code", sort=""),
        ],
        filters=[Filter("region", _("辖区"), kind="region")],
        search=("name", "code", "initials"),
        order=("name",),
        menu=Menu(group="hazards", order=30, icon="calendar-x", sides=("government",)),
        item="enterprises.item",
        empty=_("所有生产经营企业都在规定的间隔内做过自查。"),
        live=("hazards",),
    ),
    List(
        name="fire-units",
        title=_("消防单位自知自查自改"),
        gate=fire.fire_units,
        permission="hazards.see",
        columns=[
            Column("name", _("单位"), link=True, sort=""),
            Column("promised_at", _("本年承诺公示"), kind="time", sort=""),
            Column("late", _("超期未公示"), kind="flag", sort=""),
            Column("last_check", _("最近自查"), kind="time", sort=""),
            Column("open_dangers", _("未销号消防隐患"), kind="number", sort=""),
            Column("region", _("辖区"), kind="region", sort=""),
            Column("safety_phone", _("电话"), kind="code", sort="", default=False),
        ],
        filters=[
            Filter("late", _("超期未公示承诺"), kind="flag"),
            Filter(
                "dangers", _("有未销号消防隐患"), kind="flag", apply=lambda rows, _v: rows.filter(open_dangers__gt=0)
            ),
            Filter("region", _("辖区"), kind="region"),
        ],
        search=("name", "code", "initials"),
        order=("name",),
        menu=Menu(group="hazards", order=40, icon="flame"),
        item="enterprises.item",
        empty=_("没有消防安全重点单位或人员密集场所。在企业档案的“监管类别”里标明后会列在这里。"),
    ),
    List(
        name="hazard-terms",
        title=_("隐患治理期限"),
        gate=gates.terms_seen_by,
        permission="hazards.configure",
        columns=[
            Column("region", _("辖区"), kind="region", link=True),
            Column("self_check_days", _("自查间隔（天）"), kind="number"),
            Column("cancel_days", _("登记后销号期限（天）"), kind="number"),
            Column("most_extensions", _("最多延期次数"), kind="number"),
        ],
        order=("region",),
        menu=Menu(group="hazards", order=90, icon="hourglass"),
        empty=_("没有单独规定的地区，都按默认：自查间隔 15 天，登记后 15 天内销号，最多延期 2 次。"),
    ),
]
