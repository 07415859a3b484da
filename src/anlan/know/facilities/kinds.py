"""Kinds of facilities and how they are drawn: the packs' `facility_kinds`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from anlan import packs
from anlan.desk.wording import title


@dataclass(frozen=True)
class Kind:
    code: str
    title: Any  # in the reader's language
    titles: tuple[str, str]  # Chinese and English
    geometry: str  # point, line or polygon
    colour: str
    shape: str
    hazard: bool  # may be (part of) a major hazard installation
    pack: str  # where it is declared
    role: str  # "rescue": comes to help; "protected": is to be kept from harm; "" for all others
    patrolled: bool  # the grid worker walks there and is told of its warnings at once


@cache
def all_kinds() -> dict[str, Kind]:
    """All kinds by code, in the order in which the packs list them."""
    return {
        code: Kind(
            code=code,
            title=title(entry),
            titles=(entry["title"], entry["title_en"]),
            geometry=entry["geometry"],
            colour=entry["colour"],
            shape=entry["shape"],
            hazard=entry.get("hazard", False),
            pack=entry["pack"],
            role=entry.get("role", ""),
            patrolled=entry.get("patrolled", False),
        )
        for code, entry in packs.section("facility_kinds").items()
    }


def of_role(role: str) -> list[str]:
    """Codes of the kinds of a role, "" for those that have none."""
    return [kind.code for kind in all_kinds().values() if kind.role == role]


def title_of(code: str) -> str:
    known = all_kinds().get(code)
    return str(known.title) if known else code
