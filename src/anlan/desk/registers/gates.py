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


def published(kind: RecordType, organisation: str = "") -> QuerySet[Record]:
    """What everybody may read of a ledger its pack publishes, newest first; nothing of any other."""
    if not kind.published:
        return Record.objects.none()
    rows = Record.objects.filter(type=kind.code, status=Record.Status.IN_FORCE).order_by("-pk")
    rows = rows.filter(stage__in=kind.published_stages) if kind.published_stages else rows
    return rows.filter(organisation=organisation) if organisation else rows
