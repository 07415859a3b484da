"""One search over all lists a person may see and over their names, and the finding of names for pickers."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.desk.access.standing import may
from anlan.desk.lists.declare import List, entries, lists, names
from anlan.desk.pages import values
from anlan.desk.pages.asking import written
from anlan.desk.pages.list_page import is_fragment
from anlan.desk.pages.narrowing import holding
from anlan.desk.pages.tables import item_url

LEAST = 2  # characters
SUGGESTED, SHOWN = 4, 20


@dataclass(frozen=True)
class Hit:
    title: Any
    url: str
    note: str


@dataclass(frozen=True)
class Group:
    title: Any
    url: str  # the list, narrowed to the same words
    hits: list[Hit]
    more: bool


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    words = written(request.GET, "q")
    suggest = is_fragment(request) and request.GET.get("part") == "suggest"
    groups = search(request.user, words, SUGGESTED if suggest else SHOWN) if len(words) >= LEAST else []
    context = {"title": _("搜索"), "words": words, "groups": groups, "least": LEAST, "narrow": True}
    return render(request, "pages/search.html#found" if suggest else "pages/search.html", context)


def search(user, words: str, most: int) -> list[Group]:
    found = (
        _group(entry, user, words, most) for entry in lists().values() if entry.search and may(user, entry.permission)
    )
    return [group for group in (_places(user, words), *found) if group.hits]


def _places(user, words: str) -> Group:
    """Lists and pages whose name holds the words: most are in nobody's menu."""
    named = [(entry.title, entry.name, entry.permission) for entry in lists().values()]
    named += [(entry.title, entry.url_name, entry.permission) for entry in entries()]
    found = {
        reverse(name): title
        for title, name, permission in named
        if words.casefold() in str(title).casefold() and (not permission or may(user, permission))
    }
    return Group(_("功能"), "", [Hit(title, url, "") for url, title in found.items()], False)


def _group(entry: List, user, words: str, most: int) -> Group:
    queryset = holding(entry, entry.gate(user), words)
    if entry.related:
        queryset = queryset.select_related(*entry.related)
    rows = list(queryset.prefetch_related(*entry.prefetch).defer(*entry.defer)[: most + 1])
    hits = [_hit(entry, row) for row in rows[:most]]
    return Group(entry.title, f"{reverse(entry.name)}?{urlencode({'q': words})}", hits, len(rows) > most)


def _hit(entry: List, row) -> Hit:
    headline = next((column for column in entry.columns if column.link), entry.columns[0])
    codes = [column for column in entry.columns if column.kind == "code" and column is not headline]
    code = next((column for column in codes if column.name in ("code", "number")), codes[0] if codes else None)
    title = values.read(row, headline.name, headline.value)
    note = values.read(row, code.name, code.value) if code else ""
    return Hit(title or str(row), item_url(entry, row) or reverse(entry.name), note or "")


@require_safe
def find(request: HttpRequest, kind: str) -> HttpResponse:
    """Codes of a kind by words, for the picker: {"results": [{"code", "title"}]}."""
    known = names().get(kind)
    if known is None:
        raise Http404
    found = known.find(request.user, request.GET.get("q", "").strip()[:80])
    return JsonResponse({"results": [{"code": code, "title": str(title)} for code, title in found[:30]]})
