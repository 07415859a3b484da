from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.audit.history import history
from anlan.desk.layers.declare import LEVELS
from anlan.desk.panels.declare import Attribute, Panel
from anlan.prevent.permits import gates, judging, showing
from anlan.prevent.permits.models import Permit, SmallWork, Space


def _of(row) -> Permit:
    """A panel stands on the case's page; when it is fetched alone it is asked for with the permit itself."""
    return row if isinstance(row, Permit) else row.permit


def _verdict(user, row) -> dict:
    permit = _of(row)
    return {
        "permit": permit,
        "reasons": showing.reasons(permit),
        "live": permit.is_open,
        "analysis_ends": judging.analysis_ends(permit),
        "gas_due": judging.gas_due(permit),
        "needs_gas": judging.needs_gas(permit),
        "may_test": permit.is_open and may_row(user, "permits.test", permit),
        "may_isolate": permit.is_open and may_row(user, "permits.isolate", permit),
        "may_change": permit.state == "applied" and may_row(user, "permits.apply", permit),
    }


def _attribute(name: str, title, kind: str = "text", value=None) -> Attribute:
    return Attribute(name, title, kind=kind, value=value or (lambda row: getattr(_of(row), name)))


def _gas(user, row) -> dict | None:
    permit = _of(row)
    if not judging.needs_gas(permit) and not permit.gas_tests.exists():
        return None
    return {"permit": permit, "tests": showing.gas_tests(permit)}


def _isolations(user, row) -> dict:
    permit = _of(row)
    return {
        "permit": permit,
        "isolations": permit.isolations.select_related("set_by", "removed_by"),
        "may_restore": may_row(user, "permits.isolate", permit)
        and permit.state in ("applied", "finished", "cancelled", "suspended"),
    }


def _measures(user, row) -> dict | None:
    permit = _of(row)
    rows = showing.measures(permit)
    return {"permit": permit, "measures": rows, "done": sum(row["done"] for row in rows)} if rows else None


def _people(user, row) -> dict:
    permit = _of(row)
    counts = permit.kind == "confined_space_entry"
    return {
        "permit": permit,
        "people": showing.people(permit),
        "counts": counts,
        "may_count": counts and permit.is_open and may_row(user, "permits.guard", permit),
        "inside": permit.workers.filter(inside_since__isnull=False).count(),
    }


def _live(user, _row) -> dict:
    rows = gates.live_seen_by(user)
    counted = dict(rows.order_by().values_list("gravity").annotate(n=Count("pk")))
    late = rows.filter(valid_until__lt=timezone.now()).count()
    return {"levels": [{"mark": mark, "count": counted.get(mark.value, 0)} for mark in LEVELS], "overdue": late}


def _of_enterprise(user, enterprise):
    return "permits", gates.seen_by(user).filter(organisation=enterprise.code).order_by("-is_open", "-starts_at")


def _of_space(user, space):
    return "permits", gates.seen_by(user).filter(space=space).order_by("-starts_at")


def _grade(user, work) -> dict:
    return {"work": work, "explanation": work.explanation, "checks": work.checks.select_related("by")[:20]}


