"""The administrators' acts on one account that no list or form covers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from anlan.desk.access import actions, gates, granting
from anlan.desk.access.models import User


def _account(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(gates.accounts_seen_by(request.user), pk=pk)


@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda user: actions.lock(request.user, user, _words(request)), _("账号已停用。"))


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda user: actions.unlock(request.user, user), _("账号已启用，锁定已解除。"))


@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(
        request,
        pk,
        lambda user: granting.reset_second_factor(request.user, user, _words(request)),
        _("二次验证已重置，此人下次登录时重新启用。"),
    )


@never_cache
@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    user = _account(request, pk)
    password = actions.reset_password(request.user, user)
    return render(
        request, "access/one_time_password.html", {"title": _("一次性密码"), "account": user, "password": password}
    )


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "")[:500]


def _done(request: HttpRequest, pk: int, act, sentence: str) -> HttpResponse:
    user = _account(request, pk)
    try:
        act(user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, sentence)
    return redirect("accounts.item", pk=pk)
