from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.know.places.fields import RegionField
from anlan.watch.devices import gates as device_gates
from anlan.watch.devices.models import Point, Rule
from anlan.watch.tuning import actions, gates
from anlan.watch.tuning.models import Trial
from anlan.watch.tuning.rules import FIELDS, settings_of, windows_of

WHEN = [name for name in FIELDS if name not in ("source", "checked")]
LARGEST = 1_000_000


class ChangeForm(forms.ModelForm):
    """What a rule is to become, and why."""

    why = forms.CharField(label=_("变更理由"), max_length=300)
    trial = forms.ModelChoiceField(Trial.objects.none(), label=_("附上试算"), required=False)
    direct = forms.BooleanField(
        label=_("紧急直接变更"),
        required=False,
        help_text=_("立即生效，同时留下“未经批准”的标记，直到另一人补批。须有相应岗位。"),
    )

    class Meta:
        model = Rule
        fields = list(FIELDS)

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        device = self.instance.point.device_id if self.instance.point_id else None
        self.fields["other"].queryset = Point.objects.filter(device=device)
        done = gates.trials_seen_by(user).filter(rule=self.instance.pk, state=Trial.State.DONE)
        self.fields["trial"].queryset = done.order_by("-asked_at")

    def ask(self, user):
        given = self.cleaned_data
        rule = self.save(commit=False)
        actions.ask(user, rule, given["why"], direct=given["direct"], trial=given["trial"])
        return rule


class TrialForm(forms.ModelForm):
    """A rule as it might be, and the stretch of the archive it is tried on."""

    rule = forms.ModelChoiceField(Rule.objects.none(), label=_("报警规则"), widget=forms.HiddenInput)
    scope = forms.ChoiceField(label=_("范围"), choices=Trial.Scope)
    within = RegionField(label=_("辖区"), required=False)
    starts_at = forms.DateTimeField(label=_("起"))
    ends_at = forms.DateTimeField(label=_("止"))
    windows = forms.CharField(
        label=_("实际险情时段"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一段：开始,结束。不填时，以核实为真实险情的预警为准。"),
    )
    file = forms.FileField(label=_("或上传时段文件（CSV）"), required=False)

    class Meta:
        model = Rule
        fields = WHEN

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.fields["rule"].queryset = device_gates.rules_seen_by(user)
        asked = str(self.data.get("rule") or self.initial.get("rule") or "")
        rule = self.fields["rule"].queryset.filter(pk=asked).first() if asked.isdigit() else None
        self.fields["other"].queryset = Point.objects.filter(device=rule.point.device_id if rule else None)

    def clean(self):
        given = super().clean()
        if rule := given.get("rule"):
            self.instance.point, self.instance.kind = rule.point, rule.kind
            self.instance.source, self.instance.checked = rule.source, rule.checked
        return given

    def clean_windows(self):
        return self._windows(self.cleaned_data["windows"])

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return []
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件太大，最多 1 MB。"))
        return self._windows(file.read().decode("utf-8-sig", "replace"))

    @staticmethod
    def _windows(text: str) -> list[tuple[str, str]]:
        try:
            found = windows_of(text)
        except ValueError as wrong:
            raise forms.ValidationError(_("第 %(line)s 行读不懂：请写“开始,结束”。") % {"line": wrong}) from wrong
        zoned = ((one if one.tzinfo else timezone.make_aware(one) for one in pair) for pair in found)
        return [tuple(one.isoformat() for one in pair) for pair in zoned]

    def try_out(self, user):
        given = self.cleaned_data
        trial = Trial(
            rule=given["rule"],
            after=settings_of(self.instance),
            scope=given["scope"],
            within=given["within"] or "",
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            windows=given["windows"] or given["file"],
        )
        return actions.try_out(user, trial)


def _as_it_is(user, query) -> dict:
    """Begun from a rule's page: the rule as it is in force, over the last week."""
    asked = query.get("rule", "")
    rule = device_gates.rules_seen_by(user).filter(pk=asked).first() if asked.isdigit() else None
    now = timezone.localtime().replace(second=0, microsecond=0)
    period = {"starts_at": now - timedelta(days=7), "ends_at": now}
    return (settings_of(rule) | {"rule": rule.pk} if rule else {}) | period


FORMS = [
    Form(
        on="rules",
        form=ChangeForm,
        change="tuning.ask",
        save=lambda user, form: form.ask(user),
        title=_("申请变更报警规则"),
        takes_user=True,
        parts=[
            Part(_("何时报警"), WHEN),
            Part(_("依据"), ["source", "checked"]),
            Part(_("变更"), ["why", "trial", "direct"]),
        ],
    ),
    Form(
        on="trials",
        form=TrialForm,
        add="tuning.try",
        save=lambda user, form: form.try_out(user),
        title=_("规则试算"),
        takes_user=True,
        initial=_as_it_is,
        parts=[
            Part(_("拟改为"), WHEN),
            Part(_("试算范围"), ["rule", "scope", "within", "starts_at", "ends_at"]),
            Part(_("与实际比较"), ["windows", "file"]),
        ],
    ),
]
