from django.utils.translation import gettext_lazy as _

from anlan.desk.panels.declare import Panel
from anlan.watch.devices import gates
from anlan.watch.devices.models import Point


def _of_facility(user, facility) -> dict | None:
    """The way to the board, when anything is measured there."""
    there = gates.seen_by(user).filter(facility=facility).exists()
    return {"facility": facility} if there else None


def _of_device(user, device) -> dict | None:
    points = list(Point.objects.filter(device=device).order_by("pk")[:50])
    return {"points": points, "facility": device.facility} if points else None


PANELS = [
    Panel(
        name="board",
        on="facilities",
        title=_("实时看板"),
        order=15,
        permission="devices.see",
        side="aside",
        template="boards/way.html",
        context=_of_facility,
    ),
    Panel(
        name="trends",
        on="devices",
        title=_("趋势与看板"),
        order=15,
        permission="devices.see",
        side="aside",
        template="boards/way.html",
        context=_of_device,
    ),
]
