"""The only doors: layers and rows as the asking person may see them."""

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from anlan.desk.access import standing
from anlan.desk.layers.declare import Layer
from anlan.desk.layers.discover import discover, visible
from anlan.onemap.pages import with_expressions


def layers(user, names: str = "") -> list[Layer]:
    """The layers this person may see; only the named ones (separated by commas) when names are given."""
    wanted = {name for name in names.split(",") if name}
    return [layer for layer in visible(user) if not wanted or layer.name in wanted]


def layer(user, name: str) -> Layer:
    """One layer; a layer without the right to see it does not exist."""
    found = discover().get(name)
    if found is None or not standing.may(user, found.permission):
        raise Http404(_("没有这个图层，或您没有查看它的权限。"))
    return found


def rows(user, layer: Layer) -> QuerySet:
    """The rows of a layer that this person may see, and that have a place to be drawn at."""
    queryset = layer.queryset(user)
    known = layer.place[:2] if layer.placed else (layer.geometry,)
    return queryset.filter(**{f"{path}__isnull": False for path in known})


def row(user, layer: Layer, key: str):
    """One row, or 404."""
    try:
        found = with_expressions(layer, layer.queryset(user)).filter(pk=key).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404(_("没有这条记录，或您没有查看它的权限。"))
    return found
