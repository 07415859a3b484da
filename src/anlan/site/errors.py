"""Pages for what went wrong. Each says what it is and what to do; a fragment or an API call gets the sentence alone."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anlan.api.errors import shape


def bad_request(request: HttpRequest, exception=None) -> HttpResponse:
    return _answer(request, 400, _("请求有误"), _("发来的内容不完整或无法识别。请返回上一页，检查后重新提交。"))


def refused(request: HttpRequest, exception=None) -> HttpResponse:
    said = str(exception or "") or _("您的岗位没有这项权限。")
    return _answer(request, 403, _("没有权限"), said)


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    return _answer(
        request,
        404,
        _("没有这个页面"),
        _("地址可能有误，内容可能已移走，或不在您的权限范围内。请从菜单进入，或搜索名称、编号。"),
    )


def broken(request: HttpRequest) -> HttpResponse:
    return _answer(
        request,
        500,
        _("系统出错"),
        _("出错情况已记录。请稍后再试；仍不行时，把时间和您正在做的事告诉系统管理员。"),
    )


def untrusted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF: most often a page left open over a sign-in."""
    return _answer(request, 403, _("页面已过期"), _("页面打开后您的登录状态已改变。请返回上一页，刷新后重新提交。"))


def _answer(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(shape(status, said), status=status)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": said}, status=status)
    inside = status != 500 and getattr(getattr(request, "user", None), "is_authenticated", False)
    template = "error_inside.html" if inside else "error.html"
    return render(request, template, {"status": status, "title": title, "said": said, "narrow": True}, status=status)
