"""What the codes of kinds and causes are called."""

from anlan.desk.lists.declare import Choice
from anlan.desk.registers.codes import code_lists
from anlan.know.enterprises.categories import all_categories, code_named, title_of

LISTS_OF = {"kind": "hazard_kinds", "cause": "hazard_causes"}


def titled(field: str, code: str) -> str:
    """The title of a kind, cause or sector; a code nobody declares shows as it is."""
    if field == "sector":
        return title_of(code)
    return code_lists()[LISTS_OF[field]].titled(code) if field in LISTS_OF else code


def choices(field: str) -> list[tuple[str, str]]:
    if field == "sector":
        return [(code, str(category.title)) for code, category in all_categories().items()]
    return [(code.code, str(code.title)) for code in code_lists()[LISTS_OF[field]].values.values()]


def also(field: str) -> dict[str, str]:
    """What ledgers write for the kinds and causes, as the pack has it: words -> code."""
    return {words: code.code for code in code_lists()[LISTS_OF[field]].values.values() for words in code.also}


def offered(field: str):
    """For the filter of a list."""
    return lambda _user: [Choice(code, words) for code, words in choices(field)]


def meant(field: str, words: str) -> str | None:
    """The code that a sheet means by a title or code."""
    if field == "sector":
        return code_named(words) or None
    return code_lists()[LISTS_OF[field]].find(words)
