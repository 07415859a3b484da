from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.watch.devices.actions import save_device, save_rule
from anlan.watch.devices.models import Device, Point, Rule
from anlan.watch.devices.profiles import all_profiles


class DeviceForm(forms.ModelForm):
    profile = forms.ChoiceField(label=_("类型"))

    class Meta:
        model = Device
        fields = ["code", "name", "profile", "status", "region", "organisation", "is_gateway", "lon", "lat"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["profile"].choices = [(code, profile.title) for code, profile in all_profiles().items()]


class RuleForm(forms.ModelForm):
    class Meta:
        model = Rule
        fields = [
            "of", "window", "other", "limit", "deadband", "on_delay", "off_delay", "silence", "level", "enabled",
            "source", "checked",
        ]  # fmt: skip

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        device = self.instance.point.device_id if self.instance.point_id else None
        self.fields["other"].queryset = Point.objects.filter(device=device)


FORMS = [
    Form(
        on="devices",
        form=DeviceForm,
        add="devices.add",
        change="devices.change",
        save=lambda user, form: save_device(user, form.save(commit=False)),
        title=_("设备"),
        parts=[
            Part(_("设备"), ["code", "name", "profile", "status", "is_gateway"]),
            Part(_("归属与位置"), ["region", "organisation", "lon", "lat"]),
        ],
    ),
    Form(
        on="rules",
        form=RuleForm,
        change="devices.change",
        save=lambda user, form: save_rule(user, form.save(commit=False)),
        title=_("报警规则"),
        parts=[
            Part(
                _("何时报警"),
                ["of", "window", "other", "limit", "deadband", "on_delay", "off_delay", "silence", "level", "enabled"],
            ),
            Part(_("依据"), ["source", "checked"]),
        ],
    ),
]
