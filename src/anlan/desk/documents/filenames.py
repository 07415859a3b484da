"""File names people gave, made harmless. Pure."""

import unicodedata

from anlan.desk.documents.types import Kind

LONGEST = 180
FORBIDDEN = set('\\/:*?"<>|')


def safe_name(given: str, kind: Kind) -> str:
    """The last part of the name without control and direction marks, ending as its content demands."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(
        "_" if character in FORBIDDEN else character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    ).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if dot and f".{ending.lower()}" in kind.endings:
        return f"{stem[: LONGEST - len(ending) - 1] or 'file'}.{ending}"
    return f"{clean[:LONGEST] or 'file'}{kind.endings[0]}"
