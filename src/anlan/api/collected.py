"""The interface as a whole: the house's operations and those of every capability's `resources.py`.

    # prevent/hazards/resources.py
    router = Router(tags=["hazards"])
    RESOURCES = [("hazards", router)]        # answers below /api/hazards/

A router's operations are entered by session or key like all others; they narrow by gates and call verbs, as pages do.
"""

from functools import cache

from django.http import HttpRequest
from django.urls import URLPattern
from ninja import NinjaAPI, Router

from anlan.api import errors, operations
from anlan.api.entrance import ENTRANCE
from anlan.desk.access.middleware import public
from anlan.desk.lists.rooms import declared, refuse

TITLE = "Anlan 安澜"
VERSION = "1"
ROOT = "api-root"  # ninja's own page of nothing: stays closed to who has not signed in


@cache
def interface() -> NinjaAPI:
    """Built once, when the addresses are."""
    api = NinjaAPI(title=TITLE, version=VERSION, urls_namespace="api", auth=ENTRANCE, openapi_url=None, docs_url=None)
    errors.listen(api)
    api.add_router("", operations.house)
    api.add_router("/lists", operations.lists)
    api.add_router("/standards", operations.standards)
    taken = {"lists", "standards", "me", "openapi.json"}
    for module, _name, (prefix, router) in declared("resources", {"RESOURCES": tuple}):
        if prefix in taken or not isinstance(router, Router):
            refuse(module, f"resource '{prefix}'", ["write (address of its own, ninja.Router)"])
        taken.add(prefix)
        api.add_router(f"/{prefix}", router)

    @api.get("/openapi.json", include_in_schema=False)
    def openapi(request: HttpRequest):
        return described()

    return api


def described() -> dict:
    """The interface in the terms of OpenAPI 3."""
    return interface().get_openapi_schema(path_prefix="/api/")


def addresses() -> list[URLPattern]:
    """Operations turn strangers away themselves, in the interface's own words; the page of nothing does not."""
    found = interface().urls[0]
    for pattern in found:
        if pattern.name != ROOT:
            public(pattern.callback)
    return [pattern for pattern in found if pattern.name != ROOT]
