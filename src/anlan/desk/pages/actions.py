"""The verbs of saved views. They concern the person's own screen only and are not audited."""

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from anlan.desk.pages import gates
from anlan.desk.pages.models import SavedView

MOST_VIEWS = 20
NOT_KEPT = ("page", "part", "export")


def save_view(user, name: str, title: str, query: str) -> SavedView:
    """Keeps the query string under a title; a view of the same title is replaced."""
    title = title.strip()[:40]
    kept = QueryDict(query[:4000], mutable=True)
    for dropped in NOT_KEPT:
        kept.pop(dropped, None)
    if not title:
        raise ValidationError(_("请给视图起个名称。"))
    if len(kept.urlencode()) > 1000:
        raise ValidationError(_("筛选条件过长，不能保存。请减少选项。"))
    own = gates.views_of(user, name)
    if own.exclude(title=title).count() >= MOST_VIEWS:
        raise ValidationError(_("每个列表最多保存 %(count)d 个视图，请先删除不用的。") % {"count": MOST_VIEWS})
    view, _new = SavedView.objects.update_or_create(
        user=user, list=name, title=title, defaults={"query": kept.urlencode()}
    )
    return view
