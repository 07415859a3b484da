from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from anlan.desk.access.backend import account
from anlan.desk.access.middleware import passive
from anlan.desk.access.standing import posts
from anlan.desk.notices.hub import Listener, hub
from anlan.desk.notices.stream import events

STREAMS_PER_USER = 24


@passive
async def live(request: HttpRequest) -> HttpResponse:
    """What changed, as server-sent events (`change`, `reset`, `signed-out`), for as long as the session lasts."""
    user = await request.auser()
    if hub.streams_of(user.pk) >= STREAMS_PER_USER:
        return HttpResponse(status=429)
    held = await sync_to_async(posts)(user)
    listener = hub.open(user.pk, held)
    last = request.headers.get("Last-Event-ID", "")
    missed = hub.missed(int(last), user.pk, held) if last.isdecimal() else []

    async def still_in(listener: Listener) -> bool:
        return await sync_to_async(_look_again)(listener, request.session)

    return StreamingHttpResponse(
        events(listener, missed, still_in, hub.close),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _look_again(listener: Listener, session) -> bool:
    """Does the session still exist, unexpired, and the account; with the posts as they are now."""
    stored = type(session)(session.session_key)
    if not stored.get("_auth_user_id") or timezone.now() >= stored.get_expiry_date():
        return False
    user = account(listener.user)
    if user is None:
        return False
    listener.posts = posts(user)
    return True
