from django.utils.translation import gettext_lazy as _

from anlan.desk.panels.declare import Panel
from anlan.onemap import basemaps
from anlan.onemap.words import words

ON_SCREEN = "districts,towns,warnings,alarms"  # what the duty room watches; the map itself offers the rest


def _screen(_user, _row) -> dict:
    return {"words": words(), "has_local": basemaps.local() is not None, "only": ON_SCREEN}


PANELS = [
    Panel(
        name="map",
        on="bigscreen",
        title=_("一张图"),
        order=10,
        side="centre",
        template="onemap/screen.html",
        context=_screen,
    )
]
