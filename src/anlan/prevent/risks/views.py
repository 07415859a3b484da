"""Pages of their own: evaluate, floor plan, cards and boards to print, the region's distribution, the public notice."""

import orjson
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.desk.access.middleware import public
from anlan.desk.access.standing import may_row, require
from anlan.know.enterprises import gates as enterprise_gates
from anlan.prevent.risks import gates, picturing
from anlan.prevent.risks.actions import evaluate, remove_event
from anlan.prevent.risks.disasters import missing_words, papers, route_faults
from anlan.prevent.risks.drawing import draw_zone
from anlan.prevent.risks.evaluating import ways
from anlan.prevent.risks.models import Disclosure
from anlan.prevent.risks.printing import board, card
from anlan.prevent.risks.whitepaper import distribution


@require_http_methods(["GET", "HEAD", "POST"])
def evaluate_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a method, then a score for each factor; the explanation appears with the level."""
    event = get_object_or_404(gates.events_seen_by(request.user).select_related("point", "unit"), pk=pk)
    require(request.user, "risks.evaluate", event.point)
    asked = request.POST.get("method") or request.GET.get("method") or event.method
    way = ways().get(asked) or next(iter(ways().values()))
    given = {factor.name: request.POST.get(factor.name, "") for factor in way.factors}
    wrong: list[str] = []
    if request.method == "POST":
        try:
            evaluate(
                request.user,
                event,
                method=way.name,
                scores=given,
                variant=request.POST.get("variant", ""),
                words=request.POST.get("words", ""),
            )
        except ValidationError as error:
            wrong = error.messages
        else:
            messages.success(request, _("已评价，等级、清单、图和卡片随之更新。"))
            return redirect("risk-events.item", event.pk)
    chosen = given if request.method == "POST" else {name: str(value) for name, value in event.scores.items()}
    context = {"event": event, "way": way, "ways": ways().values(), "chosen": chosen, "wrong": wrong, "narrow": True}
    language = "en" if (get_language() or "zh").startswith("en") else "zh"
    return render(request, "risks/evaluate.html", context | {"language": language})


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(gates.events_seen_by(request.user).select_related("point", "unit"), pk=pk)
    point = event.point_id
    try:
        remove_event(request.user, event, request.POST.get("words", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("risks.item", point)


@require_safe
def notice_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The post risk notice card; `?edition=` shows it as it was."""
    point = get_object_or_404(gates.seen_by(request.user).select_related("enterprise"), pk=pk)
    edition = request.GET.get("edition", "")
    return render(request, "risks/card.html", card(request, point, int(edition) if edition.isdecimal() else None))


@require_safe
def handling_card(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(gates.seen_by(request.user).select_related("enterprise"), pk=pk)
    return render(request, "risks/handling.html", card(request, point, None))


@require_safe
def enterprise_board(request: HttpRequest, pk: int) -> HttpResponse:
    """One map, one board, three lists of one enterprise."""
    enterprise = get_object_or_404(enterprise_gates.seen_by(request.user), pk=pk)
    points = gates.seen_by(request.user).filter(enterprise=enterprise, in_use=True)
    plans = gates.plans_seen_by(request.user).filter(enterprise=enterprise)
    return render(request, "risks/board.html", board(request, enterprise, points, plans) | {"narrow": True})


@require_safe
def floor_plan(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(gates.plans_seen_by(request.user).select_related("enterprise", "image"), pk=pk)
    points = gates.seen_by(request.user).filter(enterprise=plan.enterprise, in_use=True)
    context = picturing.picture(plan, points) | {
        "plan": plan,
        "may_change": may_row(request.user, "risks.change", plan),
        "narrow": True,
    }
    return render(request, "risks/plan.html", context)


@require_POST
def zone(request: HttpRequest, pk: int) -> JsonResponse:
    """A zone drawn on the page of the plan: `{"point": 7, "corners": [[x, y], …]}`; no corner takes it away."""
    plan = get_object_or_404(gates.plans_seen_by(request.user), pk=pk)
    try:
        given = orjson.loads(request.body)
        chosen, corners = int(given["point"]), list(given["corners"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("没有看懂所画的区域，请重画。")}, status=400)
    point = get_object_or_404(gates.seen_by(request.user), pk=chosen)
    try:
        draw_zone(request.user, point, plan, corners)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    return JsonResponse({"done": True})


@require_safe
def region(request: HttpRequest) -> HttpResponse:
    """The four colours by town, village, sector and kind; the same numbers as a white paper to print."""
    require(request.user, gates.SEE)
    found = distribution(request.user, request.GET.get("region", ""), request.GET.get("by", "town"))
    return render(request, "risks/region.html", found | {"narrow": True})


@require_safe
def disaster_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """One board, two maps, three lists as one printable pack; refused with the names of what is missing."""
    point = get_object_or_404(gates.disasters_seen_by(request.user).select_related("shelter"), pk=pk)
    if missing_words(point):
        messages.error(request, _("还不能打印，尚缺：%(papers)s") % {"papers": missing_words(point)})
        return redirect("disaster-points.item", point.pk)
    context = {"point": point, "papers": papers(point), "faults": route_faults(point), "narrow": True}
    return render(request, "risks/disaster_pack.html", context | picturing.sketch(point))


@public
@require_safe
def public_notice(request: HttpRequest) -> HttpResponse:
    """What everybody may read: published disclosures only, the newest of each place first."""
    rows = Disclosure.objects.exclude(published_at=None).order_by("-published_at", "-pk")[:20]
    return render(request, "risks/public.html", {"disclosures": rows})


@public
@require_safe
def public_disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    disclosure = Disclosure.objects.exclude(published_at=None).filter(pk=pk).first()
    if disclosure is None:
        raise Http404(_("没有这份公告，或尚未公布。"))
    context = {"disclosures": [disclosure], "one": True, "back": reverse("risks.public")}
    return render(request, "risks/public.html", context)
