from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.know.enterprises import gates as enterprise_gates
from anlan.know.facilities import gates
from anlan.know.facilities.actions import save_facility
from anlan.know.facilities.kinds import all_kinds
from anlan.know.facilities.models import Facility
from anlan.know.organisations.fields import OrganisationField
from anlan.know.places.fields import RegionField


class FacilityForm(forms.ModelForm):
    """Owner is an enterprise or a public body, named by its code; the parent is one of the same owner's facilities."""

    organisation = OrganisationField(label=_("企业或单位"))
    region = RegionField()
    kind = forms.ChoiceField(label=_("类别"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Facility
        fields = [
            *("kind", "code", "name", "organisation", "parent", "region", "lon", "lat", "geometry"),
            *("hazard_level", "r_value", "consequence_m", "in_service", "attributes"),
        ]
        widgets = {"geometry": forms.Textarea(attrs={"rows": 3}), "attributes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.user = user
        self.fields["kind"].choices = [(code, kind.title) for code, kind in all_kinds().items()]
        owner = self.instance.organisation or self.initial.get("organisation") or self.data.get("organisation", "")
        mine = gates.seen_by(user).filter(organisation=owner) if owner else gates.seen_by(user).none()
        self.fields["parent"].queryset = mine.exclude(pk=self.instance.pk).order_by("name")
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def save_by(self, user) -> Facility:
        facility = self.save(commit=False)
        facility.enterprise = enterprise_gates.seen_by(user).filter(code=facility.organisation).first()
        if facility.pk:
            facility.version = self.cleaned_data["version"] or 0
        return save_facility(user, facility)


def _initial(user, query) -> dict:
    """A facility added from an enterprise's file belongs to it and lies where it lies."""
    asked = query.get("organisation")
    seen = enterprise_gates.seen_by(user)
    chosen = seen.filter(code=asked).first() if asked else None
    if chosen is None and not asked:
        own = list(seen[:2])
        chosen = own[0] if len(own) == 1 else None
    if chosen is None:
        return {}
    return {"organisation": chosen.code, "region": chosen.region, "lon": chosen.lon, "lat": chosen.lat}


FORMS = [
    Form(
        on="facilities",
        form=FacilityForm,
        add="facilities.add",
        change="facilities.change",
        save=lambda user, form: form.save_by(user),
        title=_("设施"),
        takes_user=True,
        initial=_initial,
        parts=[
            Part(_("设施"), ["kind", "name", "code", "organisation", "parent", "in_service"]),
            Part(_("重大危险源"), ["hazard_level", "r_value", "consequence_m"]),
            Part(_("位置"), ["region", "lon", "lat", "geometry"]),
            Part(_("其他"), ["attributes"]),
        ],
    ),
]
