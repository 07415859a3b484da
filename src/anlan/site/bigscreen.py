"""The screen of the duty room: dark, legible from afar, each number with its age, live."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from anlan.desk.access.standing import require
from anlan.desk.pages.showing import Shown, shown

SIDES = ("left", "centre", "right", "bottom")
MOST_PANELS = 7  # more cannot be taken in at a glance (UX: 7 ± 2); the first of each side stay


@require_safe
def bigscreen(request: HttpRequest) -> HttpResponse:
    require(request.user, "bigscreen.see")
    chosen = fitting(shown(request, "bigscreen"))
    sides = {side: [panel for panel in chosen if panel.panel.side == side] for side in SIDES}
    return render(request, "bigscreen.html", {**sides, "now": timezone.localtime()})


def fitting(panels: list[Shown]) -> list[Shown]:
    """At most MOST_PANELS, taken in turn from each side, so that no side is pushed off by another."""
    rank: dict[str, int] = {}
    ranked = []
    for panel in panels:
        rank[panel.panel.side] = rank.get(panel.panel.side, 0) + 1
        ranked.append((rank[panel.panel.side], panel))
    kept = [panel for _rank, panel in sorted(ranked, key=lambda pair: pair[0])[:MOST_PANELS]]
    return [panel for panel in panels if panel in kept]
