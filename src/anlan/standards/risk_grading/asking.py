"""The question of a method of scores: one choice of its table for each factor."""

from collections.abc import Mapping
from typing import Any

from anlan.standards import exact, schemas
from anlan.standards.citing import Text
from anlan.standards.dating import When
from anlan.standards.questions import Example, Question
from anlan.standards.risk_grading.scoring import Method
from anlan.standards.tracing import Finding


def question(method: Method, name: str, title: Text, *examples: tuple[Text, Mapping[str, Any]]) -> Question:
    """A form with the method's factors and, where there are several, its sets of bounds."""
    fields = {"scores": schemas.record(Text("评分", "scores"), **{key: _score(method, key) for key in method.factors})}
    if len(method.variants) > 1:
        bounds = schemas.choice(Text("分级界限", "bounds"), method.variants, default=method.default)
        fields["variant"] = schemas.maybe(bounds)

    def answer(given: Mapping[str, Any], when: When) -> Finding:
        return method.evaluate(given["scores"], given.get("variant", ""))

    about = Text(f"{method.formula}，按所选界限定级。", f"{method.formula}, graded by the bounds chosen.")
    return Question(
        name=name,
        title=title,
        about=about,
        clause=method.clause(),
        schema=schemas.record(**fields),
        answer=answer,
        examples=tuple(Example(words, given) for words, given in examples),
    )


def _score(method: Method, factor: str) -> schemas.Schema:
    """One of the numbers of the table, with its meaning."""
    rows = method.scores(factor).values()
    words = method.factors[factor]
    return {
        **schemas.number(Text(f"{factor} {words.zh}", f"{factor} {words.en}")),
        "enum": [exact.plain(row.score) for row in rows],
        "x-titles": {exact.digits(row.score): {"zh": row.meaning, "en": row.meaning_en} for row in rows},
    }
