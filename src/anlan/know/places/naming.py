"""What division codes are called, for every table and picker."""

from django.db.models import Q

from anlan.desk.lists.declare import Names
from anlan.know.places import gates
from anlan.know.places.models import Region

OFFERED = 20


def titles(codes: set[str]) -> dict[str, str]:
    """Names of codes as people say them. Which divisions exist is public knowledge, so this asks nobody's standing."""
    rows = Region.objects.filter(code__in=codes).values_list("code", "short_name", "name")
    return {code: short or name for code, short, name in rows}


def find(user, words: str) -> list[tuple[str, str]]:
    """Regions the person sees, by code, pinyin initials or any part of the name; the higher levels first."""
    words = words.strip()
    if not words:
        return []
    regions = gates.seen_by(user).filter(matching(words)).select_related("parent")
    rows = regions.order_by("level", "code")[:OFFERED]
    return [(region.code, f"{region.name} · {region.parent.name}" if region.parent else region.name) for region in rows]


def matching(words: str) -> Q:
    if words.isdecimal():
        return Q(code__startswith=words.rstrip("0") if len(words) in (6, 12) else words)
    if words.isascii():
        return Q(initials__startswith=words.lower())
    return Q(name__contains=words)


NAMES = [Names("region", titles=titles, find=find)]
