from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import User
from anlan.desk.access.standing import holders, posts_for
from anlan.desk.forms.declare import Form, Part
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities import gates as facility_gates
from anlan.know.places.fields import RegionField
from anlan.prevent.admission import gates as admission_gates
from anlan.prevent.permits import actions, gates, small_works, spaces
from anlan.prevent.permits.kinds import KINDS, LEVELS
from anlan.prevent.permits.models import Permit, SmallWork, Space
from anlan.prevent.risks import gates as risk_gates

MOMENT = "%Y-%m-%dT%H:%M"
FACTS = ("height_m", "mass_t", "pipe", "separated")  # what rules ask of a work beside kind, time and place


class Moment(forms.DateTimeInput):
    """The browser's own picker of day and minute."""

    input_type = "datetime-local"

    def __init__(self, **options):
        super().__init__(format=MOMENT, **options)


def _works() -> list:
    """One choice for kind and level together, grouped by kind."""
    return [
        (kind.title, [(f"{code}:{level}", _titled(kind, level)) for level in kind.levels])
        for code, kind in KINDS.items()
    ]


def _titled(kind, level: str) -> str:
    return f"{kind.title} {LEVELS[level]}" if level else str(kind.title)


def _enterprises(user, permission: str):
    codes = {post.organisation for post in posts_for(user, permission)}
    return Enterprise.objects.filter(code__in=codes).order_by("name")


class PermitForm(forms.ModelForm):
    """An application. What is chosen belongs to the one enterprise whose work it is."""

    kind_level = forms.ChoiceField(label=_("作业类别和级别"))
    workers = forms.CharField(
        label=_("作业人"),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("一行一人：姓名，需要持证的在后面空一格写特种作业证编号。"),
    )
    height_m = forms.FloatField(label=_("作业高度（m）"), required=False, min_value=0)
    mass_t = forms.FloatField(label=_("吊装质量（t）"), required=False, min_value=0)
    pipe = forms.CharField(label=_("管道编号（盲板抽堵）"), required=False, max_length=48)
    separated = forms.BooleanField(label=_("与上下层作业之间已设隔离"), required=False)
    starts_at = forms.DateTimeField(label=_("计划开始"), widget=Moment(), input_formats=[MOMENT])
    ends_at = forms.DateTimeField(label=_("计划结束"), widget=Moment(), input_formats=[MOMENT])

    class Meta:
        model = Permit
        fields = [
            *("enterprise", "facility", "point", "space", "contractor", "work", "place", "hazards"),
            *("leader", "guardian", "lon", "lat"),
        ]
        widgets = {"hazards": forms.Textarea({"rows": 3})}

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.fields["kind_level"].choices = _works()
        own = _enterprises(user, "permits.apply")
        enterprise = self.instance.enterprise if self.instance.pk else own.first()
        self.fields["enterprise"].queryset = own
        if enterprise is not None:
            self.fields["enterprise"].initial = enterprise.pk
            self._narrow(user, enterprise)
        if self.instance.pk:
            self._show(self.instance)

    def _narrow(self, user, enterprise: Enterprise) -> None:
        code = enterprise.code
        rows = {
            "facility": facility_gates.seen_by(user).filter(organisation=code, in_service=True).order_by("name"),
            "point": risk_gates.seen_by(user).filter(organisation=code, in_use=True).order_by("name"),
            "space": gates.spaces_seen_by(user).filter(organisation=code, in_use=True).order_by("name"),
            "contractor": admission_gates.seen_by(user).filter(organisation=code).order_by("name"),
            "leader": _people(enterprise, "permits.apply"),
            "guardian": _people(enterprise, "permits.guard"),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset
        for name in ("leader", "guardian"):
            self.fields[name].required = True

    def _show(self, permit: Permit) -> None:
        zone = timezone.get_current_timezone()
        lines = (f"{worker.name} {worker.certificate}".strip() for worker in permit.workers.all())
        self.initial |= {
            "kind_level": f"{permit.kind}:{permit.facts.get('asked', permit.level)}",
            "workers": "\n".join(lines),
            **{name: permit.facts.get(name) for name in FACTS},
            "starts_at": permit.starts_at.astimezone(zone),
            "ends_at": permit.valid_until.astimezone(zone),
        }

    def clean_workers(self) -> list[tuple[str, str]]:
        found = []
        for line in self.cleaned_data["workers"].splitlines():
            words = line.split()
            if len(words) > 2:
                raise forms.ValidationError(_("“%(line)s”：一行写一人，姓名和证号之间空一格。") % {"line": line})
            if words:
                found.append((words[0], words[1] if len(words) == 2 else ""))
        return found

    def application(self) -> actions.Application:
        given = self.cleaned_data
        kind, _colon, level = given["kind_level"].partition(":")
        facts = {name: given[name] for name in FACTS if given.get(name)}
        taken = ("enterprise", "facility", "point", "space", "contractor", "work", "place", "hazards", "leader")
        taken = {name: given[name] for name in (*taken, "guardian", "workers", "lon", "lat", "starts_at", "ends_at")}
        return actions.Application(kind=kind, level=level, facts=facts, **taken)

    def save_by(self, user) -> Permit:
        if self.instance.pk:
            return actions.change(user, Permit.objects.get(pk=self.instance.pk), self.application())
        return actions.apply(user, self.application())

    def _post_clean(self):
        """The verb fills and checks the permit; the form must not write half of it into the instance before."""


def _people(enterprise: Enterprise, permission: str):
    keys = holders(permission, region=enterprise.region, organisation=enterprise.code).values("pk")
    own = User.objects.filter(pk__in=keys, posts__organisation=enterprise.code)
    return own.order_by("name").distinct()


class GasForm(forms.Form):
    """One analysis at one place. Empty gases were not measured."""

    place = forms.CharField(label=_("取样部位"), max_length=80)
    at = forms.DateTimeField(label=_("分析时间"), widget=Moment(), input_formats=[MOMENT])
    oxygen = forms.FloatField(label=_("氧含量（%vol）"), required=False, min_value=0, max_value=100)
    flammable = forms.FloatField(label=_("可燃气体（%LEL）"), required=False, min_value=0, max_value=100)
    h2s = forms.FloatField(label=_("硫化氢（ppm）"), required=False, min_value=0)
    co = forms.FloatField(label=_("一氧化碳（ppm）"), required=False, min_value=0)
    nh3 = forms.FloatField(label=_("氨（ppm）"), required=False, min_value=0)

    NAMES = {"oxygen": "oxygen", "flammable": "flammable", "h2s": "H2S", "co": "CO", "nh3": "NH3"}

    def clean(self):
        super().clean()
        if not self.errors and not self.readings():
            raise forms.ValidationError(_("至少填写一种气体的结果。"))
        return self.cleaned_data

    def readings(self) -> dict[str, float]:
        given = self.cleaned_data
        return {gas: given[name] for name, gas in self.NAMES.items() if given.get(name) is not None}


class SpaceForm(forms.ModelForm):
    class Meta:
        model = Space
        fields = [
            *("enterprise", "code", "name", "kind", "place", "facility", "factors", "toxic", "openings"),
            *("volume", "depth", "signed", "barred", "gear", "responsible", "phone", "in_use", "lon", "lat"),
        ]

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        own = _enterprises(user, "spaces.change")
        self.fields["enterprise"].queryset = own
        self.fields["enterprise"].initial = own.first()
        codes = own.values("code")
        facilities = facility_gates.seen_by(user).filter(organisation__in=codes, in_service=True)
        self.fields["facility"].queryset = facilities.order_by("name")
        self.fields["facility"].help_text = _("选了设施，这里的在线气体监测就和有限空间作业联动。")


class SmallWorkForm(forms.ModelForm):
    region = RegionField()

    class Meta:
        model = SmallWork
        fields = [
            *("kind", "title", "place", "region", "owner", "phone", "builder", "workers", "height"),
            *("certified", "crowded", "starts_on", "ends_on", "lon", "lat"),
        ]
        widgets = {"starts_on": forms.DateInput(), "ends_on": forms.DateInput()}

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.user = user

    def _post_clean(self):
        """Level, interval and first check follow in the verb, which checks the whole row."""
        for name, value in self.cleaned_data.items():
            setattr(self.instance, name, value)


def _beginning(user, query) -> dict:
    """A permit usually begins with the next half hour and lasts a shift."""
    now = timezone.localtime()
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=30 if now.minute < 30 else 60)
    given = {"starts_at": start, "ends_at": start + timedelta(hours=8)}
    for name in ("facility", "space", "point", "contractor"):
        if query.get(name, "").isdigit():
            given[name] = int(query[name])
    kind = query.get("kind", "")
    return given | ({"kind_level": f"{kind}:{KINDS[kind].levels[0]}"} if kind in KINDS else {})


