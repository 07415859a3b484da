"""Roles as packs declare them."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from anlan import packs


@dataclass(frozen=True, kw_only=True)
class Role:
    code: str
    title_zh: str
    title_en: str
    side: str  # government, enterprise or system
    permissions: frozenset[str]
    excludes: frozenset[str] = frozenset()
    second_factor: bool = False
    menu: frozenset[str] = frozenset()  # all that its menu offers beside workbench and map; empty: whatever it may see

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title_zh

    def grants(self, permission: str) -> bool:
        room, _, _ = permission.partition(".")
        return permission in self.permissions or f"{room}.*" in self.permissions


@cache
def all_roles() -> dict[str, Role]:
    return {
        code: Role(
            code=code,
            title_zh=entry["title"],
            title_en=entry["title_en"],
            side=entry["side"],
            permissions=frozenset(entry["permissions"]),
            excludes=frozenset(entry.get("excludes", ())),
            second_factor=entry.get("second_factor", False),
            menu=frozenset(entry.get("menu", ())),
        )
        for code, entry in packs.section("roles").items()
    }


def conflicts(code: str, held: set[str]) -> set[str]:
    """Which of the roles already held may not be joined with this one."""
    roles = all_roles()
    return {other for other in held if other in roles[code].excludes or code in roles[other].excludes}
