"""Every capability's addresses, found by the name of its room."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path

from anlan.site.capabilities import installed
from anlan.site.health import health


def _found() -> list:
    return [
        path("", include(f"{name}.urls"))
        for name in installed()
        if name != "anlan.site"
        and find_spec(f"{name}.urls")
        and getattr(import_module(f"{name}.urls"), "urlpatterns", None)
    ]


urlpatterns = [path("health/", health, name="health"), *_found()]
