"""Signing in, step by step, as verbs: try a password, try a second factor, enter. What went wrong stays here."""

import time
from dataclasses import dataclass

from django.contrib.auth import authenticate
from django.http import HttpRequest

from anlan.desk.access import addresses, second_factor, sessions
from anlan.desk.access.announcements import tell
from anlan.desk.access.backend import count_failure, forget_failures
from anlan.desk.access.models import User

PENDING = "second_factor_pending"
PENDING_SECONDS = 300


@dataclass(frozen=True)
class Outcome:
    """What a try led to: entered, code (a second factor is asked for), wrong, or blocked (too many tries)."""

    state: str
    user: User | None = None
    ended: int = 0


def try_password(request: HttpRequest, username: str, password: str) -> Outcome:
    address = request.META.get("REMOTE_ADDR", "")
    if addresses.blocked(address):
        return Outcome("blocked")
    user = authenticate(request, username=username, password=password)
    if user is None:
        _note_failure(address, username)
        return Outcome("wrong")
    if second_factor.enrolled(user):
        request.session.cycle_key()
        request.session[PENDING] = {"user": user.pk, "at": int(time.time()), "next": ""}
        return Outcome("code", user)
    return _enter(request, user, "password")


def pending(request: HttpRequest) -> User | None:
    """Who has given the right password and still owes the second factor."""
    waiting = request.session.get(PENDING)
    if not waiting or time.time() - waiting["at"] > PENDING_SECONDS:
        return None
    return User.objects.filter(pk=waiting["user"], is_active=True).first()


def try_code(request: HttpRequest, user: User, code: str) -> Outcome:
    address = request.META.get("REMOTE_ADDR", "")
    if addresses.blocked(address):
        return Outcome("blocked")
    if second_factor.accept(user, code):
        return _enter(request, user, "second-factor")
    if second_factor.accept_recovery(user, code):
        tell("access.recovery-code", actor=user.username, subject=f"user:{user.pk}")
        return _enter(request, user, "recovery-code")
    tell("access.second-factor-failed", actor=user.username, subject=f"user:{user.pk}")
    addresses.failed(address)
    if count_failure(user):
        request.session.pop(PENDING, None)
        return Outcome("blocked")
    return Outcome("wrong")


def _enter(request: HttpRequest, user: User, how: str) -> Outcome:
    request.session.pop(PENDING, None)
    forget_failures(user)
    return Outcome("entered", user, sessions.enter(request, user, how))


def _note_failure(address: str, username: str) -> None:
    """Recorded under the account it was tried on. A name nobody has is not written down: it may be a password typed
    into the wrong field."""
    count = addresses.failed(address)
    user = User.objects.filter(username=username).first()
    tell(
        "access.sign-in-failed",
        actor=user.username if user else "unknown",
        subject=f"user:{user.pk}" if user else "",
        data={"address": address, "failures": count},
    )
