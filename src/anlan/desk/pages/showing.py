"""Panels as a page shows them: those of the page that this person may see, each made into HTML."""

import time
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from anlan.desk.access.standing import may, require
from anlan.desk.lists.declare import Column, List, lists
from anlan.desk.pages import values
from anlan.desk.pages.rows import row_or_404
from anlan.desk.pages.tables import Table, table
from anlan.desk.panels.declare import Panel, panels

WIDE = ("main", "centre", "bottom")


@dataclass(frozen=True)
class Shown:
    """A panel made ready. `body` is one of: attributes (title, value pairs), a table, or a rendered template."""

    panel: Panel
    url: str
    attributes: list[tuple[Any, Any]]
    table: Table | None
    entry: List | None
    more: bool
    body: str
    at: int  # µs since 1970: when its figures were read


def shown(request: HttpRequest, on: str, row=None, side: str | None = None) -> list[Shown]:
    """The page's panels in their order, without those that have nothing to say."""
    ready = (ready_panel(request, panel, row) for panel in allowed(request.user, on) if side in (None, panel.side))
    return [panel for panel in ready if panel is not None]


def allowed(user, on: str) -> list[Panel]:
    return [panel for panel in panels().get(on, ()) if not panel.permission or may(user, panel.permission)]


def ready_panel(request: HttpRequest, panel: Panel, row) -> Shown | None:
    attributes, found, entry, more, body = [], None, None, False, ""
    if panel.attributes:
        attributes = _attributes(panel, row)
    elif panel.rows:
        name, queryset = panel.rows(request.user, row)
        entry = lists()[name]
        found, more = _rows(entry, queryset, panel)
    else:
        context = panel.context(request.user, row) if panel.context else {}
        if context is None:
            return None
        body = render_to_string(panel.template, {"row": row, **context}, request)
    url = reverse("panel", args=[panel.on, panel.name]) + (f"?pk={row.pk}" if row is not None else "")
    return Shown(panel, url, attributes, found, entry, more, body, time.time_ns() // 1000)


def _attributes(panel: Panel, row) -> list[tuple[Any, Any]]:
    read = [(attribute, values.read(row, attribute.name, attribute.value)) for attribute in panel.attributes]
    codes: dict[str, set[str]] = {}
    for attribute, value in read:
        if attribute.kind in values.CODED and value:
            codes.setdefault(attribute.kind, set()).add(str(value))
    called = {kind: values.titles(kind, found) for kind, found in codes.items()}
    return [
        (attribute.title, values.show(attribute.kind, row, attribute.name, value, called, attribute.unit))
        for attribute, value in read
    ]


def _rows(entry: List, queryset, panel: Panel) -> tuple[Table, bool]:
    if not queryset.ordered:
        queryset = queryset.order_by(*entry.order)
    related = queryset.select_related(*entry.related) if entry.related else queryset
    found = list(related.prefetch_related(*entry.prefetch).defer(*entry.defer)[: panel.limit + 1])
    columns = tuple(column for column in entry.columns if column.default)
    if panel.side not in WIDE:
        columns = essential(columns)
    return table(entry, columns, found[: panel.limit], queryset.model), len(found) > panel.limit


def essential(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """What fits into a narrow panel: the level, what leads to the row, and the clock or the state."""
    headline = next((column for column in columns if column.link), columns[0])
    level = next((column for column in columns if column.kind == "level"), None)
    telling = (column for kind in ("due", "state", "number", "time") for column in columns if column.kind == kind)
    kept = {level, headline, next(telling, None)}
    return tuple(column for column in columns if column in kept)


@require_safe
def panel_page(request: HttpRequest, on: str, name: str) -> HttpResponse:
    """One panel alone: what the browser fetches again after a change."""
    panel = next((found for found in allowed(request.user, on) if found.name == name), None)
    if panel is None:
        raise Http404
    row = None
    if on in lists():
        require(request.user, lists()[on].permission)
        row = row_or_404(lists()[on], request.user, request.GET.get("pk", ""))
    ready = ready_panel(request, panel, row)
    frame = "pages/screen_panel.html" if on == "bigscreen" else "pages/panel.html"
    return render(request, frame, {"shown": ready}) if ready else HttpResponse("")
