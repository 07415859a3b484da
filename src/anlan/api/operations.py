"""The operations of the house itself: lists, standards, who am I. Those of capabilities are in their `resources.py`."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from anlan.api import rows
from anlan.api.entrance import ASKING
from anlan.api.errors import Error
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import posts, require
from anlan.standards.citing import Instrument, Text, instruments
from anlan.standards.coverage import covered
from anlan.standards.dating import When
from anlan.standards.questions import Question, questions

MOST_ASKED = 256_000  # bytes: some thousand chemicals, whose reasons are a hundred times as long
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


@house.get("/me", response={200: dict, **REFUSALS}, summary=gettext_lazy("密钥或登录代表谁"))
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


@lists.get("", response={200: list[dict], **REFUSALS}, summary=gettext_lazy("可读取的列表及其列、筛选"))
def list_of_lists(request: HttpRequest):
    return [rows.described(entry, request.user) for entry in rows.offered(request.user)]


@lists.get("/{path:name}/rows/{key}", response={200: dict, **REFUSALS}, summary=gettext_lazy("列表中的一条"))
def one_row(request: HttpRequest, name: str, key: str):
    return rows.one(request.user, rows.entry_or_404(request.user, name), key)


@lists.get("/{path:name}/rows", response={200: Page, **REFUSALS}, summary=gettext_lazy("列表的内容，逐页读取"))
def rows_of(
    request: HttpRequest,
    name: str,
    limit: int = Query(100, ge=1, le=500, description=gettext_lazy("每次返回的条数")),
    after: str = Query("", description=gettext_lazy("上一次回答 next 中给出的值")),
    order: str = Query("key", pattern="^-?key$", description=gettext_lazy("key 或 -key（最新的在前）")),
    q: str = Query("", description=gettext_lazy("查找的词（可搜索的列表）")),
):
    entry = rows.entry_or_404(request.user, name)
    return rows.page(request, entry, limit, after, order == "-key")


@standards.get("", response={200: list[dict], **REFUSALS}, summary=gettext_lazy("法规标准可计算的事项"))
def list_of_questions(request: HttpRequest):
    require(request.user, "law.see")
    return [_brief(question) for question in questions().values()]


@standards.get("/coverage", response={200: list[dict], **REFUSALS}, summary=gettext_lazy("各文件的收录与核对情况"))
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


@standards.get("/instruments", response={200: list[dict], **REFUSALS}, summary=gettext_lazy("法规标准文件及其日期"))
def list_of_instruments(request: HttpRequest):
    require(request.user, "law.see")
    return [_instrument(entry) for entry in instruments().values()]


@standards.get(
    "/questions/{name}", response={200: dict, **REFUSALS}, summary=gettext_lazy("一个可计算事项的格式与示例")
)
def one_question(request: HttpRequest, name: str):
    require(request.user, "law.see")
    question = _question(name)
    examples = [{"title": _both(example.title), "input": example.input} for example in question.examples]
    return _brief(question) | {"schema": question.schema, "examples": examples}


@standards.post(
    "/questions/{name}",
    auth=ASKING,
    response={200: dict, **REFUSALS},
    summary=gettext_lazy("计算：不改变任何数据，回答附依据"),
)
def ask(request: HttpRequest, name: str, asked: Asked):
    require(request.user, "law.see")
    if len(request.body) > MOST_ASKED:
        raise HttpError(413, _("一次问得太多，请分几次，或在服务器上用 anlan standard 计算。"))
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
