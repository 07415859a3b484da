"""Rows of the database as lines of JSON: one array a row, in the order of the table's columns."""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.duration import duration_string

from anlan.site.backup.contents import LEFT_OUT

BATCH = 2_000


def tables(apps) -> list[type[models.Model]]:
    """All tables of these apps, those between many and many included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy and label(model) not in LEFT_OUT]


def label(model: type[models.Model]) -> str:
    return model._meta.label_lower


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one instant, while others go on writing."""
    if connection.vendor == "sqlite":
        # Not atomic(): that would take the right to write (settings, IMMEDIATE) and make everybody wait.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def write(model: type[models.Model], path: Path) -> int:
    """Writes all rows of a table; how many."""
    names = [field.attname for field in _fields(model)]
    count = 0
    with gzip.open(path, "wt", compresslevel=4, encoding="utf-8") as lines:
        lines.write(json.dumps(names) + "\n")
        rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=BATCH)
        for row in rows:
            count += 1
            lines.write(json.dumps([plain(value) for value in row], ensure_ascii=False, separators=(",", ":")) + "\n")
    return count


def read(model: type[models.Model], path: Path) -> int:
    """Puts the rows of such a file into the empty table; how many. Needs a transaction around it."""
    by_name = {field.attname: field for field in _fields(model)}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        fields = [by_name[name] for name in json.loads(next(lines))]
        return _insert(model, fields, (json.loads(line) for line in lines))


def empty(found: Iterable[type[models.Model]]) -> None:
    """Removes what migrations put into the tables: the backup holds it already."""
    with connection.cursor() as cursor:
        for model in found:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def reset_numbers(found: Iterable[type[models.Model]]) -> None:
    """New rows get numbers after those put in."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(found)):
            cursor.execute(statement)


def plain(value: Any) -> Any:
    """A value as JSON can hold it; `given` takes it back with the field's help."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return duration_string(value)
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
    return value


def given(field: models.Field, value: Any) -> Any:
    """The value as the database driver wants it."""
    if isinstance(field, models.JSONField):
        if value is None and field.null:
            return None
        return connection.ops.adapt_json_value(value, field.encoder)
    return field.get_db_prep_save(field.to_python(value), connection)


def _fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def _insert(model: type[models.Model], fields: list[models.Field], rows: Iterable[list]) -> int:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"
    count, batch = 0, []
    with connection.cursor() as cursor:
        for row in rows:
            batch.append([given(field, value) for field, value in zip(fields, row, strict=True)])
            count += 1
            if len(batch) == BATCH:
                cursor.executemany(statement, batch)
                batch = []
        if batch:
            cursor.executemany(statement, batch)
    return count
