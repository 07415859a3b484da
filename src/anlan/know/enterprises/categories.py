"""What enterprises are regulated as: the packs' `enterprise_categories`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from anlan import packs
from anlan.desk.wording import title


@dataclass(frozen=True)
class Category:
    code: str
    title: Any  # in the reader's language
    titles: tuple[str, str]  # Chinese and English
    group: str
    source: str
    checked: str


@cache
def all_categories() -> dict[str, Category]:
    """All categories by code, in the order in which the packs list them."""
    return {
        code: Category(
            code=code,
            title=title(entry),
            titles=(entry["title"], entry["title_en"]),
            group=entry["group"],
            source=entry["source"],
            checked=entry["checked"],
        )
        for code, entry in packs.section("enterprise_categories").items()
    }


def title_of(code: str) -> str:
    known = all_categories().get(code)
    return str(known.title) if known else code


def code_named(words: str) -> str:
    """The code of a category written as code or as title, Chinese or English; '' when there is none."""
    words = words.strip()
    return next((c.code for c in all_categories().values() if words in (c.code, *c.titles)), "")


def titles_of(codes: Iterable[str]) -> list[str]:
    """Chinese titles in order of code, as history keeps them."""
    known = all_categories()
    return [known[code].titles[0] if code in known else code for code in sorted(codes)]


def said(codes: Iterable[str]) -> str:
    """Titles in the order of the packs, in the reader's language, as one text."""
    wanted = set(codes)
    order = [code for code in all_categories() if code in wanted]
    return _("、").join(title_of(code) for code in [*order, *sorted(wanted - set(order))])
