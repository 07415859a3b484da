"""One list for each record type: its key fields are its columns and its filters. Thirty ledgers are no menu: the
menu leads to the page of all ledgers, and the search finds each by its name."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List
from anlan.desk.registers import gates, keys, words
from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.declare import SEE, Field, RecordType, record_types

COLUMN_KINDS = {"number": "number", "date": "date"}


def _list(kind: RecordType) -> List:
    return List(
        name=kind.list_name,
        title=kind.title,
        gate=partial(_gate, kind),
        permission=kind.see,
        columns=_columns(kind),
        filters=_filters(kind),
        search=("title", "initials"),
        order=("title",),
        live=("registers",),
        empty=_("这本台账还没有记录。点“新建”登记第一条，或从 Excel 导入。"),
    )


def _gate(kind: RecordType, user):
    return gates.of_type(user, kind)


def _columns(kind: RecordType) -> list[Column]:
    columns = [Column("title", kind.by_name[kind.label[0]].title if len(kind.label) == 1 else _("名称"), link=True)]
    alone = kind.label[0] if len(kind.label) == 1 else ""
    columns += [_column(f, default=f.name not in kind.label) for f in kind.fields if f.key and f.name != alone]
    columns += [_column(field, default=False) for field in kind.fields if not field.key]
    if kind.stages:
        columns.append(Column("stage", _("阶段"), value=partial(_stage, kind)))
    if kind.due:
        columns.append(Column("overdue", _("逾期"), kind="flag", value=partial(_overdue, kind)))
    if kind.dated:
        columns.append(Column("valid_to", _("有效期止"), kind="date"))
    columns += [
        Column("standing", _("状态"), value=partial(_state, kind)),
        Column("organisation", _("单位"), kind="organisation"),
        Column("region", _("辖区"), kind="region"),
        Column("changed_at", _("更新时间"), kind="time", default=False),
    ]
    return columns


def _column(field: Field, default: bool = True) -> Column:
    return Column(
        field.name,
        field.title,
        kind=COLUMN_KINDS.get(field.type, "text"),
        value=partial(_value, field),
        default=default,
        unit=field.unit_title,
    )


def _value(field: Field, record) -> Any:
    return words.shown(field, record.data.get(field.name))


def _state(kind: RecordType, record) -> Any:
    return words.STATES[words.state(record, kind, timezone.localdate())]


def _stage(kind: RecordType, record) -> Any:
    return kind.stage_titles.get(record.stage, record.stage)


def _overdue(kind: RecordType, record) -> bool:
    return words.overdue(record, kind, timezone.localdate())


def _late(kind: RecordType, queryset, value):
    """Past its day in no ending stage; records without a day are never late."""
    yesterday = timezone.localdate() - timedelta(days=1)
    return keys.between(queryset.exclude(stage__in=kind.endings), kind, kind.due, None, yesterday)


def _filters(kind: RecordType) -> list[Filter]:
    states = [Choice(name, title) for name, title in words.STATES.items() if kind.dated or name in ("valid", "retired")]
    filters = [Filter("standing", _("状态"), choices=states, apply=partial(_by_state, kind))]
    if kind.stages:
        stages = [Choice(code, title) for code, title in kind.stage_titles.items()]
        filters.append(Filter("stage", _("阶段"), choices=stages))
    if kind.due:
        filters.append(Filter("overdue", _("只看逾期"), kind="flag", apply=partial(_late, kind)))
    filters += [made for field in kind.key_fields if (made := _filter(kind, field))]
    filters.append(Filter("organisation", _("单位"), kind="organisation"))
    filters.append(Filter("region", _("辖区"), kind="region"))
    if kind.dated:
        filters.append(Filter("valid_to", _("有效期止"), kind="dates"))
    return filters


def _by_state(kind: RecordType, queryset, chosen):
    return words.in_state(queryset, kind, chosen, timezone.localdate())


def _filter(kind: RecordType, field: Field) -> Filter | None:
    match field.type:
        case "choice":
            return Filter(
                field.name, field.title, choices=partial(_choices, field), apply=partial(_by_code, kind, field)
            )
        case "date":
            return Filter(field.name, field.title, kind="dates", apply=partial(_by_days, kind, field))
        case "boolean":
            return Filter(field.name, field.title, kind="flag", apply=partial(_by_flag, kind, field))
        case "text" | "reference" if field.name not in kind.label:
            return Filter(field.name, field.title, kind="text", apply=partial(_by_start, kind, field))
    return None


def _choices(field: Field, user) -> list[Choice]:
    ordered = code_lists()[field.codes].ordered(timezone.localdate())
    return [Choice(code.code, f"{'　' * depth}{code.title}") for code, depth in ordered]


def _by_code(kind: RecordType, field: Field, queryset, chosen):
    codes = code_lists()[field.codes]
    below = {code for given in chosen if given in codes.values for code in codes.below(given)}
    return keys.having(queryset, kind, field.name, sorted(below))


def _by_days(kind: RecordType, field: Field, queryset, days: tuple[date | None, date | None]):
    return keys.between(queryset, kind, field.name, *days)


def _by_flag(kind: RecordType, field: Field, queryset, value):
    return keys.having(queryset, kind, field.name, ["1"])


def _by_start(kind: RecordType, field: Field, queryset, start: str):
    return keys.starting(queryset, kind, field.name, start)


LISTS = [_list(kind) for kind in record_types().values()]
MENU = [
    Entry(_("台账总览"), "ledgers", SEE, group="ledger", order=40, icon="notebook"),
    Entry(_("覆盖情况"), "coverage", SEE, group="ledger", order=50, icon="percentage"),
]
