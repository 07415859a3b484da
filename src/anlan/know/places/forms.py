from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.know.places.actions import save_region
from anlan.know.places.models import Region


class RegionForm(forms.ModelForm):
    code = forms.CharField(
        label=_("区划代码"), max_length=15, help_text=_("上级由代码确定，例如 360108001 属于 360108。")
    )

    class Meta:
        model = Region
        fields = ["code", "name", "short_name", "kind", "lon", "lat", "area_km2", "valid_from", "valid_to", "source"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["code"].disabled = True


FORMS = [
    Form(
        on="places",
        form=RegionForm,
        add="places.add",
        change="places.change",
        save=lambda user, form: save_region(user, form.save(commit=False)),
        title=_("行政区划"),
        parts=[
            Part(_("区划"), ["code", "name", "short_name", "kind"]),
            Part(_("位置"), ["lon", "lat", "area_km2"]),
            Part(_("起止与来源"), ["valid_from", "valid_to", "source"]),
        ],
    ),
]
