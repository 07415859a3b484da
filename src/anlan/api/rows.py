"""Lists for programs: every declared list, with the rows its gate lets this person see, and nothing wired by hand.

A reading goes by key (ascending, or descending with `order=-key`): each answer names the `next` one, and rows that
come or go in between neither double nor hide others. Filters have the names they have on the page.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from anlan.desk.access.standing import may, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.lists.declare import Column, Filter, List, lists
from anlan.desk.pages import values
from anlan.desk.pages.asking import choices, read
from anlan.desk.pages.narrowing import by_keys, narrowed
from anlan.desk.pages.rows import row_or_404
from anlan.desk.pages.tables import codes_called, item_url

OWN = ("limit", "after", "order", "q")


def offered(user) -> list[List]:
    """The lists this person may read; what may not be exported is not offered to programs either."""
    return [entry for entry in lists().values() if entry.export and may(user, entry.permission)]


def entry_or_404(user, name: str) -> List:
    entry = lists().get(name)
    if entry is None or not entry.export:
        raise Http404(_("没有这个列表；/api/lists 列出可读的。"))
    require(user, entry.permission)
    return entry


def described(entry: List, user) -> dict[str, Any]:
    """What a list has: columns and filters, with the values of a choice."""
    model = entry.gate(user).model
    return {
        "name": entry.name,
        "title": str(entry.title),
        "columns": [
            {"name": c.name, "title": str(c.title), "kind": c.kind, "unit": c.unit} for c in entry.columns if c.told
        ],
        "filters": [_filter(chosen, user, model) for chosen in entry.filters],
        "search": bool(entry.search),
    }


def _filter(chosen: Filter, user, model) -> dict[str, Any]:
    found = {"name": chosen.name, "title": str(chosen.title), "kind": chosen.kind}
    if chosen.kind == "choice":
        found["choices"] = [{"value": str(c.value), "title": str(c.title)} for c in choices(chosen, user, model)]
    return found


def page(request: HttpRequest, entry: List, limit: int, after: str, descending: bool) -> dict[str, Any]:
    """One page of rows and the address of the next."""
    user, query = request.user, request.GET
    _refuse_unknown(entry, query)
    everything = entry.gate(user)
    asked = read(entry, query, user, everything.model)
    queryset = narrowed(entry, everything, asked, user)
    if after:
        way = "pk__lt" if descending else "pk__gt"
        queryset = queryset.filter(**{way: _key(everything.model, after)})
    else:
        _record(f"list:{entry.name}", user, query)
    keys = list(queryset.order_by("-pk" if descending else "pk").values_list("pk", flat=True).distinct()[: limit + 1])
    found = by_keys(everything, keys[:limit], entry)
    called = codes_called(entry.columns, found)
    following = None
    if len(keys) > limit:
        kept = [(name, value) for name, given in query.lists() for value in given if name != "after"]
        following = f"{request.path}?{urlencode([*kept, ('after', str(keys[limit - 1]))])}"
    return {"rows": [row_of(entry, row, called) for row in found], "next": following}


def one(user, entry: List, key: str) -> dict[str, Any]:
    row = row_or_404(entry, user, key)
    _record(f"{entry.name}:{row.pk}", user)
    return row_of(entry, row, codes_called(entry.columns, [row]))


def _record(subject: str, user, query: QueryDict | None = None) -> None:
    """A reading that begins is recorded: by this door many rows leave at once, those of the audit among them."""
    key = getattr(user, "api_key", None)
    data = ({"key": key.pk} if key else {}) | ({"query": query.urlencode()[:300]} if query else {})
    append(Act(action="api.read", subject=subject, data=data))


def row_of(entry: List, row: Model, called: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """A row as plain values: instants with offset, codes and choices with their titles."""
    found = {column.name: _value(column, row, called) for column in entry.columns if column.told}
    return {"key": row.pk, "url": item_url(entry, row), "values": found}


def _value(column: Column, row: Model, called: Mapping[str, Mapping[str, str]]) -> Any:
    value = values.read(row, column.name, column.value)
    if value is None or value == "":
        return None
    if column.kind in values.CODED:
        return {"code": str(value), "title": called.get(column.kind, {}).get(str(value), str(value))}
    if column.kind in ("choice", "level", "state"):
        return {"code": plain(value), "title": str(values.plain(column.kind, row, column.name, value, called))}
    return plain(value)


def plain(value: Any) -> Any:
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value)


def _refuse_unknown(entry: List, query: QueryDict) -> None:
    """A misspelt filter would answer everything; a program cannot see that, so it is told."""
    known = {*OWN}
    for chosen in entry.filters:
        known |= {f"{chosen.name}_from", f"{chosen.name}_to"} if chosen.kind == "dates" else {chosen.name}
    if wrong := sorted(set(query) - known):
        said = _("没有这个参数；可用：%(known)s") % {"known": ", ".join(sorted(known))}
        raise ValidationError({name: said for name in wrong})


def _key(model: type[Model], after: str) -> Any:
    try:
        return model._meta.pk.to_python(after)
    except (ValidationError, ValueError) as error:
        raise ValidationError({"after": _("请原样使用上一页给出的 next。")}) from error
