"""The picker of facilities where a device is put. The administrator of devices finds all that his posts reach."""

from django.db.models import Q

from anlan.desk.lists.declare import Names
from anlan.know.facilities import gates
from anlan.know.facilities.models import Facility

OFFERED = 20


def titles(codes: set[str]) -> dict[str, str]:
    keys = [int(code) for code in codes if code.isdecimal()]
    return {str(pk): name for pk, name in Facility.objects.filter(pk__in=keys).values_list("pk", "name")}


def find(user, words: str) -> list[tuple[str, str]]:
    words = words.strip()
    if not words:
        return []
    condition = Q(name__contains=words)
    if words.isascii():
        condition |= Q(code__startswith=words) | Q(initials__startswith=words.lower())
    found = gates.seen_by(user, "devices.admit").filter(condition).order_by("name")
    return [(str(pk), f"{name} {code}") for pk, name, code in found.values_list("pk", "name", "code")[:OFFERED]]


NAMES = [Names("facility", titles=titles, find=find)]
