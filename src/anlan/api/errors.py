"""What the interface answers when it does not do what was asked: always the same shape.

{"error": {"code": "wrong_input", "message": "…", "details": [{"where": "units/0/items/1/tonnes", "message": "…"}]}}
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from anlan.standards.citing import Refusal
from anlan.standards.questions import WrongInput

CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "refused",
    404: "not_found",
    405: "not_allowed",
    413: "too_large",
    422: "wrong_input",
    429: "too_many",
}


class Detail(Schema):
    where: str
    message: str


class Fault(Schema):
    code: str
    message: str
    details: list[Detail] = []


class Error(Schema):
    """Every answer that is no success."""

    error: Fault


def shape(status: int, message: Any, details: list[dict[str, str]] | None = None, code: str = "") -> dict[str, Any]:
    return {
        "error": {"code": code or CODES.get(status, str(status)), "message": str(message), "details": details or []}
    }


def listen(api: NinjaAPI) -> None:
    """Every kind of refusal gets the shape."""

    def on(kind: type[Exception], status: int):
        def register(answer):
            def handler(request: HttpRequest, error) -> HttpResponse:
                return api.create_response(request, answer(error), status=getattr(error, "status_code", status))

            api.add_exception_handler(kind, handler)
            return answer

        return register

    @on(AuthenticationError, 401)
    def _(error):
        return shape(401, said_who())

    @on(HttpError, 400)
    def _(error):
        return shape(error.status_code, error.message)

    @on(Http404, 404)
    def _(error):
        return shape(404, str(error) or nothing_there())

    @on(PermissionDenied, 403)
    def _(error):
        return shape(403, str(error))

    @on(ValidationError, 422)
    def _(error):
        details = [{"where": "/".join(map(str, one["loc"][1:])), "message": one["msg"]} for one in error.errors]
        return shape(422, wrong(), details)

    @on(DjangoValidationError, 422)
    def _(error):
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        details = [{"where": name, "message": said} for name, found in by_field.items() for said in found]
        return shape(422, wrong(), details)

    @on(Refusal, 422)
    def _(error):
        language = get_language() or "zh"
        if isinstance(error, WrongInput):
            return shape(422, wrong(), [{"where": at, "message": what.said(language)} for at, what in error.problems])
        return shape(422, error.text.said(language), code="no_answer")


def said_who() -> str:
    return _("请先登录，或带上接口密钥（Authorization: Bearer …）。")


def nothing_there() -> str:
    return _("没有这一条，或不在您的权限范围内。")


def wrong() -> str:
    return _("输入有误，请按 details 更正。")
