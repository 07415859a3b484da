"""What of enterprises one carries: their files, by name."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.fieldwork.declare import MOST_ITEMS, Bundle, Page
from anlan.know.enterprises import gates
from anlan.know.enterprises.models import Enterprise


def files(user) -> list[Page]:
    """Enterprises at work first: those of a large region do not all fit into a pocket."""
    seen = gates.seen_by(user).exclude(status=Enterprise.Status.CLOSED)
    keys = list(seen.order_by("level", "name", "pk").values_list("pk", flat=True)[: MOST_ITEMS + 1])
    return [_page(enterprise) for enterprise in Enterprise.objects.filter(pk__in=keys).order_by("level", "name", "pk")]


def _page(enterprise: Enterprise) -> Page:
    lines = [
        (_("统一社会信用代码"), enterprise.code),
        (_("地址"), enterprise.address),
        (_("状态"), enterprise.get_status_display()),
        (_("规模"), enterprise.get_scale_display()),
        (_("从业人数"), enterprise.employees),
        (_("法定代表人"), enterprise.legal_representative),
        (_("安全负责人"), f"{enterprise.safety_officer} {enterprise.safety_phone}".strip()),
        (_("24 小时值班电话"), enterprise.duty_phone),
    ]
    return Page(
        key=str(enterprise.pk),
        title=enterprise.name,
        about=enterprise.address or enterprise.code,
        level=enterprise.level,
        lines=[(title, str(text)) for title, text in lines if text],
        deeds=[("hazards.report", _("在这家企业报隐患"), {"enterprise": enterprise.pk})],
    )


BUNDLES = [
    Bundle(
        name="enterprises.files",
        title=gettext_lazy("企业档案"),
        permission="enterprises.see",
        items=files,
        order=60,
    )
]
