from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.know.facilities import gates as facility_gates
from anlan.know.facilities.models import Facility
from anlan.know.organisations.fields import OrganisationField
from anlan.know.places.fields import RegionField
from anlan.telemetry.book import secret_hash
from anlan.watch.devices import gates
from anlan.watch.devices.actions import save_device
from anlan.watch.devices.fields import RowField
from anlan.watch.devices.identities import knows_password, written
from anlan.watch.devices.models import Device, Stranger
from anlan.watch.devices.profiles import all_profiles
from anlan.watch.devices.quarantine import Terms, admit, likely_profile, name_behind_gateway
from anlan.wire.modbus.tags import read_settings as modbus_settings
from anlan.wire.opcua.tags import read_settings as opcua_settings

ASKED = {"modbus": modbus_settings, "opcua": opcua_settings}
NO_FACILITY = {"unknown": _("没有这个设施，或它不在您的辖区内。")}
SECRET_HELP = _("协议里带口令的设备（如环保数采仪）在此填写它的口令；只保存摘要。")


class DeviceForm(forms.ModelForm):
    """All that the register holds of a device. Its password is kept as a digest bound to the identity, so it is typed
    again when that changes."""

    profile = forms.ChoiceField(label=_("类型"))
    region = RegionField()
    organisation = OrganisationField(required=False)
    facility = RowField(
        "facility", Facility.objects.none(), label=_("所在设施"), required=False, error_messages=NO_FACILITY
    )
    gateway = RowField(
        "gateway",
        Device.objects.none(),
        label=_("所属网关"),
        required=False,
        help_text=_("它的读数由哪台网关代报。网关用设备的名称指它，两边须一字不差。"),
        error_messages={"unknown": _("没有这台网关，或它不在您的辖区内。网关是勾选了“网关”的设备。")},
    )
    secret = forms.CharField(label=_("协议口令"), max_length=64, required=False, widget=forms.PasswordInput())
    forget_secret = forms.BooleanField(label=_("不再核对口令"), required=False)

    class Meta:
        model = Device
        fields = [
            *("code", "name", "profile", "status", "region", "organisation", "facility", "lon", "lat"),
            *("is_gateway", "gateway", "identity", "settings"),
        ]
        widgets = {"settings": forms.Textarea({"rows": 10, "spellcheck": "false"})}
        help_texts = {
            "is_gateway": _("替别的设备上报：它们登记时选它作所属网关。"),
            "identity": _("没有令牌的协议里它自报的身份，前面写协议：jt808:13970010203。"),
            "settings": _("协议细节，JSON；modbus、opcua 在此写地址和测点表（docs/telemetry.md）。"),
        }

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["profile"].choices = [(code, profile.title) for code, profile in all_profiles().items()]
        # What was chosen before stays choosable, though it may lie outside one's own region.
        own = self.instance
        seen = facility_gates.seen_by(user, "devices.change")
        self.fields["facility"].queryset = seen | Facility.objects.filter(pk=own.facility_id)
        others = gates.gateways_for(user) | Device.objects.filter(pk=own.gateway_id)
        self.fields["gateway"].queryset = others.exclude(pk=own.pk)
        if own.secret_digest:
            self.fields["secret"].help_text = _("已设口令，只存摘要。留空则不变。")
        else:
            del self.fields["forget_secret"]
            self.fields["secret"].help_text = SECRET_HELP

    def clean_identity(self) -> str | None:
        try:
            return written(self.cleaned_data["identity"] or "") or None
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault

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

    def clean(self):
        given = super().clean()
        self._judge_gateway(given)
        if "identity" in given:
            self._judge_secret(given)
        return given

    def _judge_gateway(self, given: dict) -> None:
        gateway, name = given.get("gateway"), given.get("name")
        if gateway and given.get("is_gateway"):
            self.add_error("gateway", _("网关自己上报，不在别的网关之后。"))
        if not given.get("is_gateway") and self.instance.pk and self.instance.children.exists():
            self.add_error("is_gateway", _("还有设备由它代报：先给它们改选网关。"))
        namesake = gateway and name and gateway.children.filter(name=name).exclude(pk=self.instance.pk).first()
        if namesake:
            words = _("这台网关后面已有叫这个名字的设备：%(code)s。") % {"code": namesake.code}
            self.add_error("name", words)

    def _judge_secret(self, given: dict) -> None:
        identity, secret = given["identity"], given.get("secret")
        kept = self.instance.secret_digest and not secret and not given.get("forget_secret")
        if secret and not identity:
            self.add_error("secret", _("口令随协议标识一起核对：请先填协议标识。"))
        elif secret and not knows_password(identity):
            self.add_error("secret", _("这个协议里没有口令。"))
        elif kept and identity and identity != self.initial.get("identity"):
            self.add_error("secret", _("协议标识改了，原来的口令不再有效：请重新填写，或勾选不再核对。"))

    def device(self) -> Device:
        """The device as the form says it is, not yet saved."""
        device, given = self.save(commit=False), self.cleaned_data
        if given["secret"]:
            device.secret_digest = secret_hash(device.identity, given["secret"])
        elif given.get("forget_secret") or not device.identity:
            device.secret_digest = ""
        return device


class AdmitForm(forms.Form):
    """As what somebody unknown is admitted: a device that is in the register already, or a new one."""

    code = forms.CharField(
        label=_("编号"), max_length=64, help_text=_("填已登记设备的编号，就是给它接上；填新编号，就登记一台新设备。")
    )
    name = forms.CharField(label=_("名称"), max_length=120, required=False)
    profile = forms.ChoiceField(label=_("类型"), required=False)
    facility = RowField(
        "facility", Facility.objects.none(), label=_("所在设施"), required=False, error_messages=NO_FACILITY
    )
    region = RegionField(required=False)
    organisation = OrganisationField(required=False)
    secret = forms.CharField(
        label=_("协议口令"),
        max_length=64,
        required=False,
        widget=forms.PasswordInput(),
        help_text=SECRET_HELP,
    )

    def __init__(self, *args, instance: Stranger, user, **options):
        super().__init__(*args, **options)
        self.instance = instance
        self.fields["facility"].queryset = facility_gates.seen_by(user, "devices.admit")
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
        facility = given.get("facility")
        if facility:
            given["region"] = given.get("region") or facility.region
            given["organisation"] = given.get("organisation") or facility.organisation
        if not Device.objects.filter(code=given.get("code", "")).exists():
            for name in ("name", "profile", "region"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("登记新设备时必填。"))
        return given

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            code=given["code"],
            name=given["name"],
            profile=given["profile"],
            region=given["region"],
            organisation=given["organisation"],
            facility=given["facility"].pk if given["facility"] else None,
            secret=given["secret"],
        )


FORMS = [
    Form(
        on="strangers",
        form=AdmitForm,
        change="devices.admit",
        save=lambda user, form: admit(user, form.instance, form.terms()),
        title=_("准入设备"),
        verb=_("准入设备"),
        fits=lambda stranger: not stranger.admitted,
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
        save=lambda user, form: save_device(user, form.device()),
        title=_("设备"),
        takes_user=True,
        parts=[
            Part(_("设备"), ["code", "name", "profile", "status"]),
            Part(_("归属与位置"), ["region", "organisation", "facility", "lon", "lat"]),
            Part(_("接入"), ["is_gateway", "gateway", "identity", "secret", "forget_secret", "settings"]),
        ],
    ),
]
