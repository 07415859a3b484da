"""The floor plans of an enterprise stand on the boards of its facilities, for whoever may see them."""

from django.urls import reverse

from anlan.know.facilities.models import Facility
from anlan.prevent.risks import gates
from anlan.watch.boards.pictures import SOURCES, Picture

MOST = 3


def plans(user, facility: Facility) -> list[Picture]:
    if not facility.enterprise_id:
        return []
    rows = gates.plans_seen_by(user).filter(enterprise=facility.enterprise_id).select_related("image").order_by("pk")
    return [
        Picture(
            title=plan.title,
            url=reverse("risks.plan", args=[plan.pk]),
            image=reverse("documents.preview", args=[plan.image_id]) if plan.image_id else "",
        )
        for plan in rows[:MOST]
    ]


if plans not in SOURCES:
    SOURCES.append(plans)
