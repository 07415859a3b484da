"""What a person does with his own account: password, second factor, sessions, language."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from anlan.desk.access import actions, enrolment, second_factor, sessions
from anlan.desk.access.agents import in_words
from anlan.desk.access.entry_forms import EnrolForm, PasswordForm
from anlan.desk.access.middleware import before_duties, owed, public
from anlan.desk.access.models import OpenSession
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import posts
from anlan.desk.access.views.entry import set_language_cookie


@before_duties
def account(request: HttpRequest) -> HttpResponse:
    duty = owed(request.user)
    if duty:
        return redirect(duty)
    context = {
        "posts": [(all_roles()[post.role].title, post) for post in posts(request.user)],
        "title": _("我的账号"),
        "sessions": [(session, in_words(session.agent)) for session in sessions.open_sessions(request.user)],
        "this_session": request.session.session_key,
        "enrolled": second_factor.enrolled(request.user),
        "demanded": second_factor.demanded(request.user),
        "codes_left": request.user.recovery_codes.filter(used_at=None).count(),
    }
    return render(request, "access/account.html", context)


@before_duties
@never_cache
@sensitive_post_parameters("old", "new", "again")
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.change_password(
                    request.user, form.cleaned_data["old"], form.cleaned_data["new"], request.session.session_key
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                _keep_session(request)
                messages.success(request, _("密码已修改，其他设备上的登录已结束。"))
                return redirect(owed(request.user) or "account")
    forced = owed(request.user) == "account.password"
    context = {"title": _("修改密码"), "form": form, "forced": forced}
    return render(request, "access/password.html", context, status=status)


@before_duties
@never_cache
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrolling, or changing to another phone: the new code proves it, and the old one or a recovery code before."""
    user = request.user
    form, problem = EnrolForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        codes, problem = enrolment.finish(
            user, request.session, form.cleaned_data["code"], request.POST.get("present", "")
        )
        if codes:
            return render(request, "access/recovery_codes.html", {"title": _("恢复码"), "codes": codes})
    secret = enrolment.begin(request.session)
    context = {
        "title": _("启用二次验证"),
        "form": form,
        "problem": problem,
        "picture": second_factor.picture(secret, user, _("安澜")),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "again": second_factor.enrolled(user),
        "forced": owed(user) == "account.second-factor",
    }
    return render(request, "access/second_factor.html", context, status=403 if problem else 200)


@never_cache
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    codes = enrolment.renew_codes(request.user, request.POST.get("code", ""))
    if codes is None:
        messages.error(request, _("验证码不正确或已用过，恢复码没有更换。"))
        return redirect("account")
    return render(request, "access/recovery_codes.html", {"title": _("恢复码"), "codes": codes})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(OpenSession, pk=pk, user=request.user, ended_at=None)
    sessions.end(request.user, session)
    messages.success(request, _("该处登录已结束。"))
    return redirect("account")


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Chooses the language; a person who has signed in keeps it for the next time."""
    chosen = request.POST.get("language", "")
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = redirect(wanted if safe else "/")
    if not actions.speaks(chosen):
        return HttpResponseBadRequest(_("没有这种语言。"))
    if request.user.is_authenticated:
        actions.choose_language(request.user, chosen)
    set_language_cookie(response, chosen)
    return response


def _keep_session(request: HttpRequest) -> None:
    """A changed password ends sessions; this one goes on under a new key."""
    before = request.session.session_key
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    request.session.save()
    OpenSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
