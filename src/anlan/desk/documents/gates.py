from collections.abc import Callable
from functools import cache

from django.db.models import Q, QuerySet
from django.http import Http404

from anlan.desk.access.models import User
from anlan.desk.access.standing import narrow, reach
from anlan.desk.documents.models import Document
from anlan.desk.lists.rooms import declared


def seen_by(user: User) -> QuerySet[Document]:
    """What one's posts reach, and what one has given oneself."""
    own = Q(added_by_id=user.pk)
    condition = reach(user, "documents.see")
    if condition is None:
        return Document.objects.filter(own)
    return Document.objects.filter(condition | own) if condition else Document.objects.all()


def listed_for(user: User) -> QuerySet[Document]:
    return narrow(user, "documents.see", Document.objects.all())


def readable(user: User, pk: int) -> Document:
    """The document, for whoever may see it here or because he may see the thing it is evidence of; otherwise 404."""
    document = seen_by(user).filter(pk=pk).first()
    if document is None:
        document = Document.objects.filter(pk=pk).first()
        if document is None or not any(may_read(user, document) for may_read in _readers()):
            raise Http404
    return document


@cache
def _readers() -> tuple[Callable[[User, Document], bool], ...]:
    """The rooms `evidence.py` of engines above: READERS = [Reader(function(user, document))]."""
    return tuple(reader.may_read for _, _, reader in declared("evidence", {"READERS": Reader}))


class Reader:
    """Says whether a person may see something a document is evidence of."""

    def __init__(self, may_read: Callable[[User, Document], bool]):
        self.may_read = may_read
