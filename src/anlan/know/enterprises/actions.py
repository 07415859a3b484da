"""The verbs of an enterprise's file: add, change, grade, stop and close."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.access.standing import may, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.history import difference
from anlan.desk.layers.initials import initials
from anlan.desk.notices.live import announce
from anlan.know.enterprises.categories import all_categories, titles_of
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.enterprises.rules import INTERNAL, code_of, credit_fault, industry_code
from anlan.know.organisations.models import Organisation

KEPT = [
    "code",
    "name",
    "short_name",
    "region",
    "status",
    "industry",
    "scale",
    "level",
    "employees",
    "output",
    "legal_representative",
    "phone",
    "safety_officer",
    "safety_phone",
    "duty_phone",
    "address",
    "founded_on",
    "lon",
    "lat",
]
OWN = [
    "phone",
    "safety_officer",
    "safety_phone",
    "duty_phone",
    "employees",
    "output",
    "legal_representative",
    "address",
]
"""What an enterprise says of itself. Name, codes, categories, grade, region and status are for the supervising side."""


@transaction.atomic
def save_enterprise(
    user,
    enterprise: Enterprise,
    categories: Iterable[str] | None = None,
    supervisors: Iterable[Organisation] | None = None,
) -> Enterprise:
    """Opens or changes the file. `enterprise.version` is the version that was read: who read an older one is told.

    None for categories or supervisors leaves them as they are.
    """
    before = Enterprise.objects.select_for_update().filter(pk=enterprise.pk).first() if enterprise.pk else None
    _check_standing(user, before, enterprise, categories is not None or supervisors is not None)
    _check_codes(before, enterprise)
    enterprise.initials = initials(enterprise.name)
    enterprise.full_clean()
    enterprise.version = (before.version if before else 0) + 1
    enterprise.save()
    changes = difference(before, enterprise, KEPT)
    if categories is not None:
        changes |= _regulate(enterprise, set(categories))
    if supervisors is not None:
        changes |= _supervise(enterprise, list(supervisors))
    append(act_of(before, enterprise, changes))
    announce("enterprises", [enterprise.pk], enterprise.region, enterprise.organisation)
    return enterprise


def _check_standing(user, before: Enterprise | None, after: Enterprise, wider: bool) -> None:
    after.organisation = after.code
    if before is None:
        require(user, "enterprises.add", after)
        return
    require(user, "enterprises.change", before)
    require(user, "enterprises.change", after)
    if after.version != before.version:
        theirs = "、".join(
            str(Enterprise._meta.get_field(name).verbose_name) for name in difference(before, after, KEPT)
        )
        raise ValidationError(
            _("您打开之后，别人已修改了这份档案。与现有内容不同的是：%(fields)s。请重新打开再修改。")
            % {"fields": theirs or _("无")}
        )
    if not may(user, "enterprises.change", region=before.region, organisation=""):
        beyond = set(difference(before, after, KEPT)) - set(OWN)
        if beyond or wider:
            titles = "、".join(str(Enterprise._meta.get_field(name).verbose_name) for name in sorted(beyond))
            raise ValidationError(
                _("企业自己不能修改：%(fields)s。请联系属地监管部门。") % {"fields": titles or _("监管类别")}
            )


def _check_codes(before: Enterprise | None, enterprise: Enterprise) -> None:
    if before is not None and before.code != enterprise.code:
        raise ValidationError({"code": _("统一社会信用代码不能修改：其他记录按它归属。")})
    if before is None:
        enterprise.code = enterprise.organisation = checked_code(enterprise.code)
    try:
        enterprise.industry = industry_code(enterprise.industry)
    except ValueError:
        raise ValidationError(
            {
                "industry": _("“%(code)s”不是 GB/T 4754-2017 的代码，例如 C2614、2614 或 C26。")
                % {"code": enterprise.industry}
            }
        ) from None


def checked_code(text: str) -> str:
    """A credit code whose check character is right, or an internal code of another length."""
    code = code_of(text)
    fault = credit_fault(code)
    if fault == "letters":
        raise ValidationError({"code": _("统一社会信用代码由数字和大写字母组成，不含 I、O、S、V、Z。")})
    if len(fault) == 1:
        raise ValidationError({"code": _("统一社会信用代码的校验位应为 %(right)s，请核对。") % {"right": fault}})
    if fault == "length" and not INTERNAL.fullmatch(code):
        raise ValidationError(
            {"code": _("应为 18 位统一社会信用代码，或 3 至 32 位内部代码（大写字母、数字、- 和 _）。")}
        )
    return code


def _regulate(enterprise: Enterprise, wanted: set[str]) -> dict:
    unknown = wanted - set(all_categories())
    if unknown:
        raise ValidationError({"categories": _("没有监管类别 %(codes)s。") % {"codes": "、".join(sorted(unknown))}})
    had = set(enterprise.categories.values_list("code", flat=True))
    enterprise.categories.filter(code__in=had - wanted).delete()
    RegulatedAs.objects.bulk_create(RegulatedAs(enterprise=enterprise, code=code) for code in sorted(wanted - had))
    return {"categories": [titles_of(had), titles_of(wanted)]} if had != wanted else {}


def _supervise(enterprise: Enterprise, wanted: list[Organisation]) -> dict:
    had = sorted(enterprise.supervisors.values_list("name", flat=True))
    enterprise.supervisors.set(wanted)
    now = sorted(organisation.name for organisation in wanted)
    return {"supervisors": [had, now]} if had != now else {}


def act_of(before: Enterprise | None, enterprise: Enterprise, changes: dict) -> Act:
    words = _("变更企业档案“%(name)s”") if before else _("建立企业档案“%(name)s”")
    return Act(
        action="enterprises.change" if before else "enterprises.add",
        subject=f"enterprise:{enterprise.pk}",
        region=enterprise.region,
        organisation=enterprise.organisation,
        words=words % {"name": enterprise.name},
        data={"changes": changes},
    )
