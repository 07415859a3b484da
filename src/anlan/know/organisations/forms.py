from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import posts_for
from anlan.desk.forms.declare import Form, Part
from anlan.know.organisations import gates
from anlan.know.organisations.actions import save_organisation, save_person
from anlan.know.organisations.fields import OrganisationField
from anlan.know.organisations.models import Organisation, Person
from anlan.know.places.fields import RegionField

POSITION = ("title", "duties", "order", "duty_phone")


class OrganisationForm(forms.ModelForm):
    region = RegionField()

    class Meta:
        model = Organisation
        fields = [
            "code",
            "name",
            "short_name",
            "kind",
            "region",
            "parent",
            "address",
            "phone",
            "duty_phone",
            "lon",
            "lat",
        ]

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.fields["parent"].queryset = gates.seen_by(user).exclude(pk=self.instance.pk).order_by("name")
        if self.instance.pk:
            self.fields["code"].disabled = True


class PersonForm(forms.ModelForm):
    """A person with the title held in the own organisation."""

    organisation = OrganisationField()
    region = RegionField()
    title = forms.CharField(label=_("职务"), max_length=80, required=False)
    duties = forms.CharField(label=_("安全职责"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    order = forms.IntegerField(label=_("排序"), min_value=0, max_value=9999, initial=100, required=False)
    duty_phone = forms.CharField(label=_("值班电话"), max_length=32, required=False)

    class Meta:
        model = Person
        fields = ["name", "phone", "organisation", "region"]

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        own = {post.organisation: post.region for post in posts_for(user, "people.change")}
        if not self.instance.pk and len(own) == 1:
            self.initial.setdefault("organisation", next(iter(own)))
            self.initial.setdefault("region", next(iter(own.values())))
        held = self.instance.pk and self.instance.positions.filter(organisation=self.instance.organisation).first()
        if held:
            self.initial |= {name: getattr(held, name) for name in POSITION}

    @property
    def position(self) -> dict:
        given = {name: self.cleaned_data.get(name) for name in POSITION}
        return given | {"order": given["order"] if given["order"] is not None else 100}


FORMS = [
    Form(
        on="organisations",
        form=OrganisationForm,
        add="organisations.change",
        change="organisations.change",
        save=lambda user, form: save_organisation(user, form.save(commit=False)),
        title=_("单位"),
        takes_user=True,
        parts=[
            Part(_("单位"), ["code", "name", "short_name", "kind", "parent", "region"]),
            Part(_("联系与位置"), ["phone", "duty_phone", "address", "lon", "lat"]),
        ],
    ),
    Form(
        on="people",
        form=PersonForm,
        add="people.change",
        change="people.change",
        save=lambda user, form: save_person(user, form.save(commit=False), form.position),
        title=_("人员"),
        takes_user=True,
        parts=[
            Part(_("人员"), ["name", "phone", "organisation", "region"]),
            Part(_("职务"), ["title", "duties", "duty_phone", "order"]),
        ],
    ),
]
