from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.know.places.tree import branch


def tree(request: HttpRequest) -> HttpResponse:
    """Where this person's subtrees begin; every name leads one level down."""
    require(request.user, "places.see")
    return render(request, "places/tree.html", {"title": _("行政区划"), "narrow": True, "branch": branch(request.user)})
