"""The only doors to records."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.desk.registers.declare import RecordType, record_types
from anlan.desk.registers.models import Record


def of_type(user, kind: RecordType) -> QuerySet[Record]:
    """The ledger as this person may read it."""
    return narrow(user, kind.see, Record.objects.filter(type=kind.code))


def seen_by(user) -> QuerySet[Record]:
    """Records of all ledgers this person may read."""
    rooms: dict[str, list[str]] = {}
    for kind in record_types().values():
        rooms.setdefault(kind.see, []).append(kind.code)
    found = Record.objects.none()
    for permission, codes in rooms.items():
        found |= narrow(user, permission, Record.objects.filter(type__in=codes))
    return found
