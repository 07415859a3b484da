"""Records can be bound by rules: a certificate is re-checked, a lift inspected. Room "records", chosen by `type`."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from anlan.desk.registers.declare import RecordType, record_types
from anlan.desk.registers.models import Record
from anlan.desk.subjects.declare import Selector, Subject, Subjects


def facts_of(record: Record, kind: RecordType) -> dict:
    """The fields by name, days as days, and the validity."""
    days = {field.name for field in kind.fields if field.type == "date"}
    facts = {name: date.fromisoformat(value) if name in days else value for name, value in record.data.items()}
    return facts | {"stage": record.stage, "valid_from": record.valid_from, "valid_to": record.valid_to}


def select(selector: Selector) -> Iterator[Subject]:
    kind = record_types().get(selector.type)
    if kind is None:
        return
    held = Record.objects.filter(type=kind.code, status=Record.Status.IN_FORCE).order_by("pk")
    for record in held.only("region", "organisation", "data", "title", "stage", "valid_from", "valid_to").iterator(
        2000
    ):
        yield Subject(
            f"record:{record.pk}",
            record.region,
            record.organisation,
            facts_of(record, kind),
            record.title,
            f"/{kind.list_name}/{record.pk}/",
        )


SUBJECTS = [Subjects("records", _("台账记录"), select)]
