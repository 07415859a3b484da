"""The page of rows that could not be taken: each with its reason, its cells open to correction."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.exchange import gates, leftovers
from anlan.desk.exchange.declare import imports
from anlan.desk.exchange.models import ImportRun, Leftover

PAGE = 50


@require_safe
def left(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(gates.runs_of(request.user), pk=pk)
    if run.target not in imports():
        raise Http404
    open_ones = gates.leftovers_of(request.user).filter(run=run)
    context = {
        "title": _("未读入的行：%(name)s") % {"name": run.name},
        "run": run,
        "rows": [_shown(run, one) for one in open_ones[:PAGE]],
        "count": open_ones.count(),
    }
    return render(request, "exchange/left.html", context)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """One row taken as corrected, or laid aside; its card comes back with the outcome."""
    leftover = get_object_or_404(gates.leftovers_of(request.user), pk=pk)
    if leftover.run.target not in imports():
        raise Http404
    words = ""
    try:
        if "aside" in request.POST:
            leftovers.lay_aside(request.user, leftover)
            words = _("第 %(row)d 行已搁置，不再提醒。")
        else:
            cells = [request.POST.get(f"cell.{n}", cell) for n, cell in enumerate(leftover.cells)]
            if not (problems := leftovers.take(request.user, leftover, cells)):
                words = _("第 %(row)d 行已读入。")
            leftover.cells, leftover.problems = cells, problems
    except ValidationError as error:
        leftover.problems = [("", " ".join(error.messages))]
    context = {"one": _shown(leftover.run, leftover), "settled": words and words % {"row": leftover.number}}
    return render(request, "exchange/left.html#row", context)


def _shown(run: ImportRun, leftover: Leftover) -> dict:
    """The cells that some column takes, the faulty ones first."""
    by_field = imports()[run.target].by_field
    faulty = {column for column, _words in leftover.problems}
    cells = [
        (n, by_field[name].title, "" if leftover.cells[n] is None else leftover.cells[n])
        for name, n in run.mapping.items()
        if name in by_field and 0 <= n < len(leftover.cells)
    ]
    return {"row": leftover, "cells": sorted(cells, key=lambda cell: str(cell[1]) not in faulty), "faulty": faulty}
