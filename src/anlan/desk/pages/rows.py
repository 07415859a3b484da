"""The row of an address, through its list's gate: what somebody may not see does not exist for him."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from anlan.desk.lists.declare import List


def row_or_404(entry: List, user, key: str):
    queryset = (entry.item_gate or entry.gate)(user)
    if entry.related:
        queryset = queryset.select_related(*entry.related)
    try:
        row = queryset.filter(pk=queryset.model._meta.pk.to_python(key)).first()
    except (ValidationError, ValueError, OverflowError):
        row = None
    if row is None:
        raise Http404(_("没有这一条，或不在您的权限范围内。"))
    return row
