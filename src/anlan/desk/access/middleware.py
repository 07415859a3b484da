"""Who is asking: attached to every request, and deny by default."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access import passwords, second_factor, sessions

SEEN_EVERY = 60


def public(view):
    """Marks a view that answers people who have not signed in. Everything else does not."""
    view.open_to_all = True
    return view


def passive(view):
    """Marks a view that pages ask for by themselves: being asked does not keep an idle session alive."""
    view.passive = True
    return view


def before_duties(view):
    """Marks a view that also answers people who must first change the password or enrol the second factor."""
    view.before_duties = True
    return view


def owed(user) -> str:
    """The url name of what this person must do before anything else; '' when nothing."""
    if user.must_change_password or passwords.expired(user.password_changed_at, timezone.now()):
        return "account.password"
    if second_factor.demanded(user) and not second_factor.enrolled(user):
        return "account.second-factor"
    return ""


class SignedIn(AuthenticationMiddleware):
    """Attaches the user, ends idle sessions, turns away whoever has not signed in unless the view is public."""

    def process_request(self, request):
        super().process_request(request)
        if "_auth_user_id" not in request.session:
            return
        idle = _now() - request.session.get("seen_at", _now())
        if idle > settings.SESSION_IDLE_SECONDS and request.user.is_authenticated:
            sessions.leave(request, "idle")
            request.ended_idle = True

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated:
            if getattr(view, "open_to_all", False) or request.path.startswith(settings.STATIC_URL):
                return None
            return _turned_away(request)
        if not getattr(view, "passive", False):
            _note_seen(request)
        if getattr(view, "open_to_all", False) or getattr(view, "before_duties", False):
            return None
        duty = owed(request.user)
        if not duty:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403, headers={"HX-Redirect": "/account/"})
        if _wants_data(request):
            return JsonResponse({"error": _("请先在网页上修改密码或启用二次验证。")}, status=403)
        return redirect(duty)


def _note_seen(request) -> None:
    now = _now()
    if now - request.session.get("seen_at", 0) > SEEN_EVERY:
        request.session["seen_at"] = now
        sessions.seen(request.session.session_key)


def _turned_away(request) -> HttpResponse:
    if _wants_data(request):
        return JsonResponse({"error": _("请先登录。")}, status=401)
    by_htmx = request.headers.get("HX-Request")
    query = {"next": _page_of(request) if by_htmx else request.get_full_path()}
    if why := _why(request):
        query["why"] = why
    target = f"{settings.LOGIN_URL}?{urlencode(query)}"
    return HttpResponse(status=401, headers={"HX-Redirect": target}) if by_htmx else redirect(target)


def _page_of(request) -> str:
    """The page an htmx request came from, as a path of ours."""
    address = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{address.path}?{address.query}" if address.query else address.path or "/"


def _why(request) -> str:
    """Why the session is over that the browser still names: the page that asks to sign in tells it."""
    if getattr(request, "ended_idle", False):
        return "idle"
    return sessions.why_ended(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))


def _wants_data(request) -> bool:
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted or "text/event-stream" in accepted or request.path.startswith("/api/")


def _now() -> int:
    return int(timezone.now().timestamp())
