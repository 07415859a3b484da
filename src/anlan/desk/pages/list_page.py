"""The page of a declared list: table, filters, search, order, pages, saved views, export. One view for all lists."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from anlan.desk.access.standing import may, require
from anlan.desk.exchange.export import ExportColumn, export
from anlan.desk.exchange.gates import offered_on
from anlan.desk.forms.declare import forms
from anlan.desk.lists.declare import Filter, List, lists
from anlan.desk.pages import gates, values
from anlan.desk.pages.asking import Asked, choices, read
from anlan.desk.pages.grams import FEW_COUNTED
from anlan.desk.pages.narrowing import counted, most_counted, narrowed, order, page_of
from anlan.desk.pages.tables import codes_called, table


@require_safe
def list_page(request: HttpRequest, name: str) -> HttpResponse:
    entry = lists()[name]
    require(request.user, entry.permission)
    everything = entry.gate(request.user)
    asked = read(entry, request.GET, request.user, everything.model)
    rows = narrowed(entry, everything, asked, request.user)
    if wanted := request.GET.get("export"):
        return _exported(request, entry, rows, asked, wanted)
    whole = partial(narrowed, entry, everything, asked, request.user, FEW_COUNTED) if asked.words else rows.all
    context = _context(request, entry, rows, whole, asked)
    if is_fragment(request):
        response = render(request, "pages/list.html#list", context)
        response["HX-Push-Url"] = f"{request.path}?{clean(request)}".rstrip("?")
        return response
    return render(request, "pages/list.html", context)


def is_fragment(request: HttpRequest) -> bool:
    """Part of a page for htmx; a page restored from history or a boosted link wants all of it."""
    headers = request.headers
    return "HX-Request" in headers and not ("HX-History-Restore-Request" in headers or "HX-Boosted" in headers)


def clean(request: HttpRequest) -> str:
    """The query string without what is empty, and without the words of a picker whose code is there."""
    kept = [(name, value) for name, found in request.GET.lists() for value in found if value != ""]
    coded = {f"{name}__text" for name, _value in kept}
    return urlencode([(name, value) for name, value in kept if name not in coded])


def _context(request: HttpRequest, entry: List, rows, whole: Callable[[], Any], asked: Asked) -> dict[str, Any]:
    user, model = request.user, rows.model
    found, more = page_of(rows, order(entry, asked.sort), entry, asked.page)
    most = most_counted(entry, asked)
    total, exact = counted(whole(), most) if more or asked.page > 1 else (len(found), True)
    form = forms().get(entry.name)
    query = clean(request)
    return {
        "title": entry.title,
        "entry": entry,
        "asked": asked,
        "table": table(entry, asked.columns, found, model, asked.sort),
        "filters": [shown_filter(chosen, asked, user, model) for chosen in entry.filters],
        "chosen_columns": {column.name for column in asked.columns},
        "total": total,
        "exact": exact,
        "first": (asked.page - 1) * entry.page_size + 1,
        "last": (asked.page - 1) * entry.page_size + len(found),
        "previous": asked.page - 1,
        "following": asked.page + 1 if more else None,
        "actions": [action for action in entry.actions if may(user, action.permission)],
        "may_export": entry.export and may(user, "exchange.export"),
        "new_url": reverse(f"{entry.name}.new") if form and form.add and may(user, form.add) else "",
        "import_url": reverse("imports.upload", args=[entry.name]) if offered_on(user, entry.name) else "",
        "views": list(gates.views_of(user, entry.name)),
        "query": query,
        "narrowed": bool(asked.filters or asked.words),
        "counted": most,
        "live": " ".join(entry.live),
        "narrow": True,
    }


@dataclass(frozen=True)
class Option:
    value: Any
    title: Any
    chosen: bool


@dataclass(frozen=True)
class ShownFilter:
    """A filter as the template draws it. `said`: what is chosen, in words."""

    name: str
    title: Any
    kind: str
    said: str
    options: list[Option]
    value: Any


def shown_filter(chosen: Filter, asked: Asked, user, model) -> ShownFilter:
    value = asked.filters.get(chosen.name)
    options: list[Option] = []
    if chosen.kind == "level":
        options = [Option(number, title, number in (value or ())) for number, title in values.LEVELS.items()]
    elif chosen.kind == "choice":
        options = [Option(c.value, c.title, c.value in (value or ())) for c in choices(chosen, user, model)]
    return ShownFilter(chosen.name, chosen.title, chosen.kind, _said(chosen.kind, value, options), options, value)


def _said(kind: str, value, options: list[Option]) -> str:
    if not value:
        return ""
    if options:
        return "、".join(str(option.title) for option in options if option.chosen)
    if kind in values.CODED:
        return values.titles(kind, [value]).get(value, value)
    if kind == "dates":
        return " – ".join(day.isoformat() if day else "…" for day in value)
    return "" if kind == "flag" else str(value)


def _exported(request: HttpRequest, entry: List, rows, asked: Asked, wanted: str) -> HttpResponse:
    """All rows that pass the filters, not only the page, in the columns shown."""
    if not entry.export:
        raise Http404
    require(request.user, "exchange.export")
    ordered = (
        rows.order_by(*order(entry, asked.sort)).select_related(*entry.related)
        if entry.related
        else (rows.order_by(*order(entry, asked.sort)))
    )
    whole = ordered.prefetch_related(*entry.prefetch).defer(*entry.defer).iterator(chunk_size=1000)
    told = [column for column in asked.columns if column.told]
    columns = [ExportColumn(column.title, lambda pair, column=column: _cell(column, *pair)) for column in told]
    try:
        return export(
            request.user, entry.name, _with_codes(whole, asked.columns), columns, wanted, data={"query": clean(request)}
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(request.path)


def _with_codes(rows, columns, together: int = 1000):
    """(row, titles of its codes), the titles asked once for many rows."""
    waiting: list = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == together:
            called = codes_called(columns, waiting)
            yield from ((held, called) for held in waiting)
            waiting = []
    called = codes_called(columns, waiting)
    yield from ((held, called) for held in waiting)


def _cell(column, row, called) -> Any:
    return values.plain(column.kind, row, column.name, values.read(row, column.name, column.value), called)
