"""Who is asking: attached to every request, and deny by default."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _


def public(view):
    """Marks a view that answers people who have not signed in. Everything else does not."""
    view.open_to_all = True
    return view


class SignedIn(AuthenticationMiddleware):
    """Attaches the user, ends idle sessions, turns away whoever has not signed in unless the view is public."""

    def process_request(self, request):
        super().process_request(request)
        if not request.session.get("_auth_user_id"):
            return
        now = int(timezone.now().timestamp())
        seen = request.session.get("seen_at", now)
        if now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
        elif now - seen > 60 or "seen_at" not in request.session:
            request.session["seen_at"] = now

    def process_view(self, request, view, args, kwargs):
        if (
            request.user.is_authenticated
            or getattr(view, "open_to_all", False)
            or request.path.startswith(settings.STATIC_URL)
        ):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": settings.LOGIN_URL})
        if "application/json" in request.headers.get("Accept", "") or request.path.startswith("/api/"):
            return JsonResponse({"error": _("请先登录。")}, status=401)
        return redirect_to_login(request.get_full_path())
