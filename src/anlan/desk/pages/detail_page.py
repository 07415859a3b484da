"""The page of one row: its panels, the ways to change it, and the declared actions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.desk.access.models import Governed
from anlan.desk.access.standing import may, may_row, require
from anlan.desk.forms.declare import Form, forms
from anlan.desk.lists.declare import RowAction, lists
from anlan.desk.pages.rows import row_or_404
from anlan.desk.pages.showing import shown


@require_safe
def detail_page(request: HttpRequest, name: str, pk: str) -> HttpResponse:
    entry = lists()[name]
    require(request.user, entry.permission)
    row = row_or_404(entry, request.user, pk)
    ready = shown(request, name, row)
    return render(
        request,
        "pages/detail.html",
        {
            "title": str(row),
            "entry": entry,
            "row": row,
            "list_url": reverse(name),
            "edit_url": reverse(f"{name}.edit", args=[row.pk]) if may_change(request.user, name, row) else "",
            "edit_title": (name in forms() and forms()[name].verb) or _("修改"),
            "actions": [a for a in entry.actions if fits(a, row) and may_do(request.user, a.permission, row)],
            "main_panels": [panel for panel in ready if panel.panel.side != "aside"],
            "aside_panels": [panel for panel in ready if panel.panel.side == "aside"],
        },
    )


def may_change(user, name: str, row) -> bool:
    form = forms().get(name)
    return bool(form and form.change and fits(form, row) and may_do(user, form.change, row))


def fits(offered: Form | RowAction, row) -> bool:
    return offered.fits is None or offered.fits(row)


def may_do(user, permission: str, row) -> bool:
    return may_row(user, permission, row) if isinstance(row, Governed) else may(user, permission)
