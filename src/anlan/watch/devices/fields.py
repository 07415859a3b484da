"""The form field that takes a row of the register by its name, through the shared name picker."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.desk.pages.widgets import NamePicker


class RowField(forms.ModelChoiceField):
    """Gives one of the rows a person may choose, whether it was picked or its name or code was typed."""

    default_error_messages = {
        "unknown": _("没有代码或名称为“%(value)s”的记录，请从提示中选择。"),
        "several": _("有 %(count)d 条记录叫“%(value)s”，请从提示中选择，或填写代码。"),
    }

    def __init__(self, kind: str, queryset: QuerySet, **options):
        super().__init__(queryset, widget=NamePicker(kind), **options)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        found = list(self._meant(str(value)))
        if len(found) == 1:
            return found[0]
        which = "several" if found else "unknown"
        raise forms.ValidationError(self.error_messages[which], which, {"value": value, "count": len(found)})

    def _meant(self, value: str) -> QuerySet:
        """A number is first of all the key that the picker gives."""
        by_key = self.queryset.filter(pk=int(value)) if value.isdecimal() and len(value) < 19 else self.queryset.none()
        return by_key or self.queryset.filter(Q(code=value) | Q(name=value))[:20]
