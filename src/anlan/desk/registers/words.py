"""How a record's values are written for people: in lists, panels, history and exports."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.declare import Field, RecordType
from anlan.desk.registers.models import Record

STATES = {
    "valid": gettext_lazy("有效"),
    "soon": gettext_lazy("将到期"),
    "expired": gettext_lazy("已过期"),
    "retired": gettext_lazy("已注销"),
}
HEAD_TITLES = {
    "region": gettext_lazy("辖区代码"),
    "organisation": gettext_lazy("单位代码"),
    "lon": gettext_lazy("经度"),
    "lat": gettext_lazy("纬度"),
    "valid_from": gettext_lazy("有效期起"),
    "valid_to": gettext_lazy("有效期止"),
    "status": gettext_lazy("状态"),
    "stage": gettext_lazy("阶段"),
    "signed": gettext_lazy("签署单位"),
}


def shown(field: Field, value: Any) -> Any:
    """The value as a person reads it; None for nothing."""
    if value in (None, "", []):
        return None
    match field.type:
        case "choice":
            codes = code_lists()[field.codes]
            given = value if isinstance(value, list) else [value]
            return "、".join(codes.titled(code) for code in given)
        case "boolean":
            return _("是") if value else _("否")
        case "date":
            return date.fromisoformat(value)
    return value


def state(record: Record, kind: RecordType, today: date) -> str:
    """valid, soon, expired or retired: one word for status and validity together."""
    if record.status == Record.Status.RETIRED:
        return "retired"
    if record.valid_to is None:
        return "valid"
    if record.valid_to < today:
        return "expired"
    return "soon" if record.valid_to <= today + timedelta(days=kind.soon_days) else "valid"


def in_state(queryset: QuerySet[Record], kind: RecordType, states: list[str], today: date) -> QuerySet[Record]:
    """The records in one of these states."""
    held = Q(status=Record.Status.IN_FORCE)
    edge = today + timedelta(days=kind.soon_days)
    conditions = {
        "retired": Q(status=Record.Status.RETIRED),
        "expired": held & Q(valid_to__lt=today),
        "soon": held & Q(valid_to__gte=today, valid_to__lte=edge),
        "valid": held & (Q(valid_to=None) | Q(valid_to__gt=edge)),
    }
    chosen = Q(pk__in=[])
    for name in states:
        chosen |= conditions.get(name, Q(pk__in=[]))
    return queryset.filter(chosen)


def overdue(record: Record, kind: RecordType, today: date) -> bool:
    """Its day has passed, and no ending stage has been reached."""
    given = record.data.get(kind.due) if kind.due else None
    return bool(given) and date.fromisoformat(given) < today and record.stage not in kind.endings


def title_of(kind: RecordType, name: str) -> Any:
    return kind.by_name[name].title if name in kind.by_name else HEAD_TITLES.get(name, name)


def change_of(kind: RecordType, name: str, value: Any) -> Any:
    """One side of a difference, as a person reads it."""
    if name == "status":
        return dict(Record.Status.choices).get(value, value)
    if name == "stage":
        return kind.stage_titles.get(value, value)
    field = kind.by_name.get(name)
    return shown(field, value) if field else value
