from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join

from anlan.desk.access.standing import require
from anlan.desk.lists.declare import names
from anlan.know.places.tree import branch


def tree(request: HttpRequest) -> HttpResponse:
    """Where this person's subtrees begin; every name leads one level down."""
    require(request.user, "places.see")
    return render(request, "places/tree.html", {"branch": branch(request.user)})


def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """Options of a picker: what the typed words may mean. The words come under the form field's own name, `field`."""
    if kind not in names():
        raise Http404
    words = request.GET.get(request.GET.get("field", "words"), "")
    return HttpResponse(
        format_html_join("", '<option value="{}">{}</option>', names()[kind].find(request.user, words[:60]))
    )
