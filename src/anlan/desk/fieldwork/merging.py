"""Two people changed one thing: field by field, who changed what, and where they differ. Pure."""

from collections.abc import Mapping
from typing import Any

ABSENT = None  # a field not answered and a field emptied are the same to the reader


def merge(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, tuple[Any, Any]]]:
    """(what both together say, the fields on which they differ as (mine, theirs)). `base` is what both began from.
    A field that one alone changed is his; one that both changed to the same value is no conflict; of a field in
    conflict the merged answer holds what stands there (theirs)."""
    merged, conflicts = {}, {}
    for name in dict.fromkeys([*theirs, *mine, *base]):
        before, own, other = base.get(name, ABSENT), mine.get(name, ABSENT), theirs.get(name, ABSENT)
        value = other if own == before else own
        if own not in (before, other) and other != before:
            conflicts[name], value = (own, other), other
        if value is not ABSENT:
            merged[name] = value
    return merged, conflicts