def _here(user, query) -> dict:
    """Registered on the spot: the region of the post, today."""
    held = posts_for(user, "small-works.register")
    today = timezone.localdate()
    return {"region": held[0].region if held else "", "starts_on": today, "ends_on": today + timedelta(days=3)}


FORMS = [
    Form(
        on="permits",
        form=PermitForm,
        add="permits.apply",
        change="permits.apply",
        save=lambda user, form: form.save_by(user),
        title=_("作业票"),
        takes_user=True,
        initial=_beginning,
        parts=[
            Part(_("作业"), ["enterprise", "kind_level", "work", "place", "facility", "space", "point"]),
            Part(_("时间"), ["starts_at", "ends_at"]),
            Part(_("人员"), ["leader", "guardian", "workers", "contractor"]),
            Part(_("风险和参数"), ["hazards", *FACTS, "lon", "lat"]),
        ],
    ),
    Form(
        on="spaces",
        form=SpaceForm,
        add="spaces.change",
        change="spaces.change",
        save=lambda user, form: spaces.save_space(user, form.save(commit=False)),
        title=_("有限空间"),
        takes_user=True,
        parts=[
            Part(_("有限空间"), ["enterprise", "code", "name", "kind", "place", "facility", "in_use"]),
            Part(_("危险"), ["factors", "toxic", "openings", "volume", "depth"]),
            Part(_("管控"), ["signed", "barred", "gear", "responsible", "phone", "lon", "lat"]),
        ],
    ),
    Form(
        on="small-works",
        form=SmallWorkForm,
        add="small-works.register",
        change="small-works.register",
        save=lambda user, form: small_works.register(user, form.save(commit=False)),
        title=_("小散工程"),
        takes_user=True,
        initial=_here,
        parts=[
            Part(_("作业"), ["kind", "title", "place", "region", "starts_on", "ends_on", "lon", "lat"]),
            Part(_("谁在做"), ["owner", "phone", "builder", "workers"]),
            Part(_("决定等级"), ["height", "certified", "crowded"]),
        ],
    ),
]
