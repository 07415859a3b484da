from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import User
from anlan.desk.access.standing import posts_for
from anlan.desk.forms.declare import Form, Part
from anlan.know.enterprises import gates as enterprise_gates
from anlan.know.enterprises.categories import all_categories
from anlan.know.organisations.fields import OrganisationField
from anlan.know.places.fields import RegionField
from anlan.prevent.checks import drawing, patrols
from anlan.prevent.checks.checklists import checklists
from anlan.prevent.checks.models import Kind, Level, Patrol, Plan
from anlan.prevent.checks.planning import save_plan
from anlan.prevent.risks.models import Point

FIXED = ("checklist", "kind", "level", "post", "every_days")  # of a plan that follows the controls
POINTS = 500


class EnterpriseChoice:
    """The enterprise named by its code, which this person may plan for."""

    def _enterprise(self):
        code = self.cleaned_data.get("organisation", "")
        found = enterprise_gates.seen_by(self.user).filter(code=code).first()
        if found is None:
            raise forms.ValidationError({"organisation": _("没有这家企业，或不在您的权限范围内。")})
        return found


class PlanForm(EnterpriseChoice, forms.ModelForm):
    """A plan made by hand asks a checklist of a pack; of one from controls only person and dates change."""

    organisation = OrganisationField(label=_("企业"))
    checklist = forms.ChoiceField(label=_("检查表"))
    every_days = forms.IntegerField(
        label=_("周期（天）"), required=False, min_value=1, max_value=1100, help_text=_("只检查一次请留空。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Plan
        fields = [
            *("organisation", "title", "checklist", "kind", "level", "post", "assignee", "every_days"),
            *("starts_on", "ends_on", "in_use"),
        ]

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.user = user
        self.fields["checklist"].choices = [(code, one.title) for code, one in checklists().items()]
        self.fields["level"].choices = [(one.value, one.label) for one in Level if one != Level.GOVERNMENT]
        self.fields["kind"].choices = [(one.value, one.label) for one in Kind if one != Kind.RANDOM]
        owner = self.instance.organisation or self.initial.get("organisation") or self.data.get("organisation", "")
        people = User.objects.filter(is_active=True, posts__organisation=owner).distinct() if owner else None
        self.fields["assignee"].queryset = User.objects.none() if people is None else people.order_by("name", "pk")
        self.fields["assignee"].help_text = _("不选则由该层级的人员自行领取。")
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self.fields["organisation"].disabled = True
        if self.instance.from_controls:
            del self.fields["checklist"]
            for name in FIXED[1:]:
                self.fields[name].disabled = True

    def clean(self):
        cleaned = super().clean()
        self.instance.enterprise = self._enterprise()
        return cleaned

    def save_by(self, user) -> Plan:
        plan = self.save(commit=False)
        if plan.pk:
            plan.version = self.cleaned_data["version"] or 0
        return save_plan(user, plan)


class PatrolForm(EnterpriseChoice, forms.ModelForm):
    """A round over risk points, in the order of their codes."""

    organisation = OrganisationField(label=_("企业"))
    points = forms.ModelMultipleChoiceField(
        label=_("巡查点（风险点）"), queryset=Point.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Patrol
        fields = ["organisation", "title"]

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.user = user
        owner = self.data.get("organisation") or self.initial.get("organisation", "")
        seen = enterprise_gates.seen_by(user).filter(code=owner).values("pk")
        mine = Point.objects.filter(enterprise__in=seen, in_use=True).order_by("code")
        first = list(mine.values_list("pk", flat=True)[:POINTS])
        self.fields["points"].queryset = Point.objects.filter(pk__in=first).order_by("code")
        if not first:
            self.fields["points"].help_text = _("选定企业并保存一次后，这里列出它的风险点。")

    def save_by(self, user) -> Patrol:
        chosen = list(self.cleaned_data["points"])
        return patrols.make(user, self._enterprise(), self.cleaned_data["title"], chosen)


class DrawForm(forms.Form):
    """What is drawn from and how many."""

    checklist = forms.ChoiceField(
        label=_("检查表"),
        help_text=_("在辖区内正常生产经营的企业中随机抽取，并为每家随机抽取两名检查人员。"),
    )
    region = RegionField()
    category = forms.ChoiceField(label=_("监管类别"), required=False)
    count = forms.IntegerField(label=_("抽取企业数"), min_value=1, max_value=drawing.MOST, initial=10)
    due_on = forms.DateField(label=_("检查期限"))
    title = forms.CharField(label=_("名称"), max_length=100, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["checklist"].choices = [(code, one.title) for code, one in checklists().items()]
        every = [("", _("不限"))]
        self.fields["category"].choices = every + [(code, one.title) for code, one in all_categories().items()]

    def wanted(self) -> drawing.Wanted:
        return drawing.Wanted(**self.cleaned_data)


def _to_draw(user, query) -> dict:
    held = posts_for(user, "checks.draw")
    return {"region": held[0].region if held else "", "due_on": timezone.localdate() + timedelta(days=30)}


def _initial(user, query) -> dict:
    """The enterprise one comes from, or one's own; the checklist one was just reading."""
    given = {"starts_on": timezone.localdate()}
    asked = query.get("organisation")
    own = list(enterprise_gates.seen_by(user).filter(code=asked) if asked else enterprise_gates.seen_by(user)[:2])
    if len(own) == 1:
        given["organisation"] = own[0].code
    chosen = checklists().get(query.get("checklist", ""))
    if chosen:
        given |= {"checklist": chosen.code, "title": str(chosen.title), "kind": chosen.kind, "level": chosen.level}
        given["every_days"] = chosen.every_days
    return given


FORMS = [
    Form(
        on="check-plans",
        form=PlanForm,
        add="checks.plan",
        change="checks.plan",
        save=lambda user, form: form.save_by(user),
        title=_("排查计划"),
        takes_user=True,
        initial=_initial,
        parts=[
            Part(_("检查什么"), ["organisation", "title", "checklist", "kind"]),
            Part(_("谁来检查"), ["level", "post", "assignee"]),
            Part(_("多久一次"), ["every_days", "starts_on", "ends_on", "in_use"]),
        ],
    ),
    Form(
        on="check-draws",
        form=DrawForm,
        add="checks.draw",
        save=lambda user, form: drawing.draw(user, form.wanted()),
        title=_("抽查"),
        initial=_to_draw,
    ),
    Form(
        on="patrols",
        form=PatrolForm,
        add="checks.plan",
        save=lambda user, form: form.save_by(user),
        title=_("巡查路线"),
        takes_user=True,
        initial=_initial,
    ),
]
