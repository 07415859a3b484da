"""Saving and removing a person's views of a list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from anlan.desk.access.standing import require
from anlan.desk.lists.declare import lists
from anlan.desk.pages import actions, gates


@require_POST
def save(request: HttpRequest, name: str) -> HttpResponse:
    entry = lists().get(name)
    if entry is None:
        raise Http404
    require(request.user, entry.permission)
    query = request.POST.get("query", "")
    try:
        query = actions.save_view(request.user, name, request.POST.get("title", ""), query).query
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse(name)}?{query}")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(gates.views_of(request.user), pk=pk)
    view.delete()
    return redirect(reverse(view.list) if view.list in lists() else "/")
