"""The doors to what came from phones."""

from uuid import UUID

from django.db.models import QuerySet

from anlan.desk.access.models import User
from anlan.desk.access.standing import narrow
from anlan.desk.fieldwork.models import Handset, Sending, Upload

LETTERS = "fieldwork.letters"


def letters(user: User) -> QuerySet[Sending]:
    """What came from the phones of this officer's region or enterprise."""
    return narrow(user, LETTERS, Sending.objects.all())


def sent_by(user: User) -> QuerySet[Sending]:
    return Sending.objects.filter(user=user)


def uploads_of(user: User) -> QuerySet[Upload]:
    return Upload.objects.filter(user=user)


def handsets_of(user: User) -> QuerySet[Handset]:
    return Handset.objects.filter(user=user)


def must_forget(device: UUID) -> bool:
    """Whether a phone that is not signed in must forget: it was revoked, or its person's account was closed. A phone
    shared by several forgets as soon as this holds for the one who used it last."""
    last = Handset.objects.filter(device=device).select_related("user").order_by("-seen_at").first()
    return last is not None and (last.revoked_at is not None or not last.user.is_active)
