from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu
from anlan.desk.measures import gates
from anlan.desk.measures.declare import hand_figures, measures
from anlan.desk.measures.models import Assessment, FigureValue, Target
from anlan.desk.measures.scorecards import scorecards
from anlan.desk.measures.standing import described


def _figure_title(row: FigureValue):
    figure = hand_figures().get(row.figure)
    return figure.title if figure else row.figure


def figure_unit(row: FigureValue):
    figure = hand_figures().get(row.figure)
    return figure.unit_title if figure else None


def _measure_title(row: Target):
    measure = measures().get(row.measure)
    return measure.title if measure else row.measure


def target_words(row: Target):
    measure = measures().get(row.measure)
    return described(row, measure.unit_title if measure else "")


def _figures(user) -> list[Choice]:
    return [Choice(code, figure.title) for code, figure in hand_figures().items()]


def _measures(user) -> list[Choice]:
    return [Choice(code, measure.title) for code, measure in measures().items()]


def _card_title(row: Assessment):
    return row.scorecard.title if row.scorecard else row.card


def _cards(user) -> list[Choice]:
    return [Choice(code, card.title) for code, card in scorecards().items()]


LISTS = [
    List(
        name="assessments",
        title=_("评分和自评"),
        gate=gates.assessments_seen_by,
        permission="assessments.see",
        columns=[
            Column("card", _("评分表"), link=True, value=_card_title, sort="card"),
            Column("title", _("对象")),
            Column("period", _("期次"), kind="code"),
            Column("state", _("状态"), kind="choice"),
            Column("score", _("得分（%）"), kind="number"),
            Column("grade", _("结论")),
            Column("gaps", _("差距"), kind="number"),
            Column("vetoed", _("一票否决"), kind="flag"),
            Column("region", _("辖区"), kind="region", default=False),
            Column("made_at", _("建立时间"), kind="time", default=False),
        ],
        filters=[
            Filter("card", _("评分表"), choices=_cards),
            Filter("state", _("状态")),
            Filter("vetoed", _("一票否决"), kind="flag"),
            Filter("region", _("辖区"), kind="region"),
        ],
        search=("title",),
        order=("-made_at", "-id"),
        defer=("answers", "result"),
        live=("assessments",),
        empty=_("还没有评分。从“开始评分”选一张评分表。"),
    ),
    List(
        name="figures",
        title=_("数据填报"),
        gate=gates.figures_seen_by,
        permission=gates.SEE,
        columns=[
            Column("figure", _("数据项"), link=True, value=_figure_title, sort="figure"),
            Column("period", _("周期"), kind="code", value=lambda row: str(row.period), sort="start"),
            Column("value", _("数值"), kind="number"),
            Column("unit", _("单位"), value=figure_unit),
            Column("region", _("辖区"), kind="region"),
            Column("source", _("来源")),
            Column("entered_by", _("填报人"), kind="user"),
            Column("entered_at", _("填报时间"), kind="time", default=False),
        ],
        filters=[
            Filter("figure", _("数据项"), choices=_figures),
            Filter("region", _("辖区"), kind="region"),
            Filter("start", _("周期起"), kind="dates"),
        ],
        search=("source", "figure"),
        order=("-start", "figure", "region"),
        related=("entered_by",),
        menu=Menu(group="measure", order=20, icon="table-plus"),
        empty=_("还没有填报的数据。点“新建”填写地区生产总值、人口等数据。"),
    ),
    List(
        name="targets",
        title=_("指标目标"),
        gate=gates.targets_seen_by,
        permission=gates.SEE,
        columns=[
            Column("measure", _("指标"), link=True, value=_measure_title, sort="measure"),
            Column("words", _("目标"), value=target_words),
            Column("last_year", _("目标年"), kind="code"),
            Column("binding", _("约束性"), kind="flag"),
            Column("region", _("辖区"), kind="region"),
            Column("source", _("来源")),
        ],
        filters=[
            Filter("measure", _("指标"), choices=_measures),
            Filter("region", _("辖区"), kind="region"),
            Filter("binding", _("约束性"), kind="flag"),
        ],
        search=("source", "measure"),
        order=("region", "last_year", "measure"),
        menu=Menu(group="measure", order=30, icon="target"),
        empty=_("还没有设定目标。点“新建”，按规划填写指标的目标值。"),
    ),
]
MENU = [
    Entry(_("评分和自评"), "assessments.cards", "assessments.see", group="ledger", order=30, icon="clipboard-data"),
    Entry(_("指标看板"), "measures", gates.SEE, group="measure", order=10, icon="gauge"),
]
