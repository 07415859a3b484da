"""Whoever may see a case may see its evidence, also when his post does not reach where the file was added."""

from anlan.desk.access.models import User
from anlan.desk.access.standing import may_row
from anlan.desk.cases.models import Case
from anlan.desk.documents.gates import Reader
from anlan.desk.documents.models import Document


def may_read(user: User, document: Document) -> bool:
    cases = Case.objects.filter(steps__documents=document).distinct()[:20]
    return any(may_row(user, f"{case.kind.partition('.')[0]}.see", case) for case in cases)


READERS = [Reader(may_read)]
