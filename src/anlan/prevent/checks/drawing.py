"""Random checks: enterprises and inspectors are drawn, and what was drawn can be drawn again by anybody."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.access.regions import within
from anlan.desk.access.standing import Refused, holders, may, reach
from anlan.desk.audit.chain import Act, append
from anlan.desk.notices.actions import tell
from anlan.desk.notices.live import announce
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.checks import rules, sheets
from anlan.prevent.checks.checklists import checklists
from anlan.prevent.checks.models import Draw, Kind, Level, Task
from anlan.prevent.checks.rules import LEVEL_PERMISSIONS
from anlan.prevent.checks.tallying import count_many

MOST = 500  # enterprises of one draw


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be drawn from: enterprises at work of the region (and category), inspectors who may check there."""

    checklist: str
    region: str
    count: int
    due_on: date
    category: str = ""
    title: str = ""


def field_of(by, wanted: Wanted) -> list[str]:
    """Codes of the enterprises in the draw: those the drawer reaches, in order."""
    condition = reach(by, "checks.draw")
    rows = Enterprise.objects.filter(within(wanted.region), status=Enterprise.Status.OPERATING)
    rows = rows.none() if condition is None else rows.filter(condition)
    if wanted.category:
        rows = rows.filter(categories__code=wanted.category)
    return list(rows.order_by("code").values_list("code", flat=True).distinct())


def inspectors_of(region: str) -> list[User]:
    """Those who may check in the region."""
    return list(holders(LEVEL_PERMISSIONS["government"], region=region).order_by("username"))


@transaction.atomic
def draw(by, wanted: Wanted, seed: str = "") -> Draw:
    """Draws, makes the checks and tells the inspectors. The seed is random unless given (to draw again)."""
    if not may(by, "checks.draw", region=wanted.region, organisation=""):
        raise Refused(_("您的岗位不能在此辖区抽取检查对象。"))
    field, inspectors = field_of(by, wanted), inspectors_of(wanted.region)
    _check(wanted, field, inspectors)
    seed = seed or secrets.token_hex(16)
    chosen = rules.drawn(field, seed, wanted.count)
    pairs = rules.matched(chosen, [user.username for user in inspectors], seed)
    now = timezone.now()
    made = Draw.objects.create(
        number=_number(now),
        title=(wanted.title or checklists()[wanted.checklist].title_zh)[:120],
        checklist=wanted.checklist,
        category=wanted.category,
        region=wanted.region,
        seed=seed,
        field={"enterprises": field, "inspectors": [user.username for user in inspectors]},
        drawn=[[code, list(people)] for code, people in pairs],
        by=by,
        at=now,
        due_at=rules.midnight_after(wanted.due_on, timezone.get_default_timezone()),
    )
    _make(made, pairs, {user.username: user for user in inspectors})
    words = _("抽取 %(count)d 家企业，范围 %(field)d 家") % {"count": len(pairs), "field": len(field)}
    append(
        Act(
            action="checks.draw",
            subject=f"check-draw:{made.pk}",
            region=wanted.region,
            words=words,
            data={"seed": seed, "drawn": made.drawn, "field": len(field), "checklist": wanted.checklist},
        )
    )
    return made


def _check(wanted: Wanted, field: Sequence[str], inspectors: Sequence[User]) -> None:
    faults = {}
    if wanted.checklist not in checklists():
        faults["checklist"] = _("没有检查表“%(code)s”，请从列表中选择。") % {"code": wanted.checklist}
    if not 1 <= wanted.count <= MOST:
        faults["count"] = _("一次抽取 1 至 %(most)d 家。") % {"most": MOST}
    elif not field:
        faults["region"] = _("此范围内没有正常生产经营的企业。")
    if not inspectors:
        faults["region"] = _("此辖区没有可以检查的执法人员，请先由安全管理员授予岗位。")
    if wanted.due_on < timezone.localdate():
        faults["due_on"] = _("期限不能早于今天。")
    if faults:
        raise ValidationError(faults)


def _make(made: Draw, pairs: list[tuple], people: dict[str, User]) -> None:
    """One check an enterprise, given to the first inspector drawn; the second stands beside him in the words."""
    enterprises = {one.code: one for one in Enterprise.objects.filter(code__in=[code for code, _people in pairs])}
    sheet = sheets.of_checklist(made.checklist, timezone.localdate())
    tasks = [
        Task(
            draw=made,
            enterprise=enterprises[code],
            region=enterprises[code].region,
            organisation=code,
            sheet=sheet,
            title=f"{made.title}：{enterprises[code]}"[:120],
            kind=Kind.RANDOM,
            level=Level.GOVERNMENT,
            assignee=people[chosen[0]],
            period=timezone.localdate(),
            due_at=made.due_at,
            total=sheet.count,
            words=_("检查组：%(people)s") % {"people": _("、").join(str(people[name]) for name in chosen)},
            synthetic=enterprises[code].synthetic,
        )
        for code, chosen in pairs
    ]
    Task.objects.bulk_create(tasks, batch_size=200)
    count_many(tasks, "due")
    for name in sorted({name for _code, chosen in pairs for name in chosen}):
        tell(
            [people[name]],
            title=_("您被抽中参加检查：%(title)s") % {"title": made.title},
            url="/checks/mine/",
            room="checks",
        )
    announce("checks", [], made.region, permission=LEVEL_PERMISSIONS["government"])


def _number(now) -> str:
    day = timezone.localtime(now).strftime("%Y%m%d")
    return f"SSJ{day}-{Draw.objects.filter(number__startswith=f'SSJ{day}-').count() + 1:03d}"


def drawn_again(made: Draw) -> bool:
    """Whether the draw comes out the same when it is made again from its seed and field."""
    chosen = rules.drawn(made.field["enterprises"], made.seed, len(made.drawn))
    pairs = rules.matched(chosen, made.field["inspectors"], made.seed)
    return [[code, list(people)] for code, people in pairs] == made.drawn
