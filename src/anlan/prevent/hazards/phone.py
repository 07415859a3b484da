"""Dangers on the phone: report one, read the open ones, say that one is rectified, check that it is."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import may, may_row, posts_for
from anlan.desk.cases.actions import take
from anlan.desk.fieldwork.declare import Applied, Bundle, Choice, Form, Page, Question, Submission
from anlan.desk.fieldwork.reading import place_of
from anlan.desk.registers.codes import code_lists
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.hazards import gates
from anlan.prevent.hazards.actions import register
from anlan.prevent.hazards.models import FoundBy, Hazard

CARRIED = 300
REGISTER, RECTIFY, VERIFY = "hazards.register", "hazards.rectify", "hazards.verify"


# --- reporting --------------------------------------------------------------------------------------------------------
def report_form(user) -> Form:
    """Picture first, then one sentence; where it is comes from the phone, whose it is from the person's own post."""
    kinds = [Choice(code.code, code.title) for code in code_lists()["hazard_kinds"].in_force(timezone.localdate())]
    questions = [
        Question(name="photos", title=_("照片"), kind="photos", help=_("拍一张远景、一张近景，可用手指标出隐患。")),
        Question(name="title", title=_("发现了什么隐患"), kind="text", required=True),
        Question(name="place", title=_("在哪个部位"), kind="text"),
        Question(name="where", title=_("位置"), kind="place"),
        Question(name="words", title=_("补充说明"), kind="long"),
        Question(name="voice", title=_("语音说明"), kind="voice"),
        Question(name="kind", title=_("类别"), kind="choice", choices=kinds),
    ]
    if _own_enterprise(user) is None:
        pick = Question(name="enterprise", title=_("哪家企业"), kind="pick", bundle="enterprises.files", required=True)
        questions.insert(2, pick)
    return Form(key="hazards.report", title=_("报隐患"), questions=questions)


def report(user, payload: dict, files: dict) -> Applied:
    answers = payload["answers"]
    place = place_of(answers.get("where")) or payload["place"] or {}
    side = {all_roles()[post.role].side for post in posts_for(user, REGISTER)}
    hazard = register(
        user,
        enterprise=_enterprise(user, payload),
        found_by=FoundBy.SELF if side == {"enterprise"} else FoundBy.INSPECTION,
        title=_text(answers, "title", 200),
        words=_text(answers, "words", 5000),
        place=_text(answers, "place", 120),
        kind=_text(answers, "kind", 32) or "other",
        lon=place.get("lon"),
        lat=place.get("lat"),
        photos=list(files.values()),
        key=f"phone:{payload['key']}",
        found_at=payload["made_at"],
    )
    return Applied(
        f"hazard:{hazard.pk}", _("已登记，编号 %(number)s。") % {"number": hazard.number}, f"/cases/{hazard.pk}/"
    )


# --- the open ones ----------------------------------------------------------------------------------------------------
def open_ones(user) -> list[Page]:
    keys = gates.seen_by(user).filter(is_open=True).order_by("-found_at", "-case").values_list("pk", flat=True)
    carried = Hazard.objects.filter(pk__in=list(keys[: CARRIED + 1])).select_related("case", "enterprise")
    carried = carried.prefetch_related("case__steps__documents").order_by("-found_at", "-pk")
    rights = {permission: may(user, permission) for permission in (RECTIFY, VERIFY)}
    return [_page(user, hazard, rights) for hazard in carried]


def _page(user, hazard: Hazard, rights: dict[str, bool]) -> Page:
    before = [
        document.pk for step in hazard.case.steps.all() for document in step.documents.all() if _picture(document)
    ]
    fixed = {"hazard": hazard.pk} | ({"before": before[:4]} if before else {})
    deeds = []
    if hazard.state == "rectifying" and rights[RECTIFY] and may_row(user, RECTIFY, hazard):
        deeds.append(("hazards.rectified", _("整改完成，拍照报验"), fixed))
    if hazard.state == "verifying" and rights[VERIFY] and may_row(user, VERIFY, hazard):
        deeds.append(("hazards.verified", _("复查"), fixed))
    found = date_format(timezone.localtime(hazard.found_at), "Y-m-d H:i")
    lines = [
        (_("企业"), hazard.enterprise.name),
        (_("部位"), hazard.place),
        (_("状态"), hazard.case.state_title),
        (_("发现时间"), found),
        (_("整改措施"), hazard.measure),
        (_("整改责任人"), hazard.responsible),
        (_("整改期限"), hazard.deadline and date_format(hazard.deadline, "Y-m-d")),
        (_("临时措施"), hazard.temporary),
    ]
    return Page(
        key=str(hazard.pk),
        title=hazard.title,
        about=f"{hazard.enterprise} · {found}",
        level=hazard.level,
        lines=[(title, str(text)) for title, text in lines if text],
        text=hazard.words,
        deeds=deeds,
    )


