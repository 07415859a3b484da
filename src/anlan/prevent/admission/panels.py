from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.audit.history import history
from anlan.desk.panels.declare import Attribute, Panel
from anlan.prevent.admission import actions, gates
from anlan.prevent.admission.models import Contractor


def said(reasons: list[dict]) -> list[dict]:
    """Reasons as they were kept, in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return [
        {
            "about": reason["about"],
            "words": reason["words"][language],
            "clause": reason["clause"]["said"][language] if reason["clause"] else "",
            "recalled": bool(reason["clause"]) and reason["clause"]["status"] != "verified",
        }
        for reason in reasons
    ]


def _reasons(user, entry) -> dict | None:
    return {"reasons": said(entry.reasons), "words": entry.words} if entry.reasons or entry.words else None


def _papers(user, contractor) -> dict:
    """What would speak against each person today, and what one may do from here."""
    today = timezone.localdate()
    staff = list(gates.staff_seen_by(user).filter(contractor=contractor).order_by("name")[:200])
    asking = actions.Asking(contractor=contractor, staff=staff, work="", starts_on=today, ends_on=today)
    return {
        "contractor": contractor,
        "reasons": said([reason.as_dict() for reason in actions.reasons_against(asking)]) if staff else [],
        "staff": len(staff),
        "may_change": may_row(user, "admission.change", contractor),
        "may_ask": may_row(user, "admission.ask", contractor),
        "may_record": may_row(user, "admission.violation", contractor),
    }


def _history(subject: str, model):
    return lambda user, row: {"steps": history(f"{subject}:{row.pk}", model)}


PANELS = [
    Panel(
        name="head",
        on="contractors",
        title=_("基本情况"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("organisation", _("为谁作业"), kind="organisation"),
            Attribute("code", _("统一社会信用代码"), kind="code"),
            Attribute("scope", _("承包范围")),
            Attribute("qualification", _("资质证书")),
            Attribute("qualification_until", _("资质有效期至"), kind="date"),
            Attribute("licence", _("安全生产许可证"), kind="code"),
            Attribute("licence_until", _("许可证有效期至"), kind="date"),
            Attribute("agreement_until", _("安全生产管理协议有效期至"), kind="date"),
            Attribute("contact", _("联系人")),
            Attribute("phone", _("联系电话"), kind="code"),
            Attribute("points", _("违章记分（12个月）"), kind="number"),
            Attribute("barred", _("禁入原因")),
        ],
    ),
    Panel(
        name="papers",
        on="contractors",
        title=_("现在能否入厂"),
        order=5,
        permission=gates.SEE,
        template="admission/papers.html",
        context=_papers,
        live=("admission",),
    ),
    Panel(
        name="staff",
        on="contractors",
        title=_("人员"),
        order=20,
        permission=gates.SEE,
        rows=lambda user, row: ("contract-staff", gates.staff_seen_by(user).filter(contractor=row).order_by("name")),
        limit=30,
        empty=_("没有登记人员。"),
    ),
    Panel(
        name="entries",
        on="contractors",
        title=_("入厂许可"),
        order=30,
        permission=gates.SEE,
        rows=lambda user, row: (
            "entry-permits",
            gates.entries_seen_by(user).filter(contractor=row).order_by("-asked_at"),
        ),
        empty=_("还没有申请入厂。"),
        live=("admission",),
    ),
    Panel(
        name="violations",
        on="contractors",
        title=_("违章"),
        order=40,
        permission=gates.SEE,
        rows=lambda user, row: (
            "contractor-violations",
            gates.violations_seen_by(user).filter(contractor=row).order_by("-on"),
        ),
        empty=_("没有登记违章。"),
    ),
    Panel(
        name="history",
        on="contractors",
        title=_("变更记录"),
        order=90,
        permission=gates.SEE,
        side="aside",
        template="audit/history.html",
        context=_history("contractor", Contractor),
    ),
    Panel(
        name="head",
        on="contract-staff",
        title=_("基本情况"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("contractor", _("承包商")),
            Attribute("job", _("工种")),
            Attribute("phone", _("手机"), kind="code"),
            Attribute("certificate", _("特种作业证编号"), kind="code"),
            Attribute("trained_on", _("入厂安全教育日期"), kind="date"),
            Attribute("trained_until", _("教育有效期至"), kind="date"),
            Attribute("insured_until", _("工伤或安责险有效期至"), kind="date"),
            Attribute("barred", _("禁入原因")),
        ],
    ),
    Panel(
        name="reasons",
        on="entry-permits",
        title=_("不准入的原因"),
        order=5,
        permission=gates.SEE,
        template="admission/reasons.html",
        context=_reasons,
    ),
    Panel(
        name="head",
        on="entry-permits",
        title=_("入厂许可"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("state", _("状态"), kind="choice"),
            Attribute("contractor", _("承包商")),
            Attribute("organisation", _("企业"), kind="organisation"),
            Attribute("work", _("作业内容")),
            Attribute("starts_on", _("起"), kind="date"),
            Attribute("ends_on", _("止"), kind="date"),
            Attribute("asked_by", _("申请人"), kind="user"),
            Attribute("asked_at", _("申请时间"), kind="time"),
            Attribute("decided_by", _("审核人"), kind="user"),
            Attribute("decided_at", _("审核时间"), kind="time"),
        ],
    ),
    Panel(
        name="staff",
        on="entry-permits",
        title=_("人员"),
        order=20,
        permission=gates.SEE,
        rows=lambda user, row: ("contract-staff", gates.staff_seen_by(user).filter(entries=row).order_by("name")),
        limit=50,
        empty=_("没有列出人员。"),
    ),
    Panel(
        name="head",
        on="contractor-violations",
        title=_("违章"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("contractor", _("承包商")),
            Attribute("staff", _("人员")),
            Attribute("on", _("日期"), kind="date"),
            Attribute("points", _("记分"), kind="number"),
            Attribute("recorded_by", _("登记人"), kind="user"),
        ],
    ),
    Panel(
        name="contractors",
        on="enterprises",
        title=_("承包商"),
        order=45,
        permission=gates.SEE,
        rows=lambda user, row: ("contractors", gates.seen_by(user).filter(organisation=row.code).order_by("name")),
        empty=_("没有登记承包商。"),
    ),
]
