"""The code on the wall: the sheet to print, and the page a scan opens."""

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.desk.access.standing import may_row
from anlan.prevent.checks import gates, patrols
from anlan.prevent.checks.models import Answer, Task


@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest, token: str) -> HttpResponse:
    """What a scan opens. Looking changes nothing; the button says "I was here"."""
    stop = get_object_or_404(gates.stops_seen_by(request.user).select_related("patrol", "point"), token=token[:24])
    if request.method == "POST":
        try:
            made = patrols.passed(request.user, stop, lon=_degrees(request, "lon"), lat=_degrees(request, "lat"))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            words = _("已记录到达“%(name)s”。") if made.in_order else _("已记录到达“%(name)s”，但没有按顺序。")
            messages.success(request, words % {"name": stop.name})
        return redirect("checks.here", token)
    own = gates.passings_seen_by(request.user).filter(stop__patrol=stop.patrol, by=request.user)
    context = {
        "title": stop.name,
        "stop": stop,
        "last": own.filter(stop=stop).order_by("-at").first(),
        "stops": _round(stop, own),
        "tasks": _tasks(request, stop),
        "failed": _failed(request, stop),
        "may_pass": may_row(request.user, "checks.answer_post", stop.patrol),
        "narrow": True,
    }
    return render(request, "checks/here.html", context)


@require_safe
def print_stops(request: HttpRequest, pk: int) -> HttpResponse:
    patrol = get_object_or_404(gates.patrols_seen_by(request.user).select_related("enterprise"), pk=pk)
    codes = [(stop, _code(request, stop)) for stop in patrol.stops.select_related("point")]
    return render(
        request, "checks/print.html", {"title": patrol.title, "patrol": patrol, "codes": codes, "narrow": True}
    )


def _code(request: HttpRequest, stop) -> str:
    address = request.build_absolute_uri(reverse("checks.here", args=[stop.token]))
    return segno.make(address, error="q").svg_data_uri(scale=4, border=2, light="#fff")


def _round(stop, own) -> list[dict]:
    """The stops with the person's last passing in the round that is running."""
    last = own.order_by("-at", "-pk").first()
    passed = {one.stop_id: one for one in own.filter(round=last.round)} if last else {}
    return [{"stop": one, "passing": passed.get(one.pk)} for one in stop.patrol.stops.all()]


def _tasks(request: HttpRequest, stop) -> list[Task]:
    """The person's open checks of this enterprise: where one stands, one checks."""
    return list(gates.mine(request.user).filter(enterprise=stop.patrol.enterprise_id).order_by("due_at")[:10])


def _failed(request: HttpRequest, stop) -> list[Answer]:
    """What was found wrong at this point and is still open."""
    if stop.point_id is None:
        return []
    found = Answer.objects.filter(control__point=stop.point_id, hazard__is_open=True)
    return list(found.filter(task__in=gates.seen_by(request.user)).select_related("hazard").order_by("-at")[:10])


def _degrees(request: HttpRequest, name: str) -> float | None:
    try:
        found = float(request.POST.get(name, ""))
    except ValueError:
        return None
    return found if -180 <= found <= 180 else None
