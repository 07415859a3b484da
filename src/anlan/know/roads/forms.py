from contextlib import suppress

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.know.roads.actions import save_closure
from anlan.know.roads.models import Closure

MOMENT = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeInput):
    """The browser's own picker of day and minute."""

    input_type = "datetime-local"

    def __init__(self, **options):
        super().__init__(format=MOMENT, **options)


class ClosureForm(forms.ModelForm):
    since = forms.DateTimeField(label=_("封闭时间"), widget=Moment(), input_formats=[MOMENT])
    until = forms.DateTimeField(
        label=_("预计恢复"),
        widget=Moment(),
        input_formats=[MOMENT],
        required=False,
        help_text=_("到时自动恢复通行；不填，直至人工解除。"),
    )
    lon = forms.FloatField(label=_("经度"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), min_value=-90, max_value=90)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Closure
        fields = ["road", "reason", "words", "lon", "lat", "radius", "passable", "since", "until"]
        help_texts = {
            "road": _("不填，取路网中最近的路名。"),
            "radius": _("半径以内的路段不再通行。"),
            "passable": _("警戒封控等只拦社会车辆的封闭，救援路线仍可经过。"),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def save_by(self, user) -> Closure:
        closure = self.save(commit=False)
        if closure.pk:
            closure.version = self.cleaned_data["version"] or 0
        return save_closure(user, closure)


def _initial(user, query) -> dict:
    """A closure begun on the map lies where the map was pointed at, and begins now."""
    given = {"since": timezone.localtime().replace(second=0, microsecond=0)}
    with suppress(KeyError, ValueError):
        given |= {"lon": round(float(query["lon"]), 6), "lat": round(float(query["lat"]), 6)}
    return given


FORMS = [
    Form(
        on="closures",
        form=ClosureForm,
        add="closures.set",
        change="closures.set",
        save=lambda user, form: form.save_by(user),
        title=_("道路封闭"),
        initial=_initial,
        parts=[
            Part(_("封闭"), ["road", "reason", "words", "passable"]),
            Part(_("时间"), ["since", "until"]),
            Part(_("位置"), ["lon", "lat", "radius"]),
        ],
    ),
]
