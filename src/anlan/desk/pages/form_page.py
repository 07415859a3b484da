"""The pages that make and change a row, from a declared form. What was typed stays when something is wrong."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import (
    BaseForm,
    CheckboxInput,
    CheckboxSelectMultiple,
    DateInput,
    FileInput,
    ModelChoiceField,
    RadioSelect,
    Select,
    Textarea,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.desk.access.standing import Refused, require
from anlan.desk.forms.declare import Form, forms
from anlan.desk.lists.declare import List, lists
from anlan.desk.pages.detail_page import fits, may_do
from anlan.desk.pages.rows import row_or_404
from anlan.desk.pages.tables import item_url

BLANK = "—"


@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest, name: str) -> HttpResponse:
    entry, declared = lists()[name], forms()[name]
    if not declared.add:
        raise Http404
    require(request.user, declared.add)
    return _page(request, entry, declared, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, name: str, pk: str) -> HttpResponse:
    entry, declared = lists()[name], forms()[name]
    if not declared.change:
        raise Http404
    require(request.user, entry.permission)
    row = row_or_404(entry, request.user, pk)
    if not may_do(request.user, declared.change, row):
        raise Refused(_("您的岗位不能修改这一条。"))
    if not fits(declared, row):
        raise Refused(_("这一条已经办理，不能再改。"))
    return _page(request, entry, declared, row)


def _page(request: HttpRequest, entry: List, declared: Form, row) -> HttpResponse:
    form = dressed(_form(request, declared, row))
    if request.method == "POST" and form.is_valid():
        saved = _saved(request, declared, form)
        if saved is not None:
            messages.success(request, _("已保存。"))
            return redirect((item_url(entry, saved) if entry.item else "") or reverse(entry.name))
    cancel = (item_url(entry, row) if row is not None and entry.item else "") or reverse(entry.name)
    context = {
        "title": _title(declared, row),
        "verb": declared.verb if row is not None else "",
        "entry": entry,
        "form": form,
        "parts": parts(declared, form),
        "cancel": cancel,
    }
    return render(request, "pages/form.html", {**context, "list_url": reverse(entry.name), "narrow": True})


def _title(declared: Form, row) -> str:
    if row is None:
        return _("新建%(title)s") % {"title": declared.title}
    return _("%(verb)s：%(row)s") % {"verb": declared.verb or _("修改"), "row": row}


def _form(request: HttpRequest, declared: Form, row) -> BaseForm:
    arguments: dict = {"user": request.user} if declared.takes_user else {}
    if row is not None:
        arguments["instance"] = row
    elif declared.initial:
        arguments["initial"] = declared.initial(request.user, request.GET)
    if request.method == "POST":
        arguments |= {"data": request.POST, "files": request.FILES}
    return declared.form(**arguments)


def _saved(request: HttpRequest, declared: Form, form: BaseForm):
    """The row, or None with the reason put beside what was typed."""
    try:
        return declared.save(request.user, form)
    except ValidationError as error:
        fields = getattr(error, "error_dict", {})
        known = {name: fields[name] for name in fields if name in form.fields}
        for name, wrong in known.items():
            form.add_error(name, wrong)
        rest = [message for name in fields if name not in known for wrong in fields[name] for message in wrong.messages]
        for message in rest if fields else error.messages:
            form.add_error(None, message)
    except PermissionDenied as error:
        form.add_error(None, str(error))
    return None


def parts(declared: Form, form: BaseForm) -> list[tuple[object, list]]:
    """Headings with their fields; fields in no part come first, under none."""
    placed = {name for part in declared.parts for name in part.fields}
    found = [("", [field for field in form.visible_fields() if field.name not in placed])]
    found += [(part.title, [form[name] for name in part.fields if name in form.fields]) for part in declared.parts]
    return [(title, fields) for title, fields in found if fields]


def dressed(form: BaseForm) -> BaseForm:
    """Gives each widget the look of the platform's controls."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
            continue
        look = "form-check-input" if isinstance(widget, CheckboxInput) else "form-control"
        if isinstance(widget, Select):
            look = "form-select"
            _blank(field)
        if isinstance(widget, DateInput):
            widget.input_type, widget.format = "date", "%Y-%m-%d"  # the browser's own calendar
        if isinstance(widget, Textarea):
            widget.attrs.setdefault("rows", 3)
        if isinstance(widget, FileInput):
            look = "form-control"
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} {look}".strip()
    return form


def _blank(field) -> None:
    """The empty choice as a dash: Django's own words for it are not translated everywhere."""
    if isinstance(field, ModelChoiceField):
        if getattr(field, "empty_label", None):
            field.empty_label = BLANK
        return
    choices = list(field.choices)
    if choices and choices[0][0] in ("", None):
        field.choices = [(choices[0][0], BLANK), *choices[1:]]
