"""The operations of the house itself: lists, standards, who am I. Those of capabilities are in their `resources.py`."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from anlan.api import rows
from anlan.api.entrance import ASKING
from anlan.api.errors import Error
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import posts, require
from anlan.standards.citing import Instrument, Text, instruments
from anlan.standards.coverage import covered
from anlan.standards.dating import When
from anlan.standards.questions import Question, questions

REFUSALS = {401: Error, 403: Error, 404: Error, 422: Error}


class Page(Schema):
    """Rows of a list. `next` is the address of the following page, null at the end."""

    rows: list[dict[str, Any]]
    next: str | None


class Asked(Schema):
    """`input` fits the question's schema. `on`: the day asked, today if left out. `since`: the day the thing came under
    the rule, where an edition spares what was there."""

    input: dict[str, Any]
    on: date | None = None
    since: date | None = None


house = Router(tags=["who"])
lists = Router(tags=["lists"])
standards = Router(tags=["standards"])


@house.get("/me", response={200: dict, **REFUSALS}, summary="Who the key or session stands for")
def me(request: HttpRequest):
    held = [
        {
            "role": post.role,
            "title": str(all_roles()[post.role].title),
            "organisation": post.organisation,
            "region": post.region,
        }
        for post in posts(request.user)
    ]
    return {"username": request.user.username, "name": request.user.name, "posts": held}


@lists.get("", response={200: list[dict], **REFUSALS}, summary="Lists this key may read, with columns and filters")
def list_of_lists(request: HttpRequest):
    return [rows.described(entry, request.user) for entry in rows.offered(request.user)]


@lists.get("/{path:name}/rows/{key}", response={200: dict, **REFUSALS}, summary="One row of a list")
def one_row(request: HttpRequest, name: str, key: str):
    return rows.one(request.user, rows.entry_or_404(request.user, name), key)


@lists.get("/{path:name}/rows", response={200: Page, **REFUSALS}, summary="Rows of a list, page by page")
def rows_of(
    request: HttpRequest,
    name: str,
    limit: int = Query(100, ge=1, le=500, description="rows of one answer"),
    after: str = Query("", description="as the answer before gave it in next"),
    order: str = Query("key", pattern="^-?key$", description="key, or -key: newest first"),
    q: str = Query("", description="words, where the list can be searched"),
):
    entry = rows.entry_or_404(request.user, name)
    return rows.page(request, entry, limit, after, order == "-key")


@standards.get("", response={200: list[dict], **REFUSALS}, summary="What can be asked of law and standards")
def list_of_questions(request: HttpRequest):
    require(request.user, "law.see")
    return [_brief(question) for question in questions().values()]


@standards.get(
    "/coverage", response={200: list[dict], **REFUSALS}, summary="What of each document is here, how far checked"
)
def coverage(request: HttpRequest):
    require(request.user, "law.see")
    return [
        {
            "instrument": row.instrument.id,
            "part": _both(row.part.what),
            "article": row.part.article,
            "status": row.part.status,
            "note": row.part.note,
        }
        for row in covered()
    ]


@standards.get(
    "/instruments", response={200: list[dict], **REFUSALS}, summary="Laws, orders, standards with their dates"
)
def list_of_instruments(request: HttpRequest):
    require(request.user, "law.see")
    return [_instrument(entry) for entry in instruments().values()]


@standards.get("/questions/{name}", response={200: dict, **REFUSALS}, summary="One question: its schema and examples")
def one_question(request: HttpRequest, name: str):
    require(request.user, "law.see")
    question = _question(name)
    examples = [{"title": _both(example.title), "input": example.input} for example in question.examples]
    return _brief(question) | {"schema": question.schema, "examples": examples}


@standards.post(
    "/questions/{name}",
    auth=ASKING,
    response={200: dict, **REFUSALS},
    summary="Ask; changes nothing, answers with reasons",
)
def ask(request: HttpRequest, name: str, asked: Asked):
    require(request.user, "law.see")
    when = When(asked.on or timezone.localdate(), asked.since)
    return _question(name).ask(asked.input, when).as_dict()


def _question(name: str) -> Question:
    if name not in questions():
        raise Http404(_("没有这一项计算。"))
    return questions()[name]


def _brief(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "title": _both(question.title),
        "about": _both(question.about),
        "clause": question.clause.as_dict(),
    }


def _instrument(entry: Instrument) -> dict[str, Any]:
    return {
        "id": entry.id,
        "number": entry.number,
        "title": _both(entry.title),
        "kind": entry.kind,
        "issued": entry.issued,
        "effective": entry.effective,
        "until": entry.until,
        "replaced_by": entry.replaced_by,
        "status": entry.status,
        "source": entry.source,
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
