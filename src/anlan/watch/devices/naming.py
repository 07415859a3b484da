"""The pickers of where a device is put: facilities and gateways. The administrator of devices finds all that his posts
reach."""

from django.db.models import Q, QuerySet

from anlan.desk.lists.declare import Names
from anlan.know.facilities import gates
from anlan.know.facilities.models import Facility
from anlan.watch.devices.gates import gateways_for
from anlan.watch.devices.models import Device

OFFERED = 20


def facility_titles(codes: set[str]) -> dict[str, str]:
    return _titles(Facility.objects, codes)


def gateway_titles(codes: set[str]) -> dict[str, str]:
    return _titles(Device.objects, codes)


def _titles(rows, codes: set[str]) -> dict[str, str]:
    keys = [int(code) for code in codes if code.isdecimal()]
    return {str(pk): name for pk, name in rows.filter(pk__in=keys).values_list("pk", "name")}


def find_facility(user, words: str) -> list[tuple[str, str]]:
    return _found(gates.seen_by(user, "devices.admit"), words)


def find_gateway(user, words: str) -> list[tuple[str, str]]:
    return _found(gateways_for(user), words)


def _found(rows: QuerySet, words: str) -> list[tuple[str, str]]:
    words = words.strip()
    if not words:
        return []
    condition = Q(name__contains=words)
    if words.isascii():
        condition |= Q(code__startswith=words) | Q(initials__startswith=words.lower())
    found = rows.filter(condition).order_by("name")
    return [(str(pk), f"{name} {code}") for pk, name, code in found.values_list("pk", "name", "code")[:OFFERED]]


NAMES = [
    Names("facility", titles=facility_titles, find=find_facility),
    Names("gateway", titles=gateway_titles, find=find_gateway),
]
