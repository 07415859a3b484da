from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.api import gates, keys
from anlan.api.collected import described
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import Refused, require


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The interface for people: every operation, read from the same description programs read."""
    context = {"title": _("开放接口"), "groups": _groups(described()), "address": request.build_absolute_uri("/api/")}
    return render(request, "api/guide.html", context | {"narrow": True})


TITLES = {"who": gettext_lazy("身份"), "lists": gettext_lazy("列表"), "standards": gettext_lazy("法规标准")}


def _groups(description: dict) -> list[tuple[Any, list[dict]]]:
    found: dict[str, list[dict]] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            found.setdefault((operation.get("tags") or ["…"])[0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "parameters": operation.get("parameters", []),
                    "body": bool(operation.get("requestBody")),
                }
            )
    return [(TITLES.get(tag, tag), operations) for tag, operations in found.items()]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys_page(request: HttpRequest) -> HttpResponse:
    """One's own keys; a new one is shown on the answer to its making, and never again."""
    require(request.user, "api.keys")
    context: dict = {"title": _("接口密钥"), "narrow": True, "longest": keys.LONGEST_DAYS}
    status = 200
    if request.method == "POST":
        try:
            context["key"], context["secret"] = _issue(request)
        except (ValidationError, Refused) as error:
            context["problem"] = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            status = 400
    context["keys"] = gates.own_keys(request.user)[:50]
    context["posts"] = [(post, all_roles()[post.role].title) for post in gates.posts_for_keys(request.user)]
    return render(request, "api/keys.html", context, status=status)


def _issue(request: HttpRequest):
    wanted = request.POST.get("post", "")
    post = next((post for post in gates.posts_for_keys(request.user) if str(post.pk) == wanted), None)
    if post is None:
        raise ValidationError(_("请选择岗位。"))
    days = request.POST.get("days", "")
    return keys.issue(request.user, post, request.POST.get("name", ""), int(days) if days.isdecimal() else 0)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(gates.own_keys(request.user), pk=pk)
    keys.revoke(request.user, key)
    messages.success(request, _("密钥已作废。"))
    return redirect("account.keys")
