"""What the codes of organisations and enterprises are called. Enterprises stand above organisations and know both."""

from django.db.models import Q

from anlan.desk.lists.declare import Names
from anlan.know.enterprises import gates
from anlan.know.enterprises.models import Enterprise
from anlan.know.organisations import gates as organisation_gates
from anlan.know.organisations.models import Organisation

OFFERED = 20


def titles(codes: set[str]) -> dict[str, str]:
    """Short names of codes that stand in rows the person already sees."""
    found = {}
    for model in (Organisation, Enterprise):
        rows = model.objects.filter(code__in=codes - set(found)).values_list("code", "short_name", "name")
        found |= {code: short or name for code, short, name in rows}
    return found


def find(user, words: str) -> list[tuple[str, str]]:
    words = words.strip()
    if not words:
        return []
    condition = Q(name__contains=words)
    if words.isascii():
        condition = Q(code__startswith=words.upper()) | Q(initials__startswith=words.lower())
    found = []
    for seen in (organisation_gates.seen_by(user), gates.seen_by(user)):
        found += seen.filter(condition).order_by("name").values_list("code", "name")[: OFFERED - len(found)]
    return found


NAMES = [Names("organisation", titles=titles, find=find)]
