"""Keeps the side table of key fields, and filters by it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from anlan.desk.registers.declare import Field, RecordType
from anlan.desk.registers.models import Record, RecordKey


def rows_of(record: Record, kind: RecordType) -> list[RecordKey]:
    """The key rows a record should have; a choice of several values gives one row each."""
    rows = []
    for field in kind.key_fields:
        value = record.data.get(field.name)
        if value is None:
            continue
        for item in value if isinstance(value, list) else [value]:
            rows.append(RecordKey(record=record, type=record.type, field=field.name, **column(field, item)))
    return rows


def column(field: Field, value: Any) -> dict[str, Any]:
    match field.type:
        case "number":
            return {"number": float(value)}
        case "date":
            return {"day": date.fromisoformat(value)}
        case "boolean":
            return {"text": "1" if value else "0"}
    return {"text": str(value)[:200]}


def renew(records: Iterable[Record], kind: RecordType) -> None:
    """Writes the key rows of these records anew."""
    records = list(records)
    RecordKey.objects.filter(record__in=records).delete()
    RecordKey.objects.bulk_create([row for record in records for row in rows_of(record, kind)], batch_size=1000)


def having(queryset: QuerySet[Record], kind: RecordType, field: str, values: Sequence[str]) -> QuerySet[Record]:
    """Records whose text key is one of these."""
    found = RecordKey.objects.filter(type=kind.code, field=field, text__in=list(values))
    return queryset.filter(pk__in=found.values("record"))


def starting(queryset: QuerySet[Record], kind: RecordType, field: str, start: str) -> QuerySet[Record]:
    found = RecordKey.objects.filter(type=kind.code, field=field, text__startswith=start)
    return queryset.filter(pk__in=found.values("record"))


def between(
    queryset: QuerySet[Record], kind: RecordType, field: str, first: date | None, last: date | None
) -> QuerySet[Record]:
    """Records whose day lies from the first to the last, both counted."""
    found = RecordKey.objects.filter(type=kind.code, field=field, day__isnull=False)
    if first:
        found = found.filter(day__gte=first)
    if last:
        found = found.filter(day__lte=last)
    return queryset.filter(pk__in=found.values("record"))
