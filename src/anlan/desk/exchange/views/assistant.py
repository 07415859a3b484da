"""The part of an import's page where people say how their sheet is to be read, and its form read back."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from anlan.desk.exchange import judging, reading
from anlan.desk.exchange.declare import Import, ImportColumn
from anlan.desk.exchange.models import ImportRun
from anlan.desk.exchange.runs import Asked
from anlan.desk.exchange.table import SECTION
from anlan.desk.exchange.values import plain

ABOVE, BELOW = 2, 5  # lines of the sheet shown above its heading and below
NOTHING = "-"  # a word that stands for no option


@dataclass(frozen=True)
class Word:
    """A text that is no option: how often it stands there and what it is taken for."""

    name: str
    text: str
    times: int
    value: str


def assistant(entry: Import, run: ImportRun) -> dict[str, Any]:
    how = reading.of(run, entry)
    fields = {index: name for name, index in run.mapping.items()}
    return {
        "sheets": list(enumerate(run.sheets)),
        "fields": [(column.field, column.title, column.required) for column in entry.columns],
        "columns": [(n, get_column_letter(n + 1), name, fields.get(n, "")) for n, name in enumerate(run.heads)],
        "lines": _lines(run),
        "section": fields.get(SECTION, ""),
        "constants": [(column, _options(column), how.constants.get(column.field, "")) for column in _free(entry, run)],
        "words": [(entry.by_field[name], _options(entry.by_field[name]), said) for name, said in _words(run) if said],
        "dated": any(column.kind in ("date", "datetime") for column in entry.columns),
        "keeps": bool(entry.rest),
        "manner": how.manner,
        "lenient": how.lenient,
        "carry": how.carry,
        "carried": [str(one.title) for one in entry.columns if one.carried and one.field in run.mapping],
        "unmapped": [name for n, name in enumerate(run.heads) if name and n not in fields],
        "nothing": NOTHING,
    }


def asked(entry: Import, run: ImportRun, form: QueryDict) -> Asked:
    """The form as what the person asks for. Errors: ValidationError for one field chosen twice."""
    mapping: dict[str, int] = {}
    chosen = [(n, form.get(f"at.{n}", "")) for n in range(len(run.heads))] + [(SECTION, form.get("at.section", ""))]
    for number, name in chosen:
        if name and name in mapping:
            title = entry.by_field[name].title if name in entry.by_field else name
            raise ValidationError(_("“%(title)s”选了两列，请只留一列。") % {"title": title})
        if name:
            mapping[name] = number
    year = form.get("year", "")
    if year and not (year.isdecimal() and 1950 <= int(year) <= 2100):
        raise ValidationError(_("年份应为 1950 到 2100 之间的四位数字。"))
    return Asked(
        mapping=mapping,
        first=_number(form.get("first")),
        height=_number(form.get("height"), 0),
        constants={one.field: form.get(f"all.{one.field}", "").strip()[: one.longest] for one in entry.columns},
        words=_said(entry, run, form),
        year=int(year) if year else None,
        order=form.get("order", ""),
        lenient="lenient" in form,
        carry="carry" in form,
    )


def _number(text: str | None, less: int = 1) -> int | None:
    return int(text) - less if text and text.isdecimal() else None


def _said(entry: Import, run: ImportRun, form: QueryDict) -> dict[str, dict[str, Any]]:
    said: dict[str, dict[str, Any]] = {}
    for name, counted in _words(run):
        for word in counted:
            if answer := form.get(word.name, ""):
                said.setdefault(name, {})[word.text] = None if answer == NOTHING else answer
            elif word.value:
                said.setdefault(name, {})[word.text] = word.text  # undecided again: as it is written
    return said


def _words(run: ImportRun) -> list[tuple[str, list[Word]]]:
    """The words that are no option, and those that were taken for one."""
    meant = reading.meant(run)
    counted = {name: dict(map(tuple, texts)) for name, texts in run.words.items()}
    return [(name, _words_of(name, counted.get(name, {}), meant.get(name, {}))) for name in sorted({*counted, *meant})]


def _words_of(name: str, times: dict[str, int], meant: dict[str, Any]) -> list[Word]:
    texts = [*times, *(text for text in meant if text not in times)]
    return [
        Word(f"word.{name}.{n}", text, times.get(text, 0), _value(meant.get(text, ""), text))
        for n, text in enumerate(texts)
    ]


def _value(value: Any, text: str) -> str:
    """The option as the form names it; empty when nobody has decided."""
    if value is None:
        return NOTHING
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return "" if written == text else written


def _options(column: ImportColumn) -> list[tuple[str, Any]]:
    if column.kind == "flag":
        return [("true", _("是")), ("false", _("否"))]
    return [(str(value), words) for value, words in column.options().items()]


def _free(entry: Import, run: ImportRun) -> list[ImportColumn]:
    """Columns the sheet does not have, the required ones first: their content may be the same for all rows."""
    return sorted((one for one in entry.columns if one.field not in run.mapping), key=lambda one: not one.required)


def _lines(run: ImportRun) -> list[tuple[int, bool, list[str]]]:
    """Some lines of the sheet around its heading: (number, whether it is heading, cells)."""
    try:
        rows = judging.opened(run)[run.sheet].rows
    except judging.Gone:
        return []
    first, last = max(0, run.first - ABOVE), run.first + run.height + BELOW
    return [
        (n + 1, run.first <= n < run.first + run.height, [plain(cell)[:40] for cell in row])
        for n, row in enumerate(rows[:last])
        if n >= first
    ]
