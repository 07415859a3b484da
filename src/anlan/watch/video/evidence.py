"""Whoever may see a camera may see what was found in its pictures."""

from anlan.desk.access.models import User
from anlan.desk.documents.gates import Reader
from anlan.desk.documents.models import Document
from anlan.watch.video import gates


def may_read(user: User, document: Document) -> bool:
    return gates.pictures(user).filter(document=document).exists()


READERS = [Reader(may_read)]
