"""How a risk is evaluated: the methods of `standards.risk_grading`, and the list of what is major at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.standards.citing import Refusal, Text
from anlan.standards.risk_grading.combining import conditions, directly_major
from anlan.standards.risk_grading.levels import RiskLevel
from anlan.standards.risk_grading.methods import METHODS
from anlan.standards.tracing import Finding

DIRECT = "directly-major"


@dataclass(frozen=True)
class Choice:
    """One score of a factor and what it means."""

    score: str
    words: Text


@dataclass(frozen=True)
class Factor:
    name: str
    words: Text
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Way:
    """A method as the page shows it: its factors with the choices of the table, and its sets of bounds."""

    name: str
    title: Text
    formula: str
    factors: tuple[Factor, ...]
    variants: Mapping[str, Text]
    default: str


@cache
def ways() -> dict[str, Way]:
    """All ways to evaluate, in the order in which they are offered."""
    found = {
        name: Way(
            name=name,
            title=method.title,
            formula=method.formula,
            factors=tuple(
                Factor(
                    key,
                    words,
                    tuple(
                        Choice(score_key, Text(f"{score_key} {row.meaning}", f"{score_key} {row.meaning_en}"))
                        for score_key, row in _rows(method, key)
                    ),
                )
                for key, words in method.factors.items()
            ),
            variants={key: words for key, words in method.variants.items() if _coloured(method, key)},
            default=method.default,
        )
        for name, method in METHODS.items()
        if _coloured(method, method.default)
    }
    reasons = tuple(Choice(code, condition.title) for code, condition in conditions().items())
    found[DIRECT] = Way(
        name=DIRECT,
        title=Text("直接判定为重大风险", "major at once"),
        formula="",
        factors=(Factor("reason", Text("判定情形", "what makes it major"), reasons),),
        variants={},
        default="",
    )
    return found


def _coloured(method, variant: str) -> bool:
    """Whether its bands are levels of risk; the danger degree's I to III are not, and it grades equipment elsewhere."""
    return all(band.level for band in method.bands(variant))


def _rows(method, factor: str):
    rows = method.scores(factor).values()
    return [(f"{float(row.score):g}", row) for row in rows]


def ask(method: str, scores: Mapping[str, Any], variant: str = "") -> tuple[int, Finding]:
    """Level and explanation. Errors: ValidationError says in the reader's words what does not fit."""
    if method not in ways():
        raise ValidationError({"method": _("没有评价方法“%(method)s”。") % {"method": method}})
    try:
        finding = _direct(scores) if method == DIRECT else METHODS[method].evaluate(_numbers(scores), variant)
    except Refusal as refused:
        raise ValidationError(words(refused.text)) from None
    if not finding.value:
        raise ValidationError(_("按这组界限得不出四色等级，请换一组界限。"))
    return int(finding.value), finding


def _direct(scores: Mapping[str, Any]) -> Finding:
    reason = scores.get("reason", "")
    if reason not in conditions():
        raise ValidationError({"reason": _("请选择判定情形。")})
    return replace(directly_major([reason]), value=RiskLevel.MAJOR)


def _numbers(scores: Mapping[str, Any]) -> dict:
    try:
        return {name: float(value) for name, value in scores.items()}
    except (TypeError, ValueError):
        raise ValidationError(_("请为每个因素选择一个分值。")) from None


def words(text: Text) -> str:
    """In the reader's language."""
    return text.said(get_language() or "zh")
