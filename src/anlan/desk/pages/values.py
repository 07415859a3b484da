"""How a value of each kind (desk.lists.declare.KINDS) is shown in a table or panel, and written in an export."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.lists.declare import names
from anlan.desk.pages.timing import phrase
from anlan.desk.wording import units

LEVELS = {1: gettext_lazy("重大"), 2: gettext_lazy("较大"), 3: gettext_lazy("一般"), 4: gettext_lazy("低")}
NOTHING = mark_safe('<span class="nothing" aria-hidden="true">–</span>')
CODED = ("region", "organisation")


def read(row: Any, name: str, value: Callable | None = None) -> Any:
    """The raw value: by the function given, else along the field path; None where the path ends early."""
    if value is not None:
        return value(row)
    for part in name.split("__"):
        row = getattr(row, part, None)
        if row is None:
            return None
    return row


def titles(kind: str, codes: Iterable[str]) -> dict[str, str]:
    """What these codes are called, in one question; empty when no capability names the kind."""
    wanted = {code for code in codes if code}
    known = names().get(kind)
    return known.titles(wanted) if known and wanted else {}


def show(kind: str, row: Any, name: str, value: Any, called: dict[str, dict[str, str]], unit: str = "") -> Any:
    """The value as a page shows it. `called`: titles of codes by kind, gathered before for the whole table."""
    if value is None or value == "":
        return NOTHING
    if kind in CODED:
        return called.get(kind, {}).get(str(value), value)
    shown = SHOWN[kind](row, name, value)
    sign = str(units.shown(unit)) if kind == "number" else ""
    return format_html("{} {}", shown, sign) if sign else shown


def level(value: int | None) -> SafeString | str:
    """Colour, shape and word together."""
    if value not in LEVELS:
        return NOTHING
    return format_html(
        '<span class="level level-{}"><span class="level-shape level-shape-{}" aria-hidden="true"></span>{}</span>',
        value,
        value,
        LEVELS[value],
    )


def moment(value: datetime) -> SafeString:
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        local.strftime("%Y-%m-%d %H:%M:%S %Z"),
        local.strftime("%m-%d %H:%M" if local.year == timezone.localtime().year else "%Y-%m-%d %H:%M"),
    )


def deadline(row: Any, _name: str, value: datetime) -> SafeString | str:
    """A clock that still runs counts; that of a closed case is only a time."""
    if getattr(row, "is_open", True) is False:
        return moment(value)
    now = timezone.now()
    return format_html(
        '<time data-due class="due{}" datetime="{}" title="{}">{}</time>',
        " overdue" if value < now else "",
        value.isoformat(),
        timezone.localtime(value).strftime("%Y-%m-%d %H:%M"),
        phrase(value, now),
    )


def choice(row: Any, name: str, value: Any) -> Any:
    """The label of a model field's choice, also of a related row's field."""
    *path, last = name.split("__")
    for part in path:
        row = getattr(row, part, None)
    said = getattr(row, f"get_{last}_display", None)
    return said() if said else value


def state(row: Any, name: str, value: Any) -> Any:
    """The state of a case as its process calls it; without a process, the field's own label."""
    process = getattr(row, "process", None)
    if process is None or value not in process.by_name:
        return choice(row, name, value)
    found = process.by_name[value]
    colour = found.colour or ("green" if found.group == "closed" else "blue")
    return format_html('<span class="state state-{}">{}</span>', colour, found.title)


def number(_row: Any, _name: str, value: Any) -> str:
    if isinstance(value, float):
        value = round(value, 3)
        value = int(value) if value == int(value) else value
    return number_format(value, use_l10n=True, force_grouping=True)


SHOWN: dict[str, Callable[[Any, str, Any], Any]] = {
    "text": lambda row, name, value: value,
    "code": lambda row, name, value: format_html('<span class="code">{}</span>', value),
    "number": number,
    "choice": choice,
    "level": lambda row, name, value: level(value),
    "state": state,
    "flag": lambda row, name, value: (
        format_html('<span class="flag">✓<span class="visually-hidden">{}</span></span>', _("是")) if value else NOTHING
    ),
    "time": lambda row, name, value: moment(value),
    "date": lambda row, name, value: value.strftime("%Y-%m-%d") if isinstance(value, (date, datetime)) else value,
    "due": deadline,
    "user": lambda row, name, value: str(value),
    "file": lambda row, name, value: filesizeformat(value),
}


def plain(kind: str, row: Any, name: str, value: Any, called: dict[str, dict[str, str]]) -> Any:
    """The value as a cell of an export holds it."""
    if value is None or value == "":
        return None
    if kind in CODED:
        return called.get(kind, {}).get(str(value), value)
    if kind == "level":
        return str(LEVELS.get(value, value))
    if kind == "choice":
        return str(choice(row, name, value))
    if kind == "state":
        process = getattr(row, "process", None)
        return str(process.by_name[value].title) if process and value in process.by_name else str(value)
    if isinstance(value, Model):
        return str(value)
    return value
