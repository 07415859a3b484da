"""The page of any case, whatever its process, and the taking of a step."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.models import User
from anlan.desk.access.roles import all_roles
from anlan.desk.cases import gates
from anlan.desk.cases.actions import SomebodyWasFirst, available, take
from anlan.desk.cases.models import Case, CaseStep
from anlan.desk.cases.process import Step
from anlan.desk.cases.step_form import StepForm
from anlan.desk.documents import actions as documents
from anlan.desk.lists.declare import lists
from anlan.desk.pages import values
from anlan.desk.pages.showing import shown


@dataclass(frozen=True)
class Happened:
    """One line of the timeline, in words."""

    step: CaseStep
    what: Any
    into: Any  # the state it led to, when it changed
    values: list[tuple[Any, Any]]


@require_safe
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    case = _case(request, pk)
    return _page(request, case, {})


@require_POST
def step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Takes the step, or shows the page again with what was wrong and what was typed."""
    case = _case(request, pk)
    chosen = case.process.by_action.get(action)
    if chosen is None or not chosen.by_hand:
        raise Http404
    form = StepForm(chosen, case, request.POST, request.FILES)
    if request.POST.get("version") not in (None, "", str(case.version)):
        messages.warning(request, _first(case))
        return redirect("cases.item", pk)
    if not form.is_valid():
        return _page(request, case, {action: form}, status=422)
    try:
        _take(request.user, case, chosen, form)
    except SomebodyWasFirst:
        messages.warning(request, _first(_case(request, pk)))
    except PermissionDenied as error:
        messages.error(request, str(error))
    except ValidationError as error:
        _put(form, error)
        return _page(request, case, {action: form}, status=422)
    else:
        messages.success(request, _("已办理：%(step)s。") % {"step": chosen.title})
    return redirect("cases.item", pk)


@transaction.atomic
def _take(user, case: Case, chosen: Step, form: StepForm) -> None:
    """The files and the step stand or fall together."""
    evidence = [
        documents.add(user, file, region=case.region, organisation=case.organisation)
        for file in form.cleaned_data["files"]
    ]
    given = form.values()
    level = next((given[field.name] for field in chosen.fields if field.kind == "level"), None)
    take(case, chosen.action, user, words=form.cleaned_data["words"], documents=evidence, values=given, level=level)


def _put(form: StepForm, error: ValidationError) -> None:
    """Each fault at its field, the others above."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, faults in by_field.items():
        name = "files" if name == "documents" else name
        for fault in faults:
            form.add_error(name if name in form.fields else None, " ".join(fault.messages))


def _first(case: Case) -> str:
    """Who was quicker, and what the case looks like now."""
    last = case.steps.select_related("actor").order_by("-at", "-pk").first()
    who = str(last.actor) if last and last.actor else _("系统")
    what = said(case, last.action) if last else ""
    return _("%(who)s 刚刚办理了“%(what)s”，事项现在是“%(state)s”。请看过再决定下一步。") % {
        "who": who,
        "what": what,
        "state": case.state_title,
    }


def _case(request: HttpRequest, pk: int) -> Case:
    case = gates.seen_by(request.user).select_related("assignee").filter(pk=pk).first()
    if case is None:
        raise Http404(_("没有这个事项，或不在您的权限范围内。"))
    return case


def _page(request: HttpRequest, case: Case, bound: dict[str, StepForm], status: int = 200) -> HttpResponse:
    room = gates.room(case.kind)
    happened = timeline(case)
    forms = [bound.get(found.action) or StepForm(found, case) for found in available(case, request.user)]
    panels = shown(request, room, case)
    organisation = values.titles("organisation", [case.organisation]).get(case.organisation, case.organisation)
    region = values.titles("region", [case.region]).get(case.region, case.region)
    context = {
        "title": case.title,
        "case": case,
        "process": case.process,
        "state": values.state(case, "state", case.state),
        "clock": case.process.clocks.get(case.process.by_name[case.state].clock),
        "organisation": organisation,
        "region": region,
        "list_url": reverse(room) if room in lists() else reverse("cases"),
        "list_title": lists()[room].title if room in lists() else _("我的事项"),
        "forms": forms,
        "open_form": next(iter(bound), ""),
        "timeline": happened,
        "handler": case.assignee
        or next((found.step.actor for found in happened if found.into and found.step.actor), None),
        "turn": whose_turn(case),
        "room": room,
        "main_panels": [panel for panel in panels if panel.panel.side != "aside"],
        "aside_panels": [panel for panel in panels if panel.panel.side == "aside"],
    }
    return render(request, "cases/case.html", context, status=status)


def whose_turn(case: Case) -> str:
    """The roles that can bring the case forward now, in words: whom to ask."""
    following = {step.permission for step in case.process.awaited_from(case.state)}
    titles = (role.title for role in all_roles().values() if any(role.grants(permission) for permission in following))
    return _("、").join(titles)


def timeline(case: Case) -> list[Happened]:
    """What happened, the latest first."""
    steps = list(case.steps.select_related("actor").prefetch_related("documents").order_by("-at", "-pk")[:200])
    states = case.process.by_name
    people = _people(case, steps)
    return [
        Happened(
            found,
            said(case, found.action),
            states[found.target].title if found.source != found.target and found.target in states else "",
            _values(case, found, people),
        )
        for found in steps
    ]


def said(case: Case, action: str) -> Any:
    known = case.process.by_action.get(action)
    if known:
        return known.title
    return {"open": _("发起"), "escalate": _("超期升级"), "attach": _("补充材料")}.get(action, action)


def _people(case: Case, steps: list[CaseStep]) -> dict:
    """Names of the people that steps named in their fields, in one question."""
    named = {
        found.data[field.name]
        for found in steps
        for field in _fields(case, found)
        if field.kind == "user" and found.data.get(field.name)
    }
    return {user.pk: str(user) for user in User.objects.filter(pk__in=named)} if named else {}


def _fields(case: Case, found: CaseStep):
    known = case.process.by_action.get(found.action)
    return known.fields if known else ()


def _values(case: Case, found: CaseStep, people: dict) -> list[tuple[Any, Any]]:
    shown_values = []
    for field in _fields(case, found):
        value = found.data.get(field.name)
        if value in (None, ""):
            continue
        if field.kind == "choice":
            value = dict(field.offered(case)).get(value, value)
        elif field.kind == "user":
            value = people.get(value, value)
        elif field.kind == "level":
            value = values.level(value)
        shown_values.append((field.title, value))
    return shown_values
