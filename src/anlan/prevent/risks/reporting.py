"""How the region's database follows the enterprise's own evaluation: at once, or when the department has approved."""

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.audit.chain import Act, append
from anlan.desk.cases.actions import NewCase, open_case, take
from anlan.desk.cases.models import Case
from anlan.desk.notices.live import announce
from anlan.prevent.risks.models import Point
from anlan.prevent.risks.rules import must_be_approved, said
from anlan.prevent.risks.states import KIND


def follow(user, point: Point) -> Case | None:
    """After a change of the static level: enters it, or opens, amends or withdraws its report. Answers an open report.

    The caller holds the point's row.
    """
    waiting = Case.objects.filter(key=_key(point)).first()
    if point.registered_level == point.level:
        if waiting:
            take(waiting, "withdraw", words=_("等级已恢复为在册等级。"))
        return None
    if not must_be_approved(point.registered_level, point.level):
        _enter(point, None)
        if waiting:
            take(waiting, "withdraw", words=_("等级变化无需审核。"))
        return None
    gravest = min(level for level in (point.registered_level, point.level) if level)
    told = {"from": point.registered_level, "to": point.level, "version": point.version}
    title = _title(point)
    if waiting:
        return take(waiting, "amend", words=title, values=told, level=gravest, title=title)
    case, _new = open_case(
        NewCase(
            kind=KIND,
            title=title,
            region=point.region,
            organisation=point.organisation,
            level=gravest,
            subject=f"risk-point:{point.pk}",
            key=_key(point),
            lon=point.lon,
            lat=point.lat,
            data=told,
        ),
        actor=user,
        words=title,
    )
    return case


@transaction.atomic
def enter(case: Case) -> None:
    """An approved report: the region's database and map now say what was reported. Safe to repeat."""
    pk = int(case.subject.removeprefix("risk-point:"))
    point = Point.objects.select_for_update().filter(pk=pk).first()
    if point is not None and point.registered_level != case.data["to"]:
        _enter(point, case)


def _enter(point: Point, case: Case | None) -> None:
    before = point.registered_level
    point.registered_level = case.data["to"] if case else point.level
    point.save(update_fields=["registered_level", "changed_at"])
    append(
        Act(
            action="risks.enter",
            subject=f"risk-point:{point.pk}",
            region=point.region,
            organisation=point.organisation,
            words=_("区域风险库：“%(name)s”为%(level)s")
            % {"name": point.name, "level": said(point.registered_level).zh},
            data={"changes": {"registered_level": [before, point.registered_level]}, "report": case and case.number},
        )
    )
    announce("risks", [point.pk], point.region, point.organisation)


def _title(point: Point) -> str:
    return _("%(name)s：在册%(before)s，报告%(after)s") % {
        "name": point.name,
        "before": said(point.registered_level).zh,
        "after": said(point.level).zh,
    }


def _key(point: Point) -> str:
    return f"risk-report:{point.pk}"
