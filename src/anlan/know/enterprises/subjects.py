"""Enterprises as those whom obligations bind."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from anlan.desk.subjects.declare import Selector, Subject, Subjects
from anlan.know.enterprises.models import Enterprise, RegulatedAs


def select(selector: Selector) -> Iterator[Subject]:
    """Enterprises that operate; narrowed by category through its index."""
    enterprises = Enterprise.objects.filter(status=Enterprise.Status.OPERATING).order_by("pk")
    if selector.organisations:
        enterprises = enterprises.filter(code__in=selector.organisations)
    if selector.categories:
        chosen = RegulatedAs.objects.filter(code__in=selector.categories)
        enterprises = enterprises.filter(pk__in=chosen.values("enterprise"))
    for enterprise in enterprises.prefetch_related("categories").iterator(chunk_size=1000):
        yield subject_of(enterprise)


def subject_of(enterprise: Enterprise) -> Subject:
    """One enterprise as a subject, without looking for it among all."""
    return Subject(
        key=f"enterprise:{enterprise.code}",
        region=enterprise.region,
        organisation=enterprise.code,
        facts=_facts(enterprise),
        title=enterprise.name,
        url=f"/enterprises/{enterprise.pk}/",
    )


def _facts(enterprise: Enterprise) -> dict:
    return {
        "side": "enterprise",
        "categories": [category.code for category in enterprise.categories.all()],
        "kind": enterprise.scale,
        "since": enterprise.founded_on,
        "industry": enterprise.industry,
        "scale": enterprise.scale,
        "level": enterprise.level,
        "employees": enterprise.employees,
    }


SUBJECTS = [Subjects("enterprises", _("企业"), select)]
