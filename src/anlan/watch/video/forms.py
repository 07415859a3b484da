import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.watch.devices import gates as device_gates
from anlan.watch.devices.models import Device
from anlan.watch.devices.profiles import all_profiles
from anlan.watch.video.actions import save_camera
from anlan.watch.video.models import Camera

KINDS = {"intrusion": _("越界侵入"), "absence": _("脱岗"), "fire": _("火焰"), "smoke": _("烟雾")}


def watching_profiles() -> list[str]:
    """Profiles whose points are what a camera's detectors tell."""
    return [code for code, profile in all_profiles().items() if set(profile.points) & set(KINDS)]


class CameraForm(forms.ModelForm):
    login = forms.CharField(
        label=_("登录名:密码"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("不填则保留原有的；填一个减号“-”则清除。加密保存，不再显示。"),
    )
    look_for = forms.MultipleChoiceField(
        label=_("识别什么"), required=False, choices=KINDS.items(), widget=forms.CheckboxSelectMultiple
    )
    zone = forms.CharField(
        label=_("警戒区"),
        required=False,
        widget=forms.HiddenInput,
        help_text=_("在摄像机页面的画面上点出各角。不画则看整幅画面。"),
    )

    class Meta:
        model = Camera
        fields = [
            "device", "transport", "url", "gb_id", "parent_gb_id", "maker", "ptz", "retention_days", "covers",
            "every", "model",
        ]  # fmt: skip

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        devices = device_gates.seen_by(user).filter(profile__in=watching_profiles())
        self.fields["device"].queryset = (
            devices if self.instance._state.adding else Device.objects.filter(pk=self.instance.pk)
        )
        self.fields["model"].help_text = _("ANLAN_HOME/models 下的 ONNX 文件名（不带扩展名）；不填用自带的识别。")
        self.fields["look_for"].initial = list(self.instance.detect)
        zones = [each.get("zone") for each in self.instance.detect.values() if each.get("zone")]
        self.fields["zone"].initial = json.dumps(zones[0]) if zones else ""

    def clean_zone(self):
        text = self.cleaned_data["zone"]
        try:
            return json.loads(text) if text else []
        except ValueError as problem:
            raise ValidationError(_("警戒区须是各角的列表。")) from problem

    def clean(self):
        cleaned = super().clean()
        if "look_for" in cleaned and "zone" in cleaned:
            self.instance.detect = {
                key: {**self.instance.detect.get(key, {}), "zone": cleaned["zone"]} for key in cleaned["look_for"]
            }
        return cleaned


def _save(user, form: CameraForm) -> Camera:
    login = form.cleaned_data["login"]
    return save_camera(user, form.save(commit=False), None if not login else "" if login == "-" else login)


FORMS = [
    Form(
        on="cameras",
        form=CameraForm,
        add="video.change",
        change="video.change",
        save=_save,
        title=_("摄像机"),
        takes_user=True,
        initial=lambda user, query: {"device": query.get("device")},
        parts=[
            Part(_("摄像机"), ["device", "covers", "maker", "ptz", "retention_days"]),
            Part(_("视频流"), ["transport", "url", "login", "gb_id", "parent_gb_id"]),
            Part(_("识别"), ["look_for", "zone", "every", "model"]),
        ],
    )
]
