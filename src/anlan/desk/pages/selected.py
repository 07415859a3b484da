"""A declared action on the rows somebody selected: all of them, or none."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.desk.access.models import Governed
from anlan.desk.access.standing import may_row, require
from anlan.desk.lists.declare import List, RowAction, lists
from anlan.desk.pages.narrowing import by_keys

MOST_ROWS = 500


@require_POST
def act(request: HttpRequest, name: str, action: str) -> HttpResponse:
    entry = lists()[name]
    chosen = next((found for found in entry.actions if found.name == action), None)
    if chosen is None or chosen.page:
        raise Http404
    require(request.user, entry.permission)
    require(request.user, chosen.permission)
    try:
        said = _done(request, entry, chosen)
    except (ValidationError, PermissionDenied) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        messages.success(request, said)
    return redirect(back(request, reverse(entry.name)))


@transaction.atomic
def _done(request: HttpRequest, entry: List, action: RowAction) -> str:
    given = (request.POST.get(f"{part}-{action.name}", "").strip() for part in ("reason", "words"))
    words = "：".join(part for part in given if part)[:500]
    if action.words and not words:
        raise ValidationError(_("请填写“%(action)s”的说明。") % {"action": action.title})
    rows = _rows(request, entry)
    allowed = [row for row in rows if not isinstance(row, Governed) or may_row(request.user, action.permission, row)]
    if not allowed:
        raise ValidationError(_("没有可以“%(action)s”的行：请先选择，或检查您的权限。") % {"action": action.title})
    said = action.run(request.user, allowed, words) or _("已对 %(count)d 行“%(action)s”。") % {
        "count": len(allowed),
        "action": action.title,
    }
    if len(allowed) < len(rows):
        said = f"{said} " + _("另有 %(count)d 行不在您的权限内，未办理。") % {"count": len(rows) - len(allowed)}
    return said


def _rows(request: HttpRequest, entry: List) -> list:
    keys = request.POST.getlist("pk")[: MOST_ROWS + 1]
    if len(keys) > MOST_ROWS:
        raise ValidationError(_("一次最多选择 %(count)d 行。") % {"count": MOST_ROWS})
    queryset = entry.gate(request.user)
    try:
        keys = [queryset.model._meta.pk.to_python(key) for key in keys]
    except ValidationError as error:
        raise Http404 from error
    return by_keys(queryset, keys, entry)


def back(request: HttpRequest, otherwise: str) -> str:
    """Where the form came from, when that is an address of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours and wanted.startswith("/") else otherwise
