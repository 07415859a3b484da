"""Every capability's addresses, found by the name of its room."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path

from anlan.site import bigscreen, errors, home
from anlan.site.capabilities import installed
from anlan.site.health import health
from anlan.site.running import running

FIRST = "anlan.api"  # programs ask it many times a second, and Django looks through all addresses in their order
LAST = "anlan.desk.pages"  # its addresses are general (`/<list>/<pk>/`): whatever a capability says itself comes before


def _found() -> list:
    return [
        path("", include(f"{name}.urls"))
        for name in sorted(installed(), key=lambda name: (name == LAST, name != FIRST))
        if name != "anlan.site"
        and find_spec(f"{name}.urls")
        and getattr(import_module(f"{name}.urls"), "urlpatterns", None)
    ]


urlpatterns = [
    path("health/", health, name="health"),
    path("running/", running, name="running"),
    path("", home.home, name="home"),
    path("bell/", home.bell, name="bell"),
    path("bigscreen/", bigscreen.bigscreen, name="bigscreen"),
    *_found(),
]
handler400 = errors.bad_request
handler403 = errors.refused
handler404 = errors.not_found
handler500 = errors.broken
