"""Addresses of everything declared. They come after all others (site.urls), so that a capability's own page wins."""

from django.urls import path

from anlan.desk.forms.declare import forms
from anlan.desk.lists.declare import lists
from anlan.desk.lists.rooms import WrongDeclaration
from anlan.desk.pages import detail_page, form_page, list_page, search_page, selected, showing, view_pages


def _of_list(name: str) -> list:
    entry, given = lists()[name], {"name": name}
    found = [path(f"{name}/", list_page.list_page, given, name=name)]
    if entry.actions:
        found.append(path(f"{name}/actions/<slug:action>/", selected.act, given, name=f"{name}.act"))
    form = forms().get(name)
    if form and form.add:
        found.append(path(f"{name}/new/", form_page.new_page, given, name=f"{name}.new"))
    if form and form.change:
        found.append(path(f"{name}/<str:pk>/edit/", form_page.edit_page, given, name=f"{name}.edit"))
    if entry.item is True:
        found.append(path(f"{name}/<str:pk>/", detail_page.detail_page, given, name=f"{name}.item"))
    return found


def _declared() -> list:
    homeless = set(forms()) - set(lists())
    if homeless:
        raise WrongDeclaration(f"forms stand on {', '.join(sorted(homeless))}, but no list has that name.")
    return [found for name in lists() for found in _of_list(name)]


urlpatterns = [
    path("search/", search_page.search_page, name="search"),
    path("find/<slug:kind>/", search_page.find, name="find"),
    path("panels/<path:on>/<slug:name>/", showing.panel_page, name="panel"),
    path("views/<int:pk>/remove/", view_pages.remove, name="view.remove"),
    path("views/<path:name>/", view_pages.save, name="view.save"),
    *_declared(),
]
