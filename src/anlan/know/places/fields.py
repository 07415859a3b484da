"""Form fields for codes that have names: the shared name picker offers them, and the field checks that they exist."""

from abc import abstractmethod

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import prefix
from anlan.desk.pages.widgets import NamePicker
from anlan.know.places.models import Region


class NamedField(forms.CharField):
    """Gives a code of a kind that exists, whether its code or its name was typed."""

    kind: str
    default_error_messages = {
        "unknown": _("没有代码或名称为“%(value)s”的记录，请从提示中选择。"),
        "several": _("有 %(count)d 条记录叫“%(value)s”，请从提示中选择，或填写代码。"),
    }

    def __init__(self, **options):
        options.setdefault("max_length", 120)
        super().__init__(widget=NamePicker(self.kind), **options)

    @abstractmethod
    def codes(self, value: str) -> list[str]:
        """The codes that a typed code or whole name means."""

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return value
        codes = self.codes(value)
        if len(codes) == 1:
            return codes[0]
        which = "several" if codes else "unknown"
        raise forms.ValidationError(self.error_messages[which], which, {"value": value, "count": len(codes)})


class RegionField(NamedField):
    """The code, without trailing zeros, of a region in force."""

    kind = "region"

    def __init__(self, **options):
        options.setdefault("label", _("辖区"))
        super().__init__(**options)

    def codes(self, value: str) -> list[str]:
        regions = Region.objects.filter(valid_to=None)
        found = regions.filter(code=prefix(value)) if value.isdecimal() else regions.filter(name=value)
        return list(found.values_list("code", flat=True)[:20])
