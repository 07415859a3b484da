"""Pages of the desk that are no list: shelving, the banner of a flood, groups, sounds, the month."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.desk.access.middleware import passive
from anlan.desk.access.regions import within
from anlan.desk.access.standing import may, require
from anlan.desk.exchange.export import ExportColumn, export
from anlan.desk.forms.declare import forms
from anlan.desk.pages.form_page import dressed
from anlan.desk.pages.selected import MOST_ROWS, back
from anlan.desk.pages.widgets import NamePicker
from anlan.watch.alarms import actions, floods, gates
from anlan.watch.alarms.asked import Shelving, Suppressing, Why
from anlan.watch.alarms.groups import calls, groups
from anlan.watch.alarms.month import Month, reckon
from anlan.watch.alarms.policy import policy
from anlan.watch.devices.gates import seen_by as devices_seen_by


@require_POST
def shelve_page(request: HttpRequest) -> HttpResponse:
    """Posted with the rows it asks for how long and why; posted with these as well it shelves."""
    require(request.user, "alarms.shelve")

    def run(rows, form):
        made = actions.shelve(
            request.user, rows, form.cleaned_data["reason"], form.end(timezone.now()), form.cleaned_data["words"]
        )
        waiting = sum(not one.in_force for one in made)
        if waiting:
            return _("%(count)d 条须另一人同意后才搁置。") % {"count": waiting}
        return _("已搁置 %(count)d 条。") % {"count": len(made)}

    return _asked(request, Shelving, _("搁置报警"), run)


@require_POST
def retire_page(request: HttpRequest) -> HttpResponse:
    require(request.user, "alarms.retire")

    def run(rows, form):
        made = actions.retire(request.user, rows, form.cleaned_data["reason"], form.cleaned_data["words"])
        return _("%(count)d 条须另一人同意后才停用。") % {"count": len(made)}

    return _asked(request, Why, _("停用报警"), run)


def _asked(request: HttpRequest, form_class, title: str, run) -> HttpResponse:
    rows = _rows(request)
    following = back(request, reverse("alarms"))
    if not rows:
        messages.error(request, _("请先选择报警。"))
        return redirect(following)
    form = form_class(request.POST if "reason" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, run(rows, form))
            return redirect(following)
        except (ValidationError, PermissionDenied) as error:
            form.add_error(None, getattr(error, "messages", [str(error)]))
    by = policy(timezone.localdate())
    worst = min(alarm.level for alarm in rows)
    context = {
        "title": title,
        "form": dressed(form),
        "rows": rows,
        "next": following,
        "ceiling": by.of_level("shelve_hours", worst) if form_class is Shelving else None,
        "two": form_class is not Shelving or by.of_level("shelve_people", worst) > 1,
        "narrow": True,
    }
    return render(request, "alarms/asked.html", context)


def _rows(request: HttpRequest) -> list:
    numbers = [int(key) for key in request.POST.getlist("pk")[:MOST_ROWS] if key.isascii() and key[:18].isdecimal()]
    return list(gates.seen_by(request.user).filter(pk__in=numbers).order_by("level", "raised_at"))


@require_http_methods(["GET", "HEAD", "POST"])
def suppress_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A device's alarms say nothing in these hours, by design."""
    require(request.user, "alarms.suppress")
    device = get_object_or_404(devices_seen_by(request.user), pk=pk)
    require(request.user, "alarms.suppress", device)
    form = Suppressing(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.suppress(request.user, device, given["reason"], given["words"], form.end(), form.hours())
            messages.success(request, _("已登记设计抑制。"))
            return redirect("alarm-shelf")
        except ValidationError as error:
            form.add_error(None, error.messages)
    context = {"title": _("设计抑制：%(device)s") % {"device": device}, "form": dressed(form), "narrow": True}
    return render(request, "alarms/asked.html", {**context, "next": reverse("devices.item", args=[device.pk])})


@passive
@require_safe
def banner(request: HttpRequest) -> HttpResponse:
    """The flood that is going on, its first alarm, and where to read it by groups."""
    require(request.user, "alarms.see")
    return render(request, "alarms/banner.html", {"floods": floods.going_on(request.user)})


@require_safe
def groups_page(request: HttpRequest) -> HttpResponse:
    require(request.user, "alarms.see")
    found = groups(gates.desk(request.user))
    context = {"title": _("报警分组"), "groups": found, "floods": floods.going_on(request.user), "narrow": True}
    return render(request, "alarms/groups.html", context)


@passive
@require_safe
def sounds(request: HttpRequest) -> JsonResponse:
    """What nobody has seen yet, for the page's own sounds: never more than counts and groups."""
    require(request.user, "alarms.see")
    by = policy(timezone.localdate())
    return JsonResponse(
        {**calls(gates.desk(request.user)), "repeats": int(by["sound_level"]), "mute": int(by["mute_minutes"])}
    )


@require_safe
def month_page(request: HttpRequest) -> HttpResponse:
    """How the alarms of a month did: for everything this person sees, or one region or enterprise of it."""
    require(request.user, "alarms.see")
    first, region, organisation = (
        _month(request.GET.get("month", "")),
        _code(request, "region"),
        _code(request, "organisation"),
    )
    alarms, inhibitions = gates.safety(request.user), gates.inhibitions(request.user)
    if region:
        alarms, inhibitions = alarms.filter(within(region)), inhibitions.filter(within(region))
    if organisation:
        alarms, inhibitions = (rows.filter(organisation=organisation) for rows in (alarms, inhibitions))
    by, now = policy(first), timezone.now()
    found = reckon(alarms, inhibitions, first, by, now)
    if wanted := request.GET.get("export"):
        return _exported(request, found, wanted)
    before = reckon(alarms, inhibitions, _earlier(first), by, now)
    context = {
        "title": _("报警月报"),
        "month": found,
        "policy": by,
        "lines": list(zip(found.figures, before.figures, strict=True)),
        "bars": _bars(found.days),
        "region_picker": NamePicker("region").render("region", region, {"id": "region", "class": "form-control"}),
        "organisation_picker": NamePicker("organisation").render(
            "organisation", organisation, {"id": "organisation", "class": "form-control"}
        ),
        "may_export": may(request.user, "exchange.export"),
        "may_change": _may_change(request.user),
        "narrow": True,
    }
    return render(request, "alarms/month.html", context)


def _exported(request: HttpRequest, found: Month, wanted: str) -> HttpResponse:
    require(request.user, "exchange.export")
    lines = [
        (figure.title, figure.value, figure.bound.acceptable, figure.bound.most, figure.bound.source)
        for figure in found.figures
    ]
    lines += [(actor.title, actor.count, None, None, f"{actor.share:.1f} %") for actor in found.actors]
    heads = (_("指标"), _("数值"), _("可接受"), _("可管理上限"), _("依据"))
    columns = [
        ExportColumn(head, lambda line, at=at: None if line[at] is None else line[at]) for at, head in enumerate(heads)
    ]
    try:
        return export(request.user, "alarm-month", lines, columns, wanted, data={"month": found.first.isoformat()})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("alarms.month")


def _may_change(user) -> bool:
    """Whose post may ask for a change of a rule, as the form of rules says; the form decides about each rule."""
    form = forms().get("rules")
    return bool(form and form.change and may(user, form.change))


def _month(asked: str) -> date:
    try:
        found = date.fromisoformat(f"{asked[:7]}-01")
    except ValueError:
        found = timezone.localdate().replace(day=1)
    return max(min(found, timezone.localdate().replace(day=1)), date(2026, 1, 1))


def _earlier(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def _code(request: HttpRequest, name: str) -> str:
    value = request.GET.get(name, "").strip()
    return value if value.isascii() and value.isalnum() and len(value) <= 32 else ""


def _bars(days: list[int]) -> list[dict]:
    top = max(days, default=0) or 1
    return [
        {
            "x": 10 * at,
            "height": round(38 * count / top, 1),
            "top": round(40 - 38 * count / top, 1),
            "count": count,
            "day": at + 1,
        }
        for at, count in enumerate(days)
    ]
