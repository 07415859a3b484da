"""Calendars of the packs as a rule names them: by code. What each one is stands in telemetry/declared.py."""

import hashlib
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan import packs
from anlan.desk.wording import title
from anlan.telemetry.declared import calendars

ALWAYS = ""


def choices() -> list[tuple[str, Any]]:
    """For the field of a rule; a callable, so that a pack may change without a migration."""
    return [(ALWAYS, _("始终")), *((code, title(entry)) for code, entry in packs.section("calendars").items())]


def number_of(code: str) -> int | None:
    """By which the pipeline knows it. Errors: ValueError for one that no pack has."""
    if code == ALWAYS:
        return None
    if code not in calendars():
        raise ValueError(f"no pack has the calendar {code!r}")
    return calendars()[code].id


def digest() -> str:
    """Another one when any calendar becomes another."""
    return hashlib.sha256(repr(sorted(calendars().items())).encode()).hexdigest()[:16]