# --- rectified, verified ----------------------------------------------------------------------------------------------
def rectified_form(user) -> Form:
    return Form(
        key="hazards.rectified",
        title=_("整改完成"),
        questions=[
            Question(
                name="photos", title=_("整改后照片"), kind="photos", required=True, help=_("与整改前同一角度拍摄。")
            ),
            Question(name="words", title=_("怎样整改的"), kind="long", required=True),
            Question(name="signature", title=_("整改人签名"), kind="signature"),
        ],
    )


def rectified(user, payload: dict, files: dict) -> Applied:
    hazard = _hazard(user, payload)
    take(hazard.case, "rectify", user, words=_text(payload["answers"], "words", 2000), documents=list(files.values()))
    return _told(hazard, _("已报整改完成，等待他人复查。"))


def verified_form(user) -> Form:
    back = [Question(name="why", title=_("哪里不合格"), kind="long", required=True)]
    return Form(
        key="hazards.verified",
        title=_("复查"),
        questions=[
            Question(name="verdict", title=_("整改是否合格"), kind="verdict", required=True, detail=back),
            Question(name="photos", title=_("复查照片"), kind="photos"),
            Question(name="words", title=_("复查意见"), kind="long"),
            Question(name="signature", title=_("复查人签名"), kind="signature"),
        ],
    )


def verified(user, payload: dict, files: dict) -> Applied:
    hazard, answers = _hazard(user, payload), payload["answers"]
    why = _text(payload["details"].get("verdict", {}), "why", 2000)
    action = {"ok": "verify", "not": "reject"}.get(answers.get("verdict"))
    if action is None:
        raise ValidationError(_("请选择整改是否合格。"))
    words = "\n".join(filter(None, [why, _text(answers, "words", 2000)])) or _("现场复查合格。")
    take(hazard.case, action, user, words=words, documents=list(files.values()))
    return _told(hazard, _("复查结果已记录。"))


def _told(hazard: Hazard, words: str) -> Applied:
    return Applied(f"hazard:{hazard.pk}", words, f"/cases/{hazard.pk}/")


def _hazard(user, payload: dict) -> Hazard:
    pk = payload["fixed"].get("hazard")
    found = gates.seen_by(user).select_related("case").filter(pk=pk).first() if isinstance(pk, int) else None
    if found is None:
        raise ValidationError(_("没有这条隐患，或您已无权查看。"))
    return found


def _enterprise(user, payload: dict) -> Enterprise:
    """The one the report began from, else the one picked or named, else the reporter's own."""
    allowed = gates.enterprises_for(user, REGISTER)
    picked = payload["answers"].get("enterprise")
    key = payload["fixed"].get("enterprise") or (picked.get("key") if isinstance(picked, dict) else None)
    if isinstance(key, int) or (isinstance(key, str) and key.isdecimal()):
        found = allowed.filter(pk=int(key)).first()
    elif isinstance(picked, dict) and picked.get("text"):
        found = allowed.filter(name=str(picked["text"]).strip()).first()
    else:
        found = _own_enterprise(user)
    if found is None:
        raise ValidationError(_("没有找到这家企业，或不在您的职责范围内。请选择企业后重新发送。"))
    return found


def _own_enterprise(user) -> Enterprise | None:
    """The enterprise of the person's post, if there is exactly one."""
    codes = {post.organisation for post in posts_for(user, REGISTER) if all_roles()[post.role].side == "enterprise"}
    return Enterprise.objects.filter(code__in=codes).first() if len(codes) == 1 else None


def _text(answers: object, name: str, longest: int) -> str:
    value = answers.get(name) if isinstance(answers, dict) else None
    return value.strip()[:longest] if isinstance(value, str) else ""


def _picture(document) -> bool:
    return document.media_type.startswith("image/")


BUNDLES = [
    Bundle(name="hazards.open", title=gettext_lazy("未销号隐患"), permission="hazards.see", items=open_ones, order=40),
]
SUBMISSIONS = [
    Submission(
        name="hazards.report",
        title=gettext_lazy("报隐患"),
        permission=REGISTER,
        apply=report,
        form=report_form,
        order=10,
    ),
    Submission(
        name="hazards.rectified",
        title=gettext_lazy("整改完成"),
        permission=RECTIFY,
        apply=rectified,
        form=rectified_form,
        on_home=False,
        order=900,
    ),
    Submission(
        name="hazards.verified",
        title=gettext_lazy("隐患复查"),
        permission=VERIFY,
        apply=verified,
        form=verified_form,
        on_home=False,
        order=910,
    ),
]
