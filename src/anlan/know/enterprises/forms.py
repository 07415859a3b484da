from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may
from anlan.desk.forms.declare import Form, Part
from anlan.know.enterprises.actions import OWN, save_enterprise
from anlan.know.enterprises.categories import all_categories
from anlan.know.enterprises.models import Enterprise
from anlan.know.organisations.models import Organisation
from anlan.know.places.fields import RegionField


class CategoryBoxes(forms.CheckboxSelectMultiple):
    """Boxes side by side: there are some thirty categories."""

    template_name = "enterprises/category_boxes.html"


class EnterpriseForm(forms.ModelForm):
    """The whole file for the supervising side; an enterprise's own people change what they say of themselves."""

    region = RegionField()
    categories = forms.MultipleChoiceField(label=_("监管类别"), required=False, widget=CategoryBoxes, choices=())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Enterprise
        fields = [
            "code",
            "name",
            "short_name",
            "region",
            "status",
            "industry",
            "scale",
            "level",
            "employees",
            "output",
            "legal_representative",
            "phone",
            "safety_officer",
            "safety_phone",
            "duty_phone",
            "address",
            "founded_on",
            "lon",
            "lat",
            "supervisors",
        ]

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.fields["categories"].choices = [(code, one.title) for code, one in all_categories().items()]
        bodies = Organisation.objects.filter(kind__in=[Organisation.Kind.DEPARTMENT, Organisation.Kind.GOVERNMENT])
        self.fields["supervisors"].queryset = bodies.order_by("region", "name")
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self.initial["categories"] = list(self.instance.categories.values_list("code", flat=True))
            self.fields["code"].disabled = True
        self.own_only = bool(self.instance.pk) and not may(user, "enterprises.change", region=self.instance.region)
        if self.own_only:
            for name in set(self.fields) - {*OWN, "version"}:
                del self.fields[name]

    def save_by(self, user) -> Enterprise:
        enterprise = self.save(commit=False)
        if enterprise.pk:
            enterprise.version = self.cleaned_data["version"] or 0
        if self.own_only:
            return save_enterprise(user, enterprise)
        return save_enterprise(user, enterprise, self.cleaned_data["categories"], self.cleaned_data["supervisors"])


FORMS = [
    Form(
        on="enterprises",
        form=EnterpriseForm,
        add="enterprises.add",
        change="enterprises.change",
        save=lambda user, form: form.save_by(user),
        title=_("企业"),
        takes_user=True,
        parts=[
            Part(_("企业"), ["code", "name", "short_name", "status", "industry", "scale", "founded_on"]),
            Part(_("监管"), ["level", "categories", "supervisors"]),
            Part(_("联系人"), ["legal_representative", "phone", "safety_officer", "safety_phone", "duty_phone"]),
            Part(_("规模"), ["employees", "output"]),
            Part(_("位置"), ["region", "address", "lon", "lat"]),
        ],
    ),
]
