from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.know.facilities import gates as facility_gates
from anlan.know.facilities.models import Facility
from anlan.know.organisations.fields import OrganisationField
from anlan.know.places.fields import NamedField, RegionField
from anlan.watch.devices.actions import save_device
from anlan.watch.devices.models import Device, Stranger
from anlan.watch.devices.profiles import all_profiles
from anlan.watch.devices.quarantine import Terms, admit, likely_profile, name_behind_gateway
from anlan.wire.modbus.tags import read_settings as modbus_settings
from anlan.wire.opcua.tags import read_settings as opcua_settings

ASKED = {"modbus": modbus_settings, "opcua": opcua_settings}


class DeviceForm(forms.ModelForm):
    profile = forms.ChoiceField(label=_("类型"))

    class Meta:
        model = Device
        fields = [
            *("code", "name", "profile", "status", "region", "organisation", "is_gateway", "lon", "lat"),
            *("identity", "settings"),
        ]
        widgets = {"settings": forms.Textarea({"rows": 10, "spellcheck": "false"})}
        help_texts = {
            "identity": _("没有令牌的协议里它自报的身份，前面写协议：jt808:013800138000。"),
            "settings": _("协议细节，JSON；modbus、opcua 在此写地址和测点表（docs/telemetry.md）。"),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["profile"].choices = [(code, profile.title) for code, profile in all_profiles().items()]

    def clean_settings(self) -> dict:
        """Whoever asks devices says what it can read: a slip is told here, not found in a letter tomorrow."""
        settings = self.cleaned_data["settings"] or {}
        if not isinstance(settings, dict):
            raise forms.ValidationError(_("协议设置是一个 JSON 对象。"))
        for name, read in ASKED.items():
            if name in settings:
                try:
                    read(settings[name])
                except ValueError as fault:
                    raise forms.ValidationError(str(fault)) from fault
        return settings


class FacilityField(NamedField):
    """The key of a facility, chosen by name."""

    kind = "facility"

    def codes(self, value: str) -> list[str]:
        if value.isdecimal() and Facility.objects.filter(pk=int(value)).exists():
            return [value]
        return [str(pk) for pk in Facility.objects.filter(name=value).values_list("pk", flat=True)[:20]]


class AdmitForm(forms.Form):
    """As what somebody unknown is admitted: a device that is in the register already, or a new one."""

    code = forms.CharField(
        label=_("编号"), max_length=64, help_text=_("填已登记设备的编号，就是给它接上；填新编号，就登记一台新设备。")
    )
    name = forms.CharField(label=_("名称"), max_length=120, required=False)
    profile = forms.ChoiceField(label=_("类型"), required=False)
    facility = FacilityField(label=_("所在设施"), required=False)
    region = RegionField(required=False)
    organisation = OrganisationField(required=False)
    secret = forms.CharField(
        label=_("协议口令"),
        max_length=64,
        required=False,
        widget=forms.PasswordInput(),
        help_text=_("协议里带口令的设备（如环保数采仪）在此填写它的口令；只保存摘要。"),
    )

    def __init__(self, *args, instance: Stranger, user, **options):
        super().__init__(*args, **options)
        self.instance, self.user = instance, user
        blank = ("", "")
        self.fields["profile"].choices = [blank, *((code, one.title) for code, one in all_profiles().items())]
        gateway = instance.gateway
        self.initial |= {"name": instance.name, "profile": likely_profile(instance)}
        if gateway:
            self.initial |= {
                "name": name_behind_gateway(instance),
                "code": f"{gateway.code}-{name_behind_gateway(instance)}"[:64],
                "region": gateway.region,
                "organisation": gateway.organisation,
                "facility": gateway.facility_id,
            }

    def clean(self):
        given = super().clean()
        facility = self._facility(given)
        if facility:
            given["region"] = given.get("region") or facility.region
            given["organisation"] = given.get("organisation") or facility.organisation
        if not Device.objects.filter(code=given.get("code", "")).exists():
            for name in ("name", "profile", "region"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("登记新设备时必填。"))
        return given

    def _facility(self, given: dict) -> Facility | None:
        chosen = given.get("facility")
        if not chosen:
            return None
        facility = facility_gates.seen_by(self.user, "devices.admit").filter(pk=int(chosen)).first()
        if facility is None:
            self.add_error("facility", _("没有这个设施，或它不在您的辖区内。"))
        return facility

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            code=given["code"],
            name=given["name"],
            profile=given["profile"],
            region=given["region"],
            organisation=given["organisation"],
            facility=int(given["facility"]) if given["facility"] else None,
            secret=given["secret"],
        )


FORMS = [
    Form(
        on="strangers",
        form=AdmitForm,
        change="devices.admit",
        save=lambda user, form: admit(user, form.instance, form.terms()),
        title=_("准入设备"),
        takes_user=True,
        parts=[
            Part(_("设备"), ["code", "name", "profile", "secret"]),
            Part(_("归属与位置"), ["facility", "organisation", "region"]),
        ],
    ),
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
            Part(_("协议"), ["identity", "settings"]),
        ],
    ),
]
