"""How far an enterprise's own loop runs: six steps, each seen in what is there, none ticked by hand."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.registers.declare import record_types
from anlan.desk.registers.keys import between
from anlan.desk.registers.models import Record, RecordKey
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.checks.models import Plan, Task
from anlan.prevent.risks.models import Point


@dataclass(frozen=True)
class Step:
    title: Any
    done: bool
    url: str


def steps(enterprise: Enterprise) -> list[Step]:
    posts = Record.objects.filter(type="responsibility_posts", organisation=enterprise.code, status="in_force")
    signed = RecordKey.objects.filter(type="responsibility_posts", field="signed_on", record__in=posts.values("pk"))
    today = timezone.localdate()
    kind = record_types()["safety_commitments"]
    promised = Record.objects.filter(type=kind.code, organisation=enterprise.code, status="in_force")
    return [
        Step(
            _("建立风险点"),
            Point.objects.filter(organisation=enterprise.code, in_use=True).exists(),
            f"/onboarding/{enterprise.pk}/",
        ),
        Step(_("岗位责任落实到人"), posts.exists(), "/ledgers/responsibility_posts/"),
        Step(_("岗位责任签认"), signed.exists(), "/ledgers/responsibility_posts/"),
        Step(
            _("生成排查计划"),
            Plan.objects.filter(organisation=enterprise.code, in_use=True).exists(),
            "/check-plans/",
        ),
        Step(
            _("完成第一次排查"),
            Task.objects.filter(organisation=enterprise.code, state=Task.State.DONE).exists(),
            "/checks/",
        ),
        Step(
            _("公告今天的安全承诺"),
            between(promised, kind, "day", today, today).exists(),
            "/ledgers/safety_commitments/new/",
        ),
    ]
