"""Remembering how the ledgers of one source are read, by their headings, and knowing them again."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from anlan.desk.access.models import User
from anlan.desk.access.standing import posts
from anlan.desk.exchange.heads import tidy
from anlan.desk.exchange.models import ImportRun, Source
from anlan.desk.exchange.table import SECTION

SAME = 0.7  # so many of the headings must be there again
SECTION_NAME = "§"


def own(user: User) -> Q:
    """The sources of the person's organisations, and those the person made."""
    organisations = {post.organisation for post in posts(user)} - {""}
    return Q(user_id=user.pk) | Q(organisation__in=organisations)


def names_of(heads: Sequence[str]) -> list[str]:
    """Tidied headings, each once: the second 照片 is 照片#2."""
    seen: Counter[str] = Counter()
    names = []
    for head in heads:
        name = tidy(head)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def recognised(user: User, target: str, heads: Sequence[str]) -> Source | None:
    """The source whose headings these are, the nearest and latest first; nothing when too few are the same."""
    names = {name for name in names_of(heads) if name}
    best, most = None, SAME
    for source in Source.objects.filter(own(user), target=target).order_by("-used_at")[:100]:
        theirs = {name for name in source.heads if name}
        share = len(names & theirs) / max(1, len(names | theirs))
        if share > most or (best is None and share == most):
            best, most = source, share
    return best


def apply(run: ImportRun, source: Source) -> None:
    """Reads the run's sheet as the source was read before; columns it did not have keep their guess."""
    at = {name: index for index, name in enumerate(names_of(run.heads)) if name}
    taken = {field: SECTION if name == SECTION_NAME else at.get(name) for field, name in source.mapping.items()}
    chosen = {field: index for field, index in taken.items() if index is not None}
    guesses = {field: index for field, index in run.mapping.items() if tidy(run.heads[index]) not in source.heads}
    used = set(chosen.values())
    run.mapping = chosen | {field: n for field, n in guesses.items() if field not in chosen and n not in used}
    run.manner = {**run.manner, **source.manner, "year": run.manner.get("year")}
    run.source = source


def remember(run: ImportRun) -> Source:
    """Keeps how this run was read, under its source or a new one named after the file."""
    names = names_of(run.heads)
    mapping = {field: SECTION_NAME if n == SECTION else names[n] for field, n in run.mapping.items()}
    source = run.source or Source(
        target=run.target,
        user=run.user,
        organisation=next((post.organisation for post in posts(run.user) if post.organisation), ""),
        title=(run.name.rpartition(".")[0] or run.name)[:80],
    )
    source.heads, source.mapping, source.used_at = names, mapping, timezone.now()
    source.manner = {name: value for name, value in run.manner.items() if name != "year"}
    source.save()
    return source
