"""A form field that takes a code by name, code or pinyin initials: `forms.CharField(widget=NamePicker("region"))`."""

from django.forms import TextInput
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.desk.pages import values


class NamePicker(TextInput):
    """A combobox over the names of a kind declared in some `naming.py`. The value is the code. Without script, or
    when somebody knows the code by heart, a code typed into the visible box counts as well."""

    template_name = "pages/name_picker.html"

    def __init__(self, kind: str, attrs=None):
        super().__init__(attrs)
        self.kind = kind

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        code = context["widget"]["value"] or ""
        called = values.titles(self.kind, [code]).get(code, code) if code else ""
        context["widget"] |= {
            "code": code,
            "called": called,
            "url": reverse("find", args=[self.kind]),
            "none": _("没有找到"),
        }
        return context

    def value_from_datadict(self, data, files, name):
        code = data.get(name, "")
        return code or data.get(f"{name}__text", "")

    def id_for_label(self, id_):
        return id_
