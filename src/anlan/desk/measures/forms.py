from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form
from anlan.desk.measures import actions, gates
from anlan.desk.measures.declare import hand_figures, measures
from anlan.desk.measures.judging import KINDS
from anlan.desk.measures.models import FigureValue, Target
from anlan.desk.pages.widgets import NamePicker
from anlan.desk.wording import with_unit


def _named(declared: dict) -> list[tuple[str, str]]:
    """Choices of figures or measures, each with its unit."""
    return [("", "—"), *((code, str(with_unit(one.title, one.unit_title))) for code, one in declared.items())]


def _figures() -> list[tuple[str, str]]:
    return _named(hand_figures())


def _measures() -> list[tuple[str, str]]:
    return _named(measures())


class Kept(forms.ModelForm):
    """A form that leaves the row as it was read: the verb decides, against the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        elif user is not None:
            self.initial.setdefault("region", gates.own_region(user))

    def _post_clean(self):
        """Validation of the row is the verb's."""


class FigureForm(Kept):
    figure = forms.ChoiceField(label=_("数据项"), choices=_figures)
    period = forms.CharField(
        label=_("周期"), max_length=9, help_text=_("如 2025、2025-Q3、2025-07；五年规划期写 2021-2025。")
    )
    value = forms.FloatField(label=_("数值"))

    class Meta:
        model = FigureValue
        fields = ["figure", "region", "period", "value", "source"]
        widgets = {"region": NamePicker("region")}

    field_order = ["figure", "region", "period", "value", "source"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial.setdefault(
            "period", str(self.instance.period) if self.instance.pk else str(timezone.localdate().year)
        )


class TargetForm(Kept):
    measure = forms.ChoiceField(label=_("指标"), choices=_measures)
    kind = forms.ChoiceField(label=_("目标类型"), choices=lazy(lambda: list(KINDS.items()), list))
    value = forms.FloatField(label=_("目标值"), help_text=_("下降类填下降的百分数，如下降 10% 填 10；其他类填限值。"))

    class Meta:
        model = Target
        fields = [
            "measure",
            "region",
            "kind",
            "value",
            "strict",
            "binding",
            "first_year",
            "last_year",
            "base_year",
            "base_value",
            "source",
        ]
        widgets = {"region": NamePicker("region")}


def save_figure(user, form: FigureForm) -> FigureValue:
    given = form.cleaned_data
    number = actions.Number(**{name: given[name] for name in ("figure", "region", "period", "value", "source")})
    row = form.instance if form.instance.pk else None
    return actions.enter(user, number, row, given["version"])


def save_target(user, form: TargetForm) -> Target:
    given = form.cleaned_data
    goal = actions.Goal(**{name: given[name] for name in TargetForm.Meta.fields})
    row = form.instance if form.instance.pk else None
    return actions.set_target(user, goal, row, given["version"])


FORMS = [
    Form(
        on="figures",
        form=FigureForm,
        save=save_figure,
        title=_("填报数据"),
        add=gates.ENTER,
        change=gates.ENTER,
        takes_user=True,
    ),
    Form(
        on="targets",
        form=TargetForm,
        save=save_target,
        title=_("目标"),
        add=gates.TARGET,
        change=gates.TARGET,
        takes_user=True,
    ),
]
