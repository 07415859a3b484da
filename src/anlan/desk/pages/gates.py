from django.db.models import QuerySet

from anlan.desk.pages.models import SavedView


def views_of(user, name: str | None = None) -> QuerySet[SavedView]:
    """A person's own views, of one list or of all."""
    own = SavedView.objects.filter(user_id=user.pk)
    return own if name is None else own.filter(list=name)
