"""Signing in and out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from anlan.desk.access import sessions, sign_in
from anlan.desk.access.entry_forms import CodeForm, SignInForm
from anlan.desk.access.middleware import before_duties, public


def _sentence(state: str) -> str:
    return {
        "wrong": _("用户名或密码不正确，或账号已暂时锁定。连续失败会锁定账号 %(minutes)d 分钟。")
        % {"minutes": settings.LOCK_MINUTES},
        "blocked": _("登录尝试过于频繁，请十分钟后再试，或联系系统管理员。"),
        "code": _("验证码不正确或已用过，请等下一个验证码。"),
        "late": _("验证超时，请重新登录。"),
        "idle": _("长时间没有操作，已自动退出。"),
        "limit": _("您的账号在别处登录，超过了同时登录的数量，这里已退出。"),
        "locked": _("账号已停用，请联系系统管理员。"),
        "reset": _("密码或二次验证已由管理员重置，请重新登录。"),
        "password": _("密码已修改，请用新密码登录。"),
        "owner": _("您在另一处结束了这里的登录。"),
        "left": _("已退出登录。"),
    }.get(state, "")


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "GET":
        return _form(request, form, notice=_sentence(request.GET.get("why", "")))
    if not form.is_valid():
        return _form(request, form, status=400)
    outcome = sign_in.try_password(request, form.cleaned_data["username"], form.cleaned_data["password"])
    if outcome.state == "entered":
        return _entered(request, outcome)
    if outcome.state == "code":
        return redirect(f"/sign-in/code/?{request.GET.urlencode()}")
    return _form(request, form, problem=_sentence(outcome.state), status=429 if outcome.state == "blocked" else 403)


@public
@never_cache
def code_page(request: HttpRequest) -> HttpResponse:
    user = sign_in.pending(request)
    if user is None:
        return (
            _form(request, SignInForm(), problem=_sentence("late"), status=403) if request.POST else redirect("sign-in")
        )
    form = CodeForm(request.POST or None)
    problem, status = "", 200
    if request.method == "POST" and form.is_valid():
        outcome = sign_in.try_code(request, user, form.cleaned_data["code"])
        if outcome.state == "entered":
            return _entered(request, outcome)
        if outcome.state == "blocked":
            return _form(request, SignInForm(), problem=_sentence("blocked"), status=429)
        problem, status = _sentence("code"), 403
    return render(request, "access/code.html", {"form": form, "problem": problem}, status=status)


@before_duties
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.leave(request)
    return redirect("/sign-in/?why=left")


def _entered(request: HttpRequest, outcome: sign_in.Outcome) -> HttpResponse:
    if outcome.ended:
        text = ngettext(
            "您同时登录过多，最早的 %(count)d 处已退出。", "您同时登录过多，最早的 %(count)d 处已退出。", outcome.ended
        )
        messages.warning(request, text % {"count": outcome.ended})
    response = redirect(_next(request))
    if outcome.user.language:
        set_language_cookie(response, outcome.user.language)
    return response


def set_language_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else settings.LOGIN_REDIRECT_URL


def _form(request: HttpRequest, form, *, problem: str = "", notice: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "problem": problem, "notice": notice}
    return render(request, "access/sign_in.html", context, status=status)
