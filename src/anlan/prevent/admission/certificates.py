"""Special-operation certificates live in the ledger `certificates` (a pack); here they are read, never kept twice."""

from collections.abc import Iterable
from datetime import date, timedelta

from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.models import Record
from anlan.prevent.admission.rules import Certificate

LEDGER, CODES = "certificates", "special_operation"
RECHECK = timedelta(days=3 * 365 + 1)  # every three years; recalled, see docs/decisions/0120


def certificates(numbers: Iterable[str]) -> dict[str, Certificate]:
    """What the ledger has under these numbers. Whoever decides on an entry must know of an expired certificate
    wherever it is kept, so the ledger's gate does not narrow this; nothing but number, kind and days leaves it."""
    asked = {number for number in numbers if number}
    if not asked:
        return {}
    rows = Record.objects.filter(type=LEDGER, key__in=asked).only("key", "data", "valid_to", "status")
    return {row.key: _certificate(row) for row in rows}


def _certificate(row: Record) -> Certificate:
    since = row.data.get("rechecked_on") or row.data.get("issued_on")
    return Certificate(
        number=row.key,
        kinds=_with_parents(row.data.get("kind", "")),
        until=row.valid_to,
        in_force=row.status == Record.Status.IN_FORCE,
        recheck_by=date.fromisoformat(since) + RECHECK if since else None,
    )


def _with_parents(code: str) -> frozenset[str]:
    values, found = code_lists()[CODES].values, set()
    while code and code not in found:
        found.add(code)
        code = values[code].parent if code in values else ""
    return frozenset(found)
