"""Words of a sheet that stand for an option without being it: “重大隐患” for 重大, “整改完毕” for 已整改. Pure."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from anlan.desk.exchange.values import NO, YES, fold

ALIKE = 0.75
NEGATIONS = "未不无非没"
MOST_WORDS = 200  # different words of one column that are offered for matching; more is no column of choices


def guess(text: str, said: Iterable[tuple[Any, Any]]) -> Any | None:
    """The value of the one option that the text can only mean, of (value, words); None when it could mean several or
    nothing."""
    wanted = fold(text)
    folded = [(value, fold(words)) for value, words in said]
    for fits in (_holds, _part_of, _alike):
        fitting = [(value, words) for value, words in folded if words and fits(wanted, words)]
        if fits is _holds:  # 特种设备类 holds 特种设备, and 设备 only as a part of it
            fitting = [one for one in fitting if not any(one[1] != words and one[1] in words for _, words in fitting)]
        found = {value for value, _words in fitting}
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def guess_flag(text: str) -> bool | None:
    wanted = fold(text)
    found = {
        answer for answer, words in ((True, YES), (False, NO)) if any(len(w) > 1 and _holds(wanted, w) for w in words)
    }
    return found.pop() if len(found) == 1 else None


def _holds(text: str, words: str) -> bool:
    place = text.find(words)
    return place >= 0 and not (place and text[place - 1] in NEGATIONS)


def _part_of(text: str, words: str) -> bool:
    place = words.find(text)
    return len(text) > 1 and place >= 0 and not (place and words[place - 1] in NEGATIONS)


def _alike(text: str, words: str) -> bool:
    negated = any(mark in text for mark in NEGATIONS) != any(mark in words for mark in NEGATIONS)
    return not negated and SequenceMatcher(None, text, words).ratio() >= ALIKE
