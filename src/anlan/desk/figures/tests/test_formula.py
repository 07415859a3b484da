import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.figures.formula import WrongFormula, evaluate, names, parse


@pytest.mark.parametrize(
    "text",
    [
        "",
        "deaths(",
        "__import__('os').system('id')",
        "deaths.real",
        "deaths[0]",
        "deaths ** gdp",
        "9**9**9",
        "deaths // gdp",
        "deaths % 2",
        "deaths if gdp else 1",
        "[deaths]",
        "lambda: 1",
        "(x := 1)",
        "deaths > 1",
        "deaths and gdp",
        "~deaths",
        "'text'",
        "True",
        "None",
        "1j",
        "f'{deaths}'",
        "abs(deaths)",
        "deaths; gdp",
        "await deaths",
        "{1}",
        "1e999",
        "1" * 301,
        "(" * 60 + "1" + ")" * 60 + "+" + "-" * 60 + "1",
    ],
)
def test_whatever_is_not_arithmetic_is_refused(text):
    with pytest.raises(WrongFormula):
        parse(text)


@given(st.text(alphabet="abc_.()[]{}+-*/%0123456789 '\"\n=:,<>!&|^~@lambdimport", max_size=60))
def test_any_text_is_read_as_arithmetic_or_refused_and_never_run(text):
    try:
        used = names(text)
    except WrongFormula:
        return
    node = evaluate(text, {name: 2.0 for name in used})
    assert node.value is None or math.isfinite(node.value)
    assert node.value is not None or node.reason


EXPRESSIONS = st.recursive(
    st.integers(0, 50).map(str),
    lambda below: st.tuples(below, st.sampled_from("+-*/"), below).map(lambda parts: f"({''.join(parts)})"),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_the_value_is_that_of_plain_arithmetic(text):
    node = evaluate(text, {})
    try:
        expected = eval(text)  # made of digits, brackets and four signs above
    except ZeroDivisionError:
        assert node.value is None and "除数为零" in node.reason
    else:
        assert node.value == pytest.approx(expected)


def test_a_missing_figure_gives_no_value_and_the_reason_it_came_with():
    node = evaluate("deaths / gdp", {"deaths": 3}, {"gdp": "没有 2025 年的数值"})
    assert (node.value, node.reason) == (None, "没有 2025 年的数值")


def test_the_explanation_shows_every_step():
    told = evaluate("deaths / (workers / 100000)", {"deaths": 3, "workers": 500_000}).as_dict()
    assert told["value"] == pytest.approx(0.6)
    assert [one["text"] for one in told["below"]] == ["deaths", "workers / 100000"]
    assert told["below"][1]["below"][0]["value"] == 500_000


def test_names_come_in_the_order_of_their_use():
    assert names("b / (a + b) - c") == ("b", "a", "c")


def test_an_overflow_is_no_value():
    assert evaluate("a * a", {"a": 1e300}).value is None
