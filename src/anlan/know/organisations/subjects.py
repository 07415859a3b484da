"""Organisations of government and society as those whom obligations bind."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from anlan.desk.subjects.declare import Selector, Subject, Subjects
from anlan.know.organisations.models import Organisation


def select(selector: Selector) -> Iterator[Subject]:
    organisations = Organisation.objects.order_by("pk")
    if selector.kinds:
        organisations = organisations.filter(kind__in=selector.kinds)
    for organisation in organisations.iterator(chunk_size=1000):
        yield Subject(
            key=f"organisation:{organisation.code}",
            region=organisation.region,
            organisation=organisation.code,
            facts={"side": "government", "kind": organisation.kind, "categories": [organisation.kind]},
            title=organisation.name,
            url=f"/organisations/{organisation.pk}/",
        )


SUBJECTS = [Subjects("organisations", _("单位"), select)]
