"""The verbs of supervision: grade, draw the year's visits, note a visit."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import batched

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.regions import within
from anlan.desk.access.standing import Refused, may, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.context import acting
from anlan.desk.notices.live import announce
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.prevent.supervision import knowing
from anlan.prevent.supervision.gates import PLAN, VISIT
from anlan.prevent.supervision.models import Grade, GradeChange, Visit
from anlan.prevent.supervision.rules import Policy, grade, policy, visit_days

BATCH = 500
COMPARED = ["region", "level", "mark", "explanation", "visits", "unsupervised", "unclear"]
FIELDS = [*COMPARED, "organisation", "since", "graded_at", "stale"]


def grade_all(now: datetime) -> int:
    """Every enterprise that has not closed; answers how many grades changed. Safe to run twice."""
    keys = Enterprise.objects.exclude(status=Enterprise.Status.CLOSED).order_by("pk").values_list("pk", flat=True)
    with acting("supervision"):
        return sum(grade_some(chosen, now) for chosen in batched(keys.iterator(5000), BATCH))


def changed(enterprises: Iterable[int]) -> None:
    """Something these grades rest on has changed. One cheap statement: an alarm must not wait for arithmetic."""
    Grade.objects.filter(enterprise__in=list(enterprises), stale=False).update(stale=True)


def renew(now: datetime) -> int:
    """Grades anew what has changed, and enterprises that have no grade yet."""
    stale = Grade.objects.filter(stale=True).order_by("pk").values_list("pk", flat=True)[:BATCH]
    unknown = Enterprise.objects.filter(grade=None).exclude(status=Enterprise.Status.CLOSED)
    chosen = {*stale, *unknown.order_by("-pk").values_list("pk", flat=True)[:BATCH]}
    with acting("supervision"):
        return grade_some(chosen, now) if chosen else 0


@transaction.atomic
def grade_some(pks: Iterable[int], now: datetime | None = None) -> int:
    """These enterprises anew, in a fixed number of statements. A change is kept, recorded and told; visits that are
    still to come follow it, what is past stays."""
    now = now or timezone.now()
    day, by = timezone.localdate(now), policy(timezone.localdate(now))
    chosen = list(_described(Enterprise.objects.filter(pk__in=list(pks))))
    facts = knowing.facts_of(chosen, day, int(by.parts["accidents"]["years"]))
    before = Grade.objects.in_bulk([one.pk for one in chosen])
    rows = [_row(one, facts[one.pk], by, now, before.get(one.pk)) for one in chosen]
    fresh = [row for row in rows if _differs(row, before.get(row.pk))]
    Grade.objects.bulk_create(fresh, BATCH, update_conflicts=True, unique_fields=["enterprise"], update_fields=FIELDS)
    Grade.objects.filter(pk__in=[row.pk for row in rows]).update(graded_at=now, stale=False)
    changed = [row for row in fresh if (old := before.get(row.pk)) is None or old.level != row.level]
    _keep(changed, before, now)
    _follow([row for row in changed if row.pk in before], day)
    return len(changed)


def _differs(row: Grade, old: Grade | None) -> bool:
    """Most nights nearly nothing has changed, and nothing is written."""
    return old is None or any(getattr(row, name) != getattr(old, name) for name in COMPARED)


def _described(enterprises: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    departments = Enterprise.supervisors.through.objects.filter(enterprise=OuterRef("pk"))
    return enterprises.annotate(
        supervised=Exists(departments), regulated=Exists(RegulatedAs.objects.filter(enterprise=OuterRef("pk")))
    )


def _row(enterprise: Enterprise, facts, by: Policy, now: datetime, old: Grade | None) -> Grade:
    finding = grade(facts, by)
    level = int(finding.value)
    return Grade(
        enterprise=enterprise,
        region=enterprise.region,
        organisation=enterprise.code,
        level=level,
        mark=finding.inputs["mark"],
        explanation=finding.as_dict(),
        visits=by.visits(level),
        unsupervised=not enterprise.supervised,
        unclear=not enterprise.industry and not enterprise.regulated,
        since=old.since if old and old.level == level else timezone.localdate(now),
        graded_at=now,
    )


def _keep(changed: list[Grade], before: dict[int, Grade], now: datetime) -> None:
    """A first grade is no change; every later one is kept with its reasons and sealed."""
    known = [row for row in changed if row.pk in before]
    GradeChange.objects.bulk_create(
        (
            GradeChange(
                enterprise_id=row.pk, at=now, before=before[row.pk].level, after=row.level, mark=row.mark,
                explanation=row.explanation,
            )
            for row in known
        ),
        BATCH,
    )  # fmt: skip
    append(
        *(
            Act(
                action="supervision.grade",
                subject=f"enterprise:{row.pk}",
                region=row.region,
                organisation=row.organisation,
                words=_("监管等级变化"),
                data={"changes": {"grade": [before[row.pk].level, row.level]}, "mark": row.mark},
            )
            for row in known
        )
    )
    if known:
        announce("supervision", [row.pk for row in known], {row.region for row in known})


def _follow(changed: list[Grade], day: date) -> None:
    """Visits still to come are drawn anew where a plan of this year exists."""
    planned = Visit.objects.filter(enterprise__in=[row.pk for row in changed], year=day.year)
    with_plan = set(planned.order_by().values_list("enterprise", flat=True).distinct())
    again = [row for row in changed if row.pk in with_plan]
    planned.filter(enterprise__in=[row.pk for row in again], state=Visit.State.PLANNED, due_on__gt=day).update(
        state=Visit.State.DROPPED
    )
    Visit.objects.bulk_create(_visits(again, day.year, day), BATCH)


def _visits(grades: Iterable[Grade], year: int, after: date) -> list[Visit]:
    return [
        Visit(
            enterprise_id=row.pk, region=row.region, organisation=row.organisation, year=year, level=row.level,
            due_on=day,
        )
        for row in grades
        for day in visit_days(row.visits, year, after)
    ]  # fmt: skip


@transaction.atomic
def draw(user, region: str, year: int) -> int:
    """The visits of a year for a region: only for enterprises that have none in that year yet, and only for days to
    come. Answers how many."""
    if not may(user, PLAN, region=region, organisation=""):
        raise Refused(_("您的岗位不能为此辖区制定检查计划。"))
    today = timezone.localdate()
    if not today.year <= year <= today.year + 1:
        raise ValidationError({"year": _("只能制定今年或者明年的计划。")})
    have = Visit.objects.filter(enterprise=OuterRef("pk"), year=year)
    grades = Grade.objects.filter(within(region)).filter(~Exists(have)).order_by("pk")
    count = 0
    for chosen in batched(grades.defer("explanation").iterator(2000), BATCH):
        count += len(Visit.objects.bulk_create(_visits(chosen, year, today), BATCH))
    data = {"year": year, "visits": count}
    append(Act(action="supervision.plan", subject=f"region:{region}", region=region, data=data, actor=user.username))
    announce("supervision", [], region)
    return count


@transaction.atomic
def visited(user, visits: Iterable[Visit], words: str) -> int:
    """These visits were made. A visit made stays as it is, whatever the grade becomes."""
    count = 0
    for visit in visits:
        require(user, VISIT, visit)
        done = Visit.objects.filter(pk=visit.pk, state=Visit.State.PLANNED).update(
            state=Visit.State.DONE, done_on=timezone.localdate(), done_by=user, words=words[:300]
        )
        if not done:
            raise ValidationError(_("“%(name)s”的检查已办理，请刷新。") % {"name": visit.enterprise})
        count += done
        append(
            Act(
                action="supervision.visit",
                subject=f"enterprise:{visit.enterprise_id}",
                region=visit.region,
                organisation=visit.organisation,
                words=words,
                data={"due_on": visit.due_on.isoformat()},
                actor=user.username,
            )
        )
    announce("supervision", [visit.pk for visit in visits], {visit.region for visit in visits})
    return count
