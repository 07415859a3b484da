"""Pinyin initials, by which a duty officer finds a name without an input method: 安澜化工 -> alhg."""

from pypinyin import Style, lazy_pinyin


def initials(text: str) -> str:
    """First letters of a name, lower case: Chinese by pinyin, letters and digits as they are, the rest left out."""
    letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda other: list(other))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum()).lower()
