"""Sessions: opened with a limit per person, seen and ended by their owner, remembered a while after their end."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from anlan.desk.access.announcements import tell
from anlan.desk.access.models import OpenSession, User

BACKEND = "anlan.desk.access.backend.PasswordBackend"
REMEMBERED = timedelta(days=7)


@transaction.atomic
def enter(request: HttpRequest, user: User, how: str) -> int:
    """Signs the person in. Answers how many of his older sessions had to end."""
    login(request, user, backend=BACKEND)
    now = timezone.now()
    request.session["seen_at"] = int(now.timestamp())
    if request.session.session_key is None:
        request.session.save()
    OpenSession.objects.create(
        user=user,
        session_key=request.session.session_key,
        opened_at=now,
        seen_at=now,
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", "")[:200],
    )
    open_ones = OpenSession.objects.filter(user=user, ended_at=None).order_by("-opened_at", "-pk")
    surplus = [session for session in open_ones if _alive(session)][settings.SESSIONS_PER_USER :]
    for session in surplus:
        _end(session, "limit")
    tell("access.sign-in", actor=user.username, subject=f"user:{user.pk}", data={"how": how, "ended": len(surplus)})
    return len(surplus)


def leave(request: HttpRequest, why: str = "left") -> None:
    """Signs out, by the person or because the session was idle too long."""
    user = request.user
    for session in OpenSession.objects.filter(session_key=request.session.session_key or "", ended_at=None):
        _end(session, why, keep_row=True)
    logout(request)
    tell("access.sign-out", actor=user.username, subject=f"user:{user.pk}", data={"why": why})


@transaction.atomic
def end(user: User, session: OpenSession) -> None:
    """The person ends one of his own sessions."""
    if session.user_id != user.pk:
        raise ValueError("a session is ended by its owner")
    _end(session, "owner")
    tell("access.session-end", actor=user.username, subject=f"user:{user.pk}", data={"address": session.address})


def end_all(user: User, why: str, apart_from: str = "") -> int:
    """Ends all sessions of an account: it was locked, its password reset or changed."""
    ended = 0
    for session in OpenSession.objects.filter(user=user, ended_at=None).exclude(session_key=apart_from or "-"):
        _end(session, why)
        ended += 1
    return ended


def open_sessions(user: User) -> list[OpenSession]:
    return [session for session in user.open_sessions.filter(ended_at=None).order_by("-seen_at") if _alive(session)]


def seen(session_key: str) -> None:
    OpenSession.objects.filter(session_key=session_key).update(seen_at=timezone.now())


def why_ended(session_key: str) -> str:
    """Why the session a browser still names is over; '' when nothing is known of it."""
    ended = OpenSession.objects.filter(session_key=session_key).exclude(ended_at=None).first() if session_key else None
    return ended.ended_why if ended else ""


def sweep(now) -> int:
    """Removes what is remembered of sessions long ended or expired, and the expired sessions themselves."""
    _store()().clear_expired()
    limit = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    old, _ = OpenSession.objects.filter(seen_at__lt=now - limit - REMEMBERED).delete()
    return old


def _store():
    return import_module(settings.SESSION_ENGINE).SessionStore


def _alive(session: OpenSession) -> bool:
    return timezone.now() - session.seen_at < timedelta(seconds=settings.SESSION_IDLE_SECONDS + 60)


def _end(session: OpenSession, why: str, keep_row: bool = False) -> None:
    if not keep_row:
        _store()(session.session_key).delete()
    OpenSession.objects.filter(pk=session.pk).update(ended_at=timezone.now(), ended_why=why)
