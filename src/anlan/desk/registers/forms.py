"""One form for each record type, made from its fields. The schema judges; the form only offers the right inputs."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import posts_for
from anlan.desk.forms.declare import Form, Part
from anlan.desk.pages.widgets import NamePicker
from anlan.desk.registers import actions, words
from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.declare import Field, RecordType, record_types
from anlan.desk.registers.models import Record
from anlan.desk.wording import with_unit

DAY = partial(forms.DateInput, attrs={"type": "date"}, format="%Y-%m-%d")


class RecordForm(forms.ModelForm):
    """The base of all record forms; `record_type` is set by the made class."""

    record_type: RecordType
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(label=gettext_lazy("修改说明"), max_length=500, required=False)

    class Meta:
        model = Record
        fields: list[str] = []

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        record = self.instance
        if record.pk:
            self.initial |= {"version": record.version, **record.data}
            self._keep_old_codes(record)
        else:
            del self.fields["words"]
        if user is not None:
            self._place(user, record)

    def _place(self, user, record: Record) -> None:
        """Where the person's posts leave no choice, none is offered."""
        held = posts_for(user, self.record_type.change if record.pk else self.record_type.add)
        own = {post.organisation for post in held if all_roles()[post.role].side == "enterprise"}
        everywhere = [post for post in held if all_roles()[post.role].side != "enterprise"]
        if record.pk or not held:
            return
        self.initial.setdefault("region", held[0].region)
        if own and not everywhere:
            self.initial.setdefault("organisation", held[0].organisation)
            if len(own) == 1:
                self.fields["organisation"].disabled = True
            if len(held) == 1 and len(held[0].region) >= 9:
                self.fields["region"].disabled = True

    def _keep_old_codes(self, record: Record) -> None:
        for field in self.record_type.fields:
            if field.type != "choice" or field.name not in record.data:
                continue
            held = record.data[field.name]
            offered = list(self.fields[field.name].choices)
            known = {value for value, _title in offered}
            titled = code_lists()[field.codes].titled
            missing = [code for code in (held if isinstance(held, list) else [held]) if code not in known]
            self.fields[field.name].choices = [*offered, *((code, titled(code)) for code in missing)]

    def _post_clean(self):
        """The instance stays as it was read: the verb decides what changes, against what stands now."""

    def entry(self) -> actions.Entry:
        given = self.cleaned_data
        return actions.Entry(
            values={field.name: given.get(field.name) for field in self.record_type.entered},
            region=given.get("region") or "",
            organisation=given.get("organisation") or "",
            **{name: given.get(name) for name in ("lon", "lat", "valid_from", "valid_to")},
        )


def save(user, form: RecordForm) -> Record:
    """The form's verb: a new record, or a change of the one that was read. A conflict is told field by field."""
    if not form.instance.pk:
        return actions.add(user, form.record_type, form.entry())
    try:
        given = form.cleaned_data
        return actions.change(user, form.instance, given["version"] or 0, form.entry(), given.get("words", ""))
    except actions.Conflict as conflict:
        form.data = form.data.copy()
        form.data["version"] = str(conflict.version)  # whoever saves again has seen what the other wrote
        raise ValidationError(_told(form, conflict)) from conflict


def _told(form: RecordForm, conflict: actions.Conflict) -> dict[str, Any]:
    told: dict[str, Any] = {"__all__": conflict.messages}
    for name, (now, _wanted) in conflict.fields.items():
        value = words.change_of(form.record_type, name, now)
        place = name if name in form.fields else "__all__"
        title = words.title_of(form.record_type, name)
        told.setdefault(place, [])
        told[place].append(
            _("“%(title)s”已被另一人改为“%(value)s”。要保留您的值，请再次保存。")
            % {"title": title, "value": _("空") if value is None else value}
        )
    return told


def form_class(kind: RecordType) -> type[RecordForm]:
    """The form of a record type."""
    head = ["region", "organisation"]
    head += ["lon", "lat"] if kind.place else []
    head += ["valid_from", "valid_to"] if kind.dated else []
    widgets = {"region": NamePicker("region"), "organisation": NamePicker("organisation")}
    widgets |= {"valid_from": DAY(), "valid_to": DAY()} if kind.dated else {}
    meta = type("Meta", (RecordForm.Meta,), {"fields": head, "widgets": widgets})
    body = {field.name: form_field(field) for field in kind.entered}
    return type(f"{kind.code.title().replace('_', '')}Form", (RecordForm,), {**body, "Meta": meta, "record_type": kind})


def form_field(field: Field) -> forms.Field:
    """The input for one field of a type."""
    shared = {"label": field.title, "required": field.required, "help_text": field.help}
    match field.type:
        case "number":
            limits = {"min_value": field.least, "max_value": field.most}
            made = forms.IntegerField if field.whole else forms.FloatField
            return made(**shared | {"label": with_unit(field.title, field.unit_title)}, **limits)
        case "date":
            return forms.DateField(**shared, widget=DAY())
        case "boolean":
            return forms.BooleanField(**shared | {"required": False})
        case "choice" if field.many:
            return forms.MultipleChoiceField(
                **shared, choices=partial(_offered, field), widget=forms.CheckboxSelectMultiple
            )
        case "choice":
            return forms.ChoiceField(**shared, choices=partial(_offered, field, empty=True))
        case "reference":
            to = record_types_title(field.to)
            return forms.CharField(**shared | {"help_text": to}, max_length=200)
    wide = field.max_length > 200
    return forms.CharField(**shared, max_length=field.max_length, widget=forms.Textarea if wide else forms.TextInput)


def record_types_title(code: str) -> Any:
    return format_lazy("{} {}", gettext_lazy("填写编号，来自台账："), record_types()[code].title)


def _offered(field: Field, empty: bool = False) -> list[tuple[str, Any]]:
    ordered = code_lists()[field.codes].ordered(timezone.localdate())
    offered = [(code.code, f"{'　' * depth}{code.title}") for code, depth in ordered]
    return [("", "—"), *offered] if empty else offered


def _form(kind: RecordType) -> Form:
    made = form_class(kind)
    head = [name for name in made.base_fields if name not in kind.by_name and name not in ("version", "words")]
    return Form(
        on=kind.list_name,
        form=made,
        save=save,
        title=kind.title,
        add=kind.add,
        change=kind.change,
        parts=[
            Part(gettext_lazy("登记内容"), [field.name for field in kind.entered]),
            Part(gettext_lazy("归属、位置和有效期"), [*head, "words"]),
        ],
        takes_user=True,
    )


FORMS = [_form(kind) for kind in record_types().values()]
