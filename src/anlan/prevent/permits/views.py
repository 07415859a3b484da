"""Pages of a permit beside its case: gas analysis, isolation, measures, people in and out, the printed permit."""

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.desk.access.middleware import public
from anlan.desk.access.standing import require
from anlan.desk.pages.form_page import dressed
from anlan.prevent.permits import actions, gates, live_gas, showing
from anlan.prevent.permits.forms import GasForm
from anlan.prevent.permits.models import Isolation, Permit, Worker


@require_http_methods(["GET", "HEAD", "POST"])
def gas_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Type an analysis in, or take over what the instruments at the place say now."""
    permit = _permit(request, pk)
    require(request.user, "permits.test", permit)
    form = dressed(GasForm(request.POST if request.method == "POST" else None, initial={"at": timezone.localtime()}))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _done(request, form, lambda: _record_gas(request, permit, given["place"], form.readings(), given["at"])):
            return redirect("cases.item", pk)
    context = {"permit": permit, "form": form, "measured": live_gas.measured(permit), "narrow": True}
    return render(request, "permits/gas_page.html", context)


@require_POST
def gas_from_instruments(request: HttpRequest, pk: int) -> HttpResponse:
    """Records what the instruments say at this moment, asked again here: nothing that a page sent is believed."""
    permit = _permit(request, pk)
    require(request.user, "permits.test", permit)
    found = live_gas.measured(permit)
    if not found:
        messages.error(request, _("现场没有可取用的在线测值，请手工填写分析结果。"))
        return redirect("permits.gas", pk)
    readings = {one.gas: one.value for one in found}
    at, source = min(one.at for one in found), found[0].source
    if _done(request, None, lambda: _record_gas(request, permit, found[0].title, readings, at, source)):
        return redirect("cases.item", pk)
    return redirect("permits.gas", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def isolation_page(request: HttpRequest, pk: int) -> HttpResponse:
    permit = _permit(request, pk)
    require(request.user, "permits.isolate", permit)
    typed = {name: request.POST.get(name, "").strip() for name in ("kind", "tag", "position", "medium")}
    wrong: list[str] = []
    if request.method == "POST":
        try:
            actions.isolate(request.user, permit, **typed)
        except ValidationError as error:
            wrong = error.messages
        else:
            messages.success(request, _("已登记隔离点。"))
            return redirect("cases.item", pk)
    context = {"permit": permit, "kinds": Isolation.Kind.choices, "typed": typed, "wrong": wrong, "narrow": True}
    return render(request, "permits/isolation_page.html", context, status=422 if wrong else 200)


@require_POST
def restore(request: HttpRequest, pk: int, isolation: int) -> HttpResponse:
    permit = _permit(request, pk)
    point = permit.isolations.filter(pk=isolation).first()
    if point is None:
        raise Http404
    if _done(request, None, lambda: actions.restore(request.user, point)):
        messages.success(request, _("已解除隔离 %(tag)s。") % {"tag": point.tag})
    return redirect("cases.item", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def measures_page(request: HttpRequest, pk: int) -> HttpResponse:
    permit = _permit(request, pk)
    if request.method == "POST":
        done = {int(number) for number in request.POST.getlist("done") if number.isdigit()}
        if _done(request, None, lambda: actions.confirm_measures(request.user, permit, done)):
            messages.success(request, _("已保存安全措施。"))
            return redirect("cases.item", pk)
    context = {"permit": permit, "measures": showing.measures(permit), "narrow": True}
    return render(request, "permits/measures_page.html", context)


@require_POST
def count(request: HttpRequest, pk: int, worker: int) -> HttpResponse:
    """One person goes in or comes out."""
    permit = _permit(request, pk)
    row = Worker.objects.filter(pk=worker, permit=permit).select_related("permit").first()
    if row is None:
        raise Http404
    _done(request, None, lambda: actions.count_in(request.user, row, inside=request.POST.get("inside") == "1"))
    return redirect("cases.item", pk)


@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The permit as it is hung up at the place, with the code that says whether it is valid now."""
    permit = _permit(request, pk)
    address = request.build_absolute_uri(f"/permits/check/{permit.token}/")
    context = showing.printed(permit) | {"code": segno.make(address, error="m").svg_data_uri(scale=4, border=2)}
    return render(request, "permits/printed.html", context | {"title": permit.number})


@public
@require_safe
def checked(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever scans the printed code: is this permit valid at this moment? Nothing else of it is told."""
    permit = gates.by_token(token)
    if permit is None:
        raise Http404
    return render(request, "permits/checked.html", showing.validity(permit, timezone.now()))


@require_safe
def space_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The warning sign of a limited space, to be printed and hung at its opening."""
    space = gates.spaces_seen_by(request.user).filter(pk=pk).select_related("enterprise").first()
    if space is None:
        raise Http404
    address = request.build_absolute_uri(f"/spaces/{space.pk}/")
    context = {"space": space, "code": segno.make(address, error="m").svg_data_uri(scale=4, border=2)}
    return render(request, "permits/space_sign.html", context)


def _permit(request: HttpRequest, pk: int) -> Permit:
    permit = gates.seen_by(request.user).select_related("case", "enterprise", "space", "guardian").filter(pk=pk).first()
    if permit is None:
        raise Http404(_("没有这张作业票，或不在您的权限范围内。"))
    return permit


def _record_gas(request, permit: Permit, place: str, readings, at, source: str = "person") -> None:
    test = actions.record_gas(request.user, permit, place=place, readings=readings, at=at, source=source)
    if test.passed:
        messages.success(request, _("气体分析合格，已记录。"))
    else:
        messages.error(request, _("气体分析不合格，已记录，不得作业。"))


def _done(request, form, act) -> bool:
    """Does it, or says why not: beside the form, or above the page it leads back to."""
    try:
        act()
    except ValidationError as error:
        for words in error.messages:
            form.add_error(None, words) if form is not None else messages.error(request, words)
        return False
    except PermissionDenied as error:
        messages.error(request, str(error))
        return False
    return True
