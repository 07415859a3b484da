from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.panels.declare import Panel
from anlan.prevent.hazards import dossier, figures, gates
from anlan.prevent.hazards.models import FirePromise, Hazard
from anlan.prevent.hazards.periods import terms_of
from anlan.prevent.hazards.rules import MAJOR, reported
from anlan.prevent.hazards.wording import titled


def _hazard(row) -> Hazard:
    """The panels stand on the case's page: the row is a case there, a danger when the panel is fetched alone."""
    return row if isinstance(row, Hazard) else row.hazard


def _about(user, row) -> dict:
    hazard = _hazard(row)
    return {
        "hazard": hazard,
        "facts": [
            (_("隐患等级"), hazard.get_grade_display()),
            (_("类别"), titled("kind", hazard.kind)),
            (_("成因"), titled("cause", hazard.cause)),
            (_("行业"), titled("sector", hazard.sector)),
            (_("发现方式"), hazard.get_found_by_display()),
            (_("发现人"), hazard.finder or "–"),
            (_("部位"), hazard.place or "–"),
            (_("岗位"), hazard.post or "–"),
        ],
        "terms": terms_of(hazard.region),
    }


def _grading(user, row) -> dict | None:
    hazard = _hazard(row)
    if not hazard.candidates and not hazard.reason:
        return None
    return {"hazard": hazard}


def _five(user, row) -> dict | None:
    hazard = _hazard(row)
    return {"hazard": hazard} if hazard.deadline or hazard.temporary else None


def _supervision(user, row) -> dict | None:
    hazard = _hazard(row)
    if hazard.grade != MAJOR:
        return None
    reports = list(hazard.reports.select_related("sent_by", "received_by").order_by("sent_at"))
    received = [report.receiver for report in reports if report.received_at]
    return {"reports": reports, "reported": reported(received), "listing": getattr(hazard, "listing", None)}


def _responsible(user, row) -> dict:
    hazard = _hazard(row)
    happened = dossier.records(hazard)
    return {
        "hazard": hazard,
        "answers": dossier.responsibility(happened),
        "missing": dossier.missing(hazard, happened),
    }


def _behind_the_accident(user, record) -> dict | None:
    """Who found, graded, treated and accepted the danger an accident came from."""
    number = record.data.get("danger")
    hazard = gates.seen_by(user).filter(number=number).first() if number else None
    return _responsible(user, hazard) if hazard else None


def _of_enterprise(user, enterprise):
    return "hazards", gates.seen_by(user).filter(organisation=enterprise.code).order_by("-is_open", "-found_at", "-pk")


def _of_point(user, point):
    return "hazards", gates.seen_by(user).filter(point=point).order_by("-is_open", "-found_at", "-pk")


def _self_checks(user, enterprise) -> dict:
    year = timezone.localdate().year
    return {
        "enterprise": enterprise,
        "last": enterprise.self_checks.order_by("-at").first(),
        "terms": terms_of(enterprise.region),
        "promise": FirePromise.objects.filter(enterprise=enterprise, year=year).first(),
        "may_tell": may_row(user, "hazards.selfcheck", enterprise),
        "may_promise": may_row(user, "hazards.promise", enterprise),
    }


def _overview(user, _row) -> dict:
    return {"counts": figures.overview(gates.seen_by(user), timezone.now())}


def _listed(user, _row):
    return "listings", gates.listings_seen_by(user).filter(delisted_at=None).order_by("deadline")


PANELS = [
    Panel(
        name="about",
        on="hazards",
        title=_("隐患"),
        order=5,
        permission="hazards.see",
        template="hazards/about.html",
        context=_about,
        live=("hazards",),
    ),
    Panel(
        name="grading",
        on="hazards",
        title=_("评估定级"),
        order=10,
        permission="hazards.see",
        template="hazards/grading.html",
        context=_grading,
        live=("hazards",),
    ),
    Panel(
        name="five",
        on="hazards",
        title=_("五定与临时措施"),
        order=15,
        permission="hazards.see",
        template="hazards/five.html",
        context=_five,
        live=("hazards",),
    ),
    Panel(
        name="supervision",
        on="hazards",
        title=_("双报告与挂牌督办"),
        order=20,
        permission="hazards.see",
        template="hazards/supervision.html",
        context=_supervision,
        live=("hazards",),
    ),
    Panel(
        name="responsible",
        on="hazards",
        title=_("责任追溯"),
        order=30,
        permission="hazards.see",
        side="aside",
        template="hazards/responsible.html",
        context=_responsible,
        live=("hazards",),
    ),
    Panel(
        name="danger",
        on="ledgers/accident_history",
        title=_("责任追溯"),
        order=30,
        permission="hazards.see",
        template="hazards/responsible.html",
        context=_behind_the_accident,
    ),
    Panel(
        name="hazards",
        on="enterprises",
        title=_("事故隐患"),
        order=18,
        permission="hazards.see",
        rows=_of_enterprise,
        empty=_("没有登记过隐患。"),
        live=("hazards",),
    ),
    Panel(
        name="self-checks",
        on="enterprises",
        title=_("自查与承诺"),
        order=19,
        permission="hazards.see",
        side="aside",
        template="hazards/self_checks.html",
        context=_self_checks,
    ),
    Panel(
        name="hazards",
        on="risks",
        title=_("事故隐患"),
        order=60,
        permission="hazards.see",
        rows=_of_point,
        empty=_("这个风险点没有发现过隐患。"),
        live=("hazards",),
    ),
    Panel(
        name="hazards",
        on="home",
        title=_("隐患概况"),
        order=25,
        permission="hazards.see",
        side="aside",
        template="hazards/overview.html",
        context=_overview,
        live=("hazards",),
    ),
    Panel(
        name="listings",
        on="bigscreen",
        title=_("挂牌督办的重大隐患"),
        order=40,
        permission="hazards.see",
        side="right",
        rows=_listed,
        limit=6,
        empty=_("没有挂牌督办的重大隐患。"),
        live=("hazards",),
        refresh=60,
    ),
]
