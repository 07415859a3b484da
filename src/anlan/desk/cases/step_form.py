"""The form of one step: its words, fields and evidence, made from the process table."""

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import holders
from anlan.desk.cases.models import Case, Level
from anlan.desk.cases.process import Field, Step

MOST_FILES = 10


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one control; answers a list."""

    widget = Files

    def clean(self, data, initial=None):
        files = [file for file in (data or []) if file]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"])
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("一次最多 %(count)d 个文件。"), params={"count": MOST_FILES})
        return [super(FilesField, self).clean(file, initial) for file in files]


class StepForm(forms.Form):
    """`values()` are the step's own fields; `words` and `files` stand beside them."""

    def __init__(self, step: Step, case: Case, *args, **kwargs):
        super().__init__(*args, prefix=step.action, **kwargs)
        self.step = step
        for declared in step.fields:
            self.fields[declared.name] = _field(declared, step, case)
        self.fields["words"] = forms.CharField(
            label=_("说明"),
            required=step.words,
            max_length=2000,
            widget=forms.Textarea({"rows": 3, "class": "form-control"}),
        )
        self.fields["files"] = FilesField(
            label=_("佐证材料（照片、文件）") if not step.evidence else _("佐证材料（必传）"),
            required=bool(step.evidence),
            widget=Files({"class": "form-control", "multiple": True}),
        )

    def values(self) -> dict:
        return {declared.name: _plain(self.cleaned_data[declared.name]) for declared in self.step.fields}

    @property
    def asks(self) -> bool:
        """Something must be given before the step can be taken."""
        return any(field.required for field in self.fields.values())


def _field(declared: Field, step: Step, case: Case) -> forms.Field:
    common = {"label": declared.title, "required": declared.required}
    if declared.kind == "choice":
        choices = [("", _("请选择")), *declared.offered(case)]
        return forms.ChoiceField(choices=choices, widget=forms.Select({"class": "form-select"}), **common)
    if declared.kind == "level":
        choices = [("", _("请选择")), *Level.choices]
        return forms.TypedChoiceField(
            choices=choices, coerce=int, empty_value=None, widget=forms.Select({"class": "form-select"}), **common
        )
    if declared.kind == "user":
        people = _who_may_go_on(step, case)
        return forms.ModelChoiceField(people, widget=forms.Select({"class": "form-select"}), **common)
    if declared.kind == "number":
        return forms.FloatField(widget=forms.NumberInput({"class": "form-control"}), **common)
    if declared.kind == "date":
        return forms.DateField(widget=forms.DateInput({"type": "date", "class": "form-control"}), **common)
    return forms.CharField(max_length=500, widget=forms.TextInput({"class": "form-control"}), **common)


def _who_may_go_on(step: Step, case: Case):
    """Those who could take a step from where this one leads: to whom the case can be given."""
    following = [s for s in case.process.steps_from(step.target or case.state) if s.by_hand and s.target]
    people = [holders(s.permission, region=case.region, organisation=case.organisation) for s in following]
    keys = {key for found in people for key in found.values_list("pk", flat=True)}
    return case._meta.get_field("assignee").related_model.objects.filter(pk__in=keys).order_by("name")


def _plain(value):
    """As it is kept in the case's JSON."""
    return value.isoformat() if hasattr(value, "isoformat") else getattr(value, "pk", value)
