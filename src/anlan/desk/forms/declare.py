"""Add and edit pages, as a capability writes them in its `forms.py`.

    FORMS = [Form(on="enterprises", form=EnterpriseForm, add="enterprises.add", change="enterprises.change",
                  save=actions.save_from_form, title=_("企业"))]

`on` is the name of the list whose rows are made and changed: `/<on>/new/` (url name `<on>.new`) and
`/<on>/<pk>/edit/` (`<on>.edit`). The row comes through the list's gate. `save(user, form)` is a verb of the
capability: it gets the valid form, checks the standing, saves, records, and answers the row; a ValidationError or
Refused from it is shown beside what was typed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.forms import BaseForm

from anlan.desk.lists.rooms import declared, permission_faults, refuse


@dataclass(frozen=True)
class Part:
    """Some of the fields under a heading of their own."""

    title: Any
    fields: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form. `add` or `change` may be "" when rows are not made or not changed by hand. `takes_user`: the form
    class wants `user=` when it is made. `initial(user, query)` fills a new form. `verb`: what changing a row is called
    on its button and above its page, where 修改 would say too little. A row is changed only while it `fits(row)`."""

    on: str
    form: type[BaseForm]
    save: Callable[[Any, Any], Any]
    title: Any
    add: str = ""
    change: str = ""
    verb: Any = ""
    parts: Sequence[Part] = ()
    takes_user: bool = False
    initial: Callable[[Any, Any], dict] | None = None
    fits: Callable[[Any], bool] | None = None


def faults(form: Form) -> list[str]:
    """What is wrong with a form, in sentences."""
    found = [fault for permission in (form.add, form.change) if permission for fault in permission_faults(permission)]
    if not form.add and not form.change:
        found.append("it names neither the permission to add nor that to change, so nobody could use it")
    if not (isinstance(form.form, type) and issubclass(form.form, BaseForm)):
        found.append("form is not a Django form class")
        return found
    known = set(form.form.base_fields)
    found += [
        f"part '{part.title}' names the field '{name}', which the form does not have"
        for part in form.parts
        for name in part.fields
        if name not in known and not form.takes_user
    ]
    return found


@cache
def forms() -> dict[str, Form]:
    """All forms by the list they belong to."""
    found: dict[str, Form] = {}
    for module, _, form in declared("forms", {"FORMS": Form}):
        refuse(module, f"form on '{form.on}'", faults(form))
        if form.on in found:
            refuse(module, f"form on '{form.on}'", ["this list has a form already"])
        found[form.on] = form
    return found
