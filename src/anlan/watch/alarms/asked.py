"""What shelving, taking out of service and suppressing ask."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anlan.watch.alarms.rules import REASONS, SPANS

UNTIL = "until"
WEEKDAYS = [
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
]


class Why(forms.Form):
    reason = forms.ChoiceField(label=_("原因"), choices=[("", "—"), *REASONS.items()])
    words = forms.CharField(label=_("说明"), max_length=200, required=False)


class Shelving(Why):
    span = forms.ChoiceField(
        label=_("多久"),
        choices=[("15m", _("15 分钟")), ("1h", _("1 小时")), ("8h", _("8 小时")), (UNTIL, _("到指定时间"))],
        widget=forms.RadioSelect,
        initial="15m",
    )
    until = forms.DateTimeField(
        label=_("到"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    field_order = ["span", "until", "reason", "words"]

    def clean(self):
        given = super().clean()
        if given.get("span") == UNTIL and not given.get("until"):
            self.add_error("until", _("请给出截止时间。"))
        return given

    def end(self, now: datetime) -> datetime:
        span = self.cleaned_data["span"]
        return self.cleaned_data["until"] if span == UNTIL else now + SPANS[span]


class Suppressing(Why):
    until = forms.DateField(label=_("至（含当日）"), widget=forms.DateInput({"type": "date"}))
    days = forms.TypedMultipleChoiceField(
        label=_("每周哪几天"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    first = forms.TimeField(label=_("从"), required=False, widget=forms.TimeInput({"type": "time"}))
    last = forms.TimeField(label=_("到"), required=False, widget=forms.TimeInput({"type": "time"}))
    field_order = ["reason", "words", "until", "days", "first", "last"]

    def clean(self):
        given = super().clean()
        first, last = given.get("first"), given.get("last")
        if given.get("days") and not (first and last and first < last):
            raise ValidationError(_now("选了星期，就请给出从几点到几点，先后有序。"))
        return given

    def hours(self) -> list:
        given = self.cleaned_data
        if not given.get("days"):
            return []
        return [[day, f"{given['first']:%H:%M}", f"{given['last']:%H:%M}"] for day in given["days"]]

    def end(self) -> datetime:
        day = self.cleaned_data["until"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, datetime.min.time()))