PANELS = [
    Panel(
        name="verdict",
        on="permits",
        title=_("现在能不能作业"),
        order=5,
        permission=gates.SEE,
        template="permits/verdict.html",
        context=_verdict,
        live=("permits",),
        refresh=60,
    ),
    Panel(
        name="head",
        on="permits",
        title=_("作业"),
        order=10,
        permission=gates.SEE,
        attributes=[
            _attribute("kind", _("作业类别和级别"), value=lambda row: showing.titled(_of(row))),
            _attribute("number", _("票号"), "code"),
            _attribute("work", _("作业内容")),
            _attribute("place", _("作业地点")),
            _attribute("facility", _("设施")),
            _attribute("space", _("有限空间")),
            _attribute("starts_at", _("计划开始"), "time"),
            _attribute("valid_until", _("有效期至"), "time"),
            _attribute("begun_at", _("实际开始"), "time"),
            _attribute("leader", _("作业负责人"), "user"),
            _attribute("guardian", _("监护人"), "user"),
            _attribute("contractor", _("承包商")),
            _attribute("upgraded", _("升级管理的原因")),
            _attribute("hazards", _("风险辨识结果")),
        ],
    ),
    Panel(
        name="gas",
        on="permits",
        title=_("气体分析"),
        order=20,
        permission=gates.SEE,
        template="permits/gas.html",
        context=_gas,
        live=("permits",),
    ),
    Panel(
        name="isolation",
        on="permits",
        title=_("隔离点"),
        order=30,
        permission=gates.SEE,
        template="permits/isolations.html",
        context=_isolations,
        live=("permits",),
    ),
    Panel(
        name="measures",
        on="permits",
        title=_("安全措施"),
        order=40,
        permission=gates.SEE,
        template="permits/measures.html",
        context=_measures,
        live=("permits",),
    ),
    Panel(
        name="people",
        on="permits",
        title=_("作业人"),
        order=25,
        permission=gates.SEE,
        template="permits/people.html",
        context=_people,
        live=("permits",),
    ),
    Panel(
        name="permits",
        on="enterprises",
        title=_("作业票"),
        order=18,
        permission=gates.SEE,
        rows=_of_enterprise,
        empty=_("没有作业票。"),
        live=("permits",),
    ),
    Panel(
        name="spaces",
        on="enterprises",
        title=_("有限空间"),
        order=35,
        permission="spaces.see",
        rows=lambda user, row: ("spaces", gates.spaces_seen_by(user).filter(organisation=row.code).order_by("name")),
        empty=_("没有登记有限空间。"),
    ),
    Panel(
        name="live-permits",
        on="home",
        title=_("特殊作业现况"),
        order=25,
        permission=gates.SEE,
        side="aside",
        template="permits/live.html",
        context=_live,
        live=("permits",),
    ),
    Panel(
        name="head",
        on="spaces",
        title=_("有限空间"),
        order=10,
        permission="spaces.see",
        attributes=[
            Attribute("code", _("编号"), kind="code"),
            Attribute("kind", _("类别"), kind="choice"),
            Attribute("enterprise", _("企业")),
            Attribute("place", _("位置")),
            Attribute("facility", _("设施")),
            Attribute("factors", _("危险有害因素")),
            Attribute("toxic", _("有中毒或窒息风险"), kind="flag"),
            Attribute("openings", _("进出口数"), kind="number"),
            Attribute("volume", _("容积（m³）"), kind="number"),
            Attribute("depth", _("深度（m）"), kind="number"),
            Attribute("signed", _("已设警示标志"), kind="flag"),
            Attribute("barred", _("已上锁或设围栏"), kind="flag"),
            Attribute("gear", _("防护和救援装备")),
            Attribute("responsible", _("责任人")),
            Attribute("phone", _("联系电话"), kind="code"),
        ],
    ),
    Panel(
        name="doing",
        on="spaces",
        title=_("可以做什么"),
        order=5,
        permission="spaces.see",
        side="aside",
        template="permits/space_doing.html",
        context=lambda user, row: {"space": row, "may_apply": row.in_use and may_row(user, "permits.apply", row)},
    ),
    Panel(
        name="permits",
        on="spaces",
        title=_("作业票"),
        order=20,
        permission=gates.SEE,
        rows=_of_space,
        empty=_("这里还没有办过作业票。"),
        live=("permits",),
    ),
    Panel(
        name="history",
        on="spaces",
        title=_("变更记录"),
        order=90,
        permission="spaces.see",
        side="aside",
        template="audit/history.html",
        context=lambda user, row: {"steps": history(f"space:{row.pk}", Space)},
    ),
    Panel(
        name="head",
        on="small-works",
        title=_("小散工程"),
        order=10,
        permission="small-works.see",
        attributes=[
            Attribute("level", _("等级"), kind="level"),
            Attribute("every_days", _("检查间隔（天）"), kind="number"),
            Attribute("next_check", _("下次检查"), kind="date"),
            Attribute("kind", _("作业类别"), kind="choice"),
            Attribute("place", _("地点")),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("owner", _("业主或发包人")),
            Attribute("phone", _("联系电话"), kind="code"),
            Attribute("builder", _("施工人或队伍")),
            Attribute("workers", _("作业人数"), kind="number"),
            Attribute("height", _("作业高度或深度（m）"), kind="number"),
            Attribute("certified", _("作业人员持证"), kind="flag"),
            Attribute("crowded", _("临街或人员密集"), kind="flag"),
            Attribute("starts_on", _("开工日期"), kind="date"),
            Attribute("ends_on", _("计划完工"), kind="date"),
            Attribute("is_open", _("进行中"), kind="flag"),
            Attribute("registered_by", _("登记人"), kind="user"),
        ],
    ),
    Panel(
        name="grade",
        on="small-works",
        title=_("等级的由来和检查记录"),
        order=20,
        permission="small-works.see",
        template="permits/small_work.html",
        context=_grade,
        live=("small-works",),
    ),
    Panel(
        name="history",
        on="small-works",
        title=_("变更记录"),
        order=90,
        permission="small-works.see",
        side="aside",
        template="audit/history.html",
        context=lambda user, row: {"steps": history(f"small-work:{row.pk}", SmallWork)},
    ),
]
