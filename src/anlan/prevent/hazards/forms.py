from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import posts_for
from anlan.desk.cases.step_form import Files, FilesField
from anlan.desk.forms.declare import Form, Part
from anlan.desk.pages.widgets import NamePicker
from anlan.know.enterprises.models import Enterprise
from anlan.know.places.fields import RegionField
from anlan.prevent.hazards import actions
from anlan.prevent.hazards.gates import enterprises_for
from anlan.prevent.hazards.models import FoundBy, Hazard, Terms
from anlan.prevent.hazards.wording import choices

PERIODS = ("self_check_days", "cancel_days", "most_extensions", "promise_month", "promise_day")


class HazardForm(forms.Form):
    """Registering by hand. Somebody of an enterprise registers for his own; an official names the enterprise."""

    organisation = forms.CharField(label=_("企业"), widget=NamePicker("organisation"))
    title = forms.CharField(label=_("隐患"), max_length=200)
    words = forms.CharField(label=_("隐患描述"), max_length=4000, required=False, widget=forms.Textarea())
    place = forms.CharField(label=_("部位"), max_length=120, required=False)
    post = forms.CharField(label=_("岗位"), max_length=64, required=False)
    kind = forms.ChoiceField(label=_("隐患类别"), choices=lambda: choices("kind"), initial="other")
    cause = forms.ChoiceField(label=_("成因"), choices=lambda: choices("cause"), initial="unknown")
    found_by = forms.ChoiceField(label=_("发现方式"), choices=FoundBy, initial=FoundBy.SELF)
    found_at = forms.DateTimeField(
        label=_("发现时间"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    lon = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    photos = FilesField(label=_("现场照片"), required=False, widget=Files({"multiple": True}))
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.user = user
        own = {post.organisation for post in posts_for(user, "hazards.register")}
        self.own = Enterprise.objects.filter(code__in=own).first() if len(own) == 1 else None
        if self.own:
            del self.fields["organisation"]

    def clean_organisation(self) -> Enterprise:
        code = self.cleaned_data["organisation"]
        found = enterprises_for(self.user, "hazards.register").filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("没有这个企业，或它不在您的辖区内。请从名称里选择。"))
        return found

    def register_by(self, user) -> Hazard:
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        enterprise = given.pop("organisation", None) or self.own
        return actions.register(user, enterprise=enterprise, **given)


class TermsForm(forms.ModelForm):
    region = RegionField()

    class Meta:
        model = Terms
        fields = ["region", *PERIODS]

    def save_by(self, user) -> Terms:
        given = dict(self.cleaned_data)
        return actions.set_terms(user, given.pop("region"), **given)


def _initial(_user, query) -> dict:
    now = timezone.localtime()
    return {"found_at": now.strftime("%Y-%m-%dT%H:%M"), "organisation": query.get("organisation", "")}


FORMS = [
    Form(
        on="hazards",
        form=HazardForm,
        add="hazards.register",
        save=lambda user, form: form.register_by(user),
        title=_("事故隐患"),
        takes_user=True,
        initial=_initial,
        parts=[
            Part(_("隐患"), ["organisation", "title", "words", "photos"]),
            Part(_("在哪里"), ["place", "post", "lon", "lat"]),
            Part(_("怎样发现"), ["found_by", "found_at", "kind", "cause"]),
        ],
    ),
    Form(
        on="hazard-terms",
        form=TermsForm,
        add="hazards.configure",
        change="hazards.configure",
        save=lambda user, form: form.save_by(user),
        title=_("隐患治理期限"),
    ),
]
