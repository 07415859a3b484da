import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.know.enterprises import gates as enterprise_gates
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities import gates as facility_gates
from anlan.know.organisations.fields import OrganisationField
from anlan.know.places.fields import RegionField
from anlan.prevent.risks import gates
from anlan.prevent.risks.actions import save_control, save_event, save_point
from anlan.prevent.risks.disasters import save_disaster_point
from anlan.prevent.risks.drawing import save_plan
from anlan.prevent.risks.joining import save_agreement
from anlan.prevent.risks.models import Agreement, Control, DisasterPoint, Event, FloorPlan, Point, Unit

SEPARATORS = re.compile(r"[、，,;；\s]+")


def _own(user) -> Enterprise | None:
    """The enterprise of a person who sees one only."""
    seen = list(enterprise_gates.seen_by(user)[:2])
    return seen[0] if len(seen) == 1 else None


def _enterprise(user, code: str) -> Enterprise:
    found = enterprise_gates.seen_by(user).filter(code=code).first()
    if found is None:
        raise ValidationError({"organisation": _("没有您能看到的这家企业。")})
    return found


class PointForm(forms.ModelForm):
    organisation = OrganisationField(label=_("企业"))
    region = RegionField(required=False, help_text=_("留空则取企业所在辖区"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Point
        fields = [
            *("organisation", "kind", "name", "code", "facility", "post", "responsible_level", "responsible", "phone"),
            *("handling", "region", "lon", "lat"),
        ]
        widgets = {"handling": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"handling": _("每行一步，印在岗位应急处置卡上。")}

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        owner = self.instance.organisation or self.initial.get("organisation") or self.data.get("organisation", "")
        mine = facility_gates.seen_by(user).filter(organisation=owner) if owner else facility_gates.seen_by(user).none()
        self.fields["facility"].queryset = mine.order_by("name")
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self.fields["organisation"].disabled = True

    def save_by(self, user) -> Point:
        point = self.save(commit=False)
        point.enterprise = _enterprise(user, self.cleaned_data["organisation"])
        if point.pk:
            point.version = self.cleaned_data["version"] or 0
        return save_point(user, point)


def _new_point(user, query) -> dict:
    own = _own(user)
    code = query.get("organisation") or (own.code if own else "")
    return {"organisation": code, "kind": query.get("kind", "")} if code else {}


class EventForm(forms.ModelForm):
    point = forms.ModelChoiceField(label=_("风险点"), queryset=Point.objects.none())
    unit = forms.CharField(label=_("单元或作业步骤"), max_length=160)
    way = forms.ChoiceField(label=_("辨识方法"), choices=Unit.Way.choices)
    factors = forms.CharField(
        label=_("危险和有害因素"), required=False, help_text=_("用顿号分开；可写 GB/T 13861 代码")
    )
    accident_types = forms.CharField(label=_("事故类型"), required=False, help_text=_("用顿号分开"))

    class Meta:
        model = Event
        fields = ["name", "consequence"]

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.fields["point"].queryset = gates.seen_by(user, "risks.change").filter(in_use=True).order_by("name")
        asked = self.initial.get("point") or (self.instance.pk and self.instance.point_id)
        if asked:
            self.fields["point"].widget = forms.HiddenInput()
            self.initial["point"] = asked
        if self.instance.pk:
            self.initial |= {
                "unit": self.instance.unit.name,
                "way": self.instance.unit.way,
                "factors": "、".join(self.instance.factors),
                "accident_types": "、".join(self.instance.accident_types),
            }

    def save_by(self, user) -> Event:
        event, given = self.save(commit=False), self.cleaned_data
        event.factors, event.accident_types = _several(given["factors"]), _several(given["accident_types"])
        return save_event(user, given["point"], event, unit=given["unit"], way=given["way"])


def _several(text: str) -> list[str]:
    return [part for part in SEPARATORS.split(text) if part]


class ControlForm(forms.ModelForm):
    event = forms.ModelChoiceField(label=_("风险事件"), queryset=Event.objects.none(), widget=forms.HiddenInput)

    class Meta:
        model = Control
        fields = [
            *("event", "kind", "text", "check_text", "responsible_level", "post", "every_days", "clause", "in_use"),
        ]
        help_texts = {"check_text": _("检查时问什么；留空则用措施本身。"), "every_days": _("多少天排查一次。")}

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.fields["event"].queryset = gates.events_seen_by(user)
        if self.instance.pk:
            self.initial["event"] = self.instance.event_id
            self.fields["event"].disabled = True


class PlanForm(forms.ModelForm):
    organisation = OrganisationField(label=_("企业"))
    picture = forms.FileField(label=_("图片"), required=False)
    drawn = forms.FileField(label=_("DXF 或 GeoJSON"), required=False)

    class Meta:
        model = FloorPlan
        fields = ["organisation", "title", "corners"]
        widgets = {"corners": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"corners": _("[[经度, 纬度], …] 依次为西北、东北、东南、西南四角")}

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["organisation"].disabled = True

    def save_by(self, user) -> FloorPlan:
        plan = self.save(commit=False)
        plan.enterprise = _enterprise(user, self.cleaned_data["organisation"])
        given = self.cleaned_data
        return save_plan(user, plan, image=given.get("picture"), drawing=given.get("drawn"))


def _new_plan(user, query) -> dict:
    """Corners proposed around the enterprise: half a hectare to begin with."""
    own = enterprise_gates.seen_by(user).filter(code=query.get("organisation", "")).first() or _own(user)
    if own is None:
        return {}
    if own.lon is None:
        return {"organisation": own.code}
    east, north = 0.0012, 0.0009
    box = [
        [round(own.lon + x * east, 6), round(own.lat + y * north, 6)] for x, y in ((-1, 1), (1, 1), (1, -1), (-1, -1))
    ]
    return {"organisation": own.code, "corners": box}


class AgreementForm(forms.ModelForm):
    region = RegionField(label=_("牵头地区"))
    partners = forms.CharField(label=_("对方地区代码"), help_text=_("多个用顿号分开"))

    class Meta:
        model = Agreement
        fields = ["title", "region", "partners", "subject", "from_level", "reply_hours", "since", "until"]
        widgets = {
            "since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["partners"] = "、".join(code for code in self.instance.regions if code != self.instance.region)

    def clean_partners(self) -> list[str]:
        codes = _several(self.cleaned_data["partners"])
        if not all(code.isdecimal() and len(code) <= 15 for code in codes):
            raise ValidationError(_("地区代码只含数字。"))
        return codes

    def save_by(self, user) -> Agreement:
        agreement = self.save(commit=False)
        agreement.regions = self.cleaned_data["partners"]
        return save_agreement(user, agreement)


class DisasterPointForm(forms.ModelForm):
    region = RegionField()

    class Meta:
        model = DisasterPoint
        fields = [
            *("name", "kind", "level", "region", "lon", "lat", "households", "persons", "signs", "zone", "route"),
            *("shelter", "control_list", "evacuation_list", "relief_list"),
        ]
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("zone", "route", "control_list", "evacuation_list", "relief_list")
        }

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.fields["shelter"].queryset = facility_gates.seen_by(user).filter(kind="shelter").order_by("name")


def _form(on: str, form, title, permission: str, **more) -> Form:
    return Form(
        on=on,
        form=form,
        add=permission,
        change=permission,
        save=more.pop("save", lambda user, given: given.save_by(user)),
        title=title,
        takes_user=more.pop("takes_user", True),
        **more,
    )


FORMS = [
    Form(
        on="risks",
        form=PointForm,
        add="risks.add",
        change="risks.change",
        save=lambda user, form: form.save_by(user),
        title=_("风险点"),
        takes_user=True,
        initial=_new_point,
        parts=[
            Part(_("风险点"), ["organisation", "kind", "name", "code", "facility"]),
            Part(_("谁来管"), ["post", "responsible_level", "responsible", "phone"]),
            Part(_("出事怎么办"), ["handling"]),
            Part(_("位置"), ["region", "lon", "lat"]),
        ],
    ),
    _form(
        "risk-events",
        EventForm,
        _("风险事件"),
        "risks.change",
        initial=lambda user, query: {
            name: query[name] for name in ("point", "unit", "way") if query.get(name) and len(query[name]) < 161
        },
    ),
    _form(
        "risk-controls",
        ControlForm,
        _("管控措施"),
        "risks.change",
        save=lambda user, form: save_control(user, form.save(commit=False)),
        initial=lambda user, query: {"event": query["event"]} if query.get("event", "").isdecimal() else {},
    ),
    _form("floor-plans", PlanForm, _("企业平面图"), "risks.change", initial=_new_plan),
    _form("joint-control", AgreementForm, _("联防联控协议"), "joint-control.change", takes_user=False),
    _form(
        "disaster-points",
        DisasterPointForm,
        _("自然灾害风险点"),
        "disaster-points.change",
        save=lambda user, form: save_disaster_point(user, form.save(commit=False)),
    ),
]
