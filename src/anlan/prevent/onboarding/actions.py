"""The verbs of onboarding: adopt a template, take it back. Everything is made by the verbs that people use by hand."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.registers import actions as registers
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.models import Record
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.checks import planning
from anlan.prevent.checks.actions import withdraw
from anlan.prevent.checks.models import Task
from anlan.prevent.onboarding.declare import Point, Post, Template
from anlan.prevent.onboarding.gates import ADOPT
from anlan.prevent.onboarding.models import Adoption
from anlan.prevent.risks import actions as risks
from anlan.prevent.risks import models as risk

POSTS = "responsibility_posts"


@transaction.atomic
def adopt(
    user, enterprise: Enterprise, template: Template, chosen: Iterable[str], people: Mapping[str, str]
) -> Adoption:
    """The chosen points with units, events, controls and levels; the posts with who holds them; the plans of checks
    that follow, and today's tasks. All of it or nothing.

    `people`: post -> name. Errors: Refused; ValidationError for nothing chosen, a template adopted already, or a code
    the enterprise has already given to another point.
    """
    require(user, ADOPT, enterprise)
    codes = set(chosen) & {point.code for point in template.points}
    if not codes:
        raise ValidationError(_("请至少选择一个风险点。"))
    _not_yet(enterprise, template, codes)
    points = [_point(user, enterprise, one, people) for one in template.points if one.code in codes]
    records = [
        record for post in template.posts_of(codes) if (record := _post(user, enterprise, post, people)) is not None
    ]
    adoption = Adoption.objects.create(
        enterprise=enterprise,
        region=enterprise.region,
        organisation=enterprise.code,
        template=template.code,
        edition=template.edition,
        at=timezone.now(),
        by=user,
        points=[point.pk for point in points],
        records=[record.pk for record in records],
    )
    planning.derive(user, enterprise)
    planning.generate_for(enterprise, timezone.now())
    _tell(adoption, "adopt", user, str(template.title))
    return adoption


@transaction.atomic
def undo(user, adoption: Adoption) -> Adoption:
    """Takes it back: points are retired, posts too, plans rest, open tasks are withdrawn. What was checked stays."""
    require(user, ADOPT, adoption)
    held = Adoption.objects.select_for_update().get(pk=adoption.pk)
    if held.undone_at:
        raise ValidationError(_("这次采用已经撤回。"))
    words = _("撤回采用的模板")
    risks.retire(user, list(risk.Point.objects.filter(pk__in=held.points, in_use=True)))
    for record in Record.objects.filter(pk__in=held.records, status=Record.Status.IN_FORCE):
        registers.retire(user, record, words)
    planning.derive(user, held.enterprise)
    _withdraw(user, held.enterprise, words)
    held.undone_at, held.undone_by = timezone.now(), user
    held.save()
    _tell(held, "undo", user, held.template)
    return held


def _not_yet(enterprise: Enterprise, template: Template, codes: set[str]) -> None:
    if Adoption.objects.filter(enterprise=enterprise, template=template.code, undone_at=None).exists():
        raise ValidationError(_("已经采用过“%(template)s”。撤回后才能重新采用。") % {"template": template.title})
    there = risk.Point.objects.filter(enterprise=enterprise, code__in=codes, in_use=True)
    if taken := sorted(there.values_list("code", flat=True)):
        raise ValidationError(_("这些编号已有风险点：%(codes)s。请取消勾选。") % {"codes": "、".join(taken)})


def _point(user, enterprise: Enterprise, one: Point, people: Mapping[str, str]) -> risk.Point:
    code = _free(enterprise, one.code)
    point = risks.save_point(
        user,
        risk.Point(
            enterprise=enterprise, code=code, kind=one.kind, name=one.name, responsible_level=one.level,
            responsible=people.get(one.post, "")[:64], post=one.post, handling="\n".join(one.handling),
            synthetic=enterprise.synthetic,
        ),
    )  # fmt: skip
    for event in one.events:
        made = risks.save_event(
            user, point,
            risk.Event(
                name=event.name, factors=list(event.factors), accident_types=list(event.types),
                consequence=event.consequence,
            ),
            unit=event.unit, way=event.way,
        )  # fmt: skip
        for control in event.controls:
            risks.save_control(
                user,
                risk.Control(
                    event=made, kind=control.kind, text=control.text, check_text=control.check,
                    responsible_level=control.level, post=control.post, every_days=control.every,
                    clause=control.clause,
                ),
            )  # fmt: skip
        risks.evaluate(user, made, method="lec", scores=dict(event.scores), words=_("采用行业模板的建议评分"))
    return point


def _free(enterprise: Enterprise, code: str) -> str:
    """A retired point keeps its code; the new one gets the next: GQ, GQ-2, GQ-3."""
    taken = set(risk.Point.objects.filter(enterprise=enterprise, code__startswith=code).values_list("code", flat=True))
    number, found = 1, code
    while found in taken:
        number += 1
        found = f"{code}-{number}"
    return found


def _post(user, enterprise: Enterprise, post: Post, people: Mapping[str, str]) -> Record | None:
    """The post's line in the list of responsibilities; none where nobody is named yet, or where it stands already."""
    person = people.get(post.name, "").strip()
    kind = record_types()[POSTS]
    values = {"post": post.name, "person": person, "duties": post.duties, "standard": post.standard}
    key = kind.key_of(values | {"organisation": enterprise.code})
    if not person or Record.objects.filter(type=POSTS, key=key).exists():
        return None
    entry = registers.Entry(
        values=values, region=enterprise.region, organisation=enterprise.code, synthetic=enterprise.synthetic
    )
    return registers.add(user, kind, entry, _("采用行业模板"))


def _withdraw(user, enterprise: Enterprise, words: str) -> None:
    """Open tasks of plans that rest now and were not begun."""
    idle = Task.objects.filter(enterprise=enterprise, plan__in_use=False, state=Task.State.OPEN, answered=0)
    if idle:
        withdraw(user, list(idle), words)


def _tell(adoption: Adoption, action: str, user, words: str) -> None:
    append(
        Act(
            action=f"onboarding.{action}",
            subject=f"enterprise:{adoption.enterprise_id}",
            region=adoption.region,
            organisation=adoption.organisation,
            words=words,
            data={"template": adoption.template, "edition": adoption.edition, "points": len(adoption.points)},
            actor=user.username,
        )
    )
