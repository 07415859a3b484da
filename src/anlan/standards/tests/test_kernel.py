"""The kernel: citing, dating, tracing, tables, exact numbers, questions, coverage."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards import coverage, exact, questions, tables
from anlan.standards.citing import Clause, Refusal, Status, Text, UnknownInstrument, instrument, instruments
from anlan.standards.dating import Edition, Editions, NotInForce, When
from anlan.standards.tracing import Finding


def test_every_instrument_is_listed_once_with_dates_in_order_and_successors_that_exist():
    for entry in instruments().values():
        assert entry.title.zh and entry.title.en and entry.source
        assert not (entry.issued and entry.effective) or entry.issued <= entry.effective
        assert not entry.replaced_by or instrument(entry.replaced_by)


def test_whether_an_instrument_holds_on_a_day_is_known_or_said_to_be_unknown():
    new, old = instrument("GB 6441-2025"), instrument("GB 18218-2009")
    assert [new.in_force(day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [False, True]
    assert old.in_force(date(2018, 1, 1)) is None


def test_a_citation_that_leads_nowhere_is_refused_where_it_is_written():
    with pytest.raises(UnknownInstrument, match=r"GB 0-0 .*instruments\.csv"):
        Clause("GB 0-0", "1")


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        (Clause("GB 18218-2018", "表3"), "GB 18218-2018 Table 3"),
        (Clause("GB 18218-2018", "4.2.2"), "GB 18218-2018 4.2.2"),
        (Clause("安全生产法", "第83条第2款"), "Work Safety Law Art. 83 para. 2"),
    ],
)
def test_a_clause_is_cited_in_english_too(clause, said):
    assert clause.said("en") == said


LIMIT = Editions(
    Edition(date(2009, 12, 1), 10, end=date(2018, 1, 1)),
    Edition(date(2019, 3, 1), 5, spares_existing=True),
    Edition(date(2024, 1, 1), 3),
)


@pytest.mark.parametrize(
    ("asked", "since", "value"),
    [
        (date(2009, 12, 1), None, 10),
        (date(2017, 12, 31), None, 10),
        (date(2019, 3, 1), None, 5),
        (date(2019, 3, 1), date(2015, 1, 1), 10),  # what was there already is spared
        (date(2019, 3, 1), date(2019, 3, 1), 5),
        (date(2024, 1, 1), date(2015, 1, 1), 3),  # and bound by the next edition, which spares nobody
    ],
)
def test_the_edition_depends_on_the_day_asked_and_the_day_the_thing_came_under_the_rule(asked, since, value):
    assert LIMIT.at(When(asked, since)).value == value


@pytest.mark.parametrize("day", [date(2009, 11, 30), date(2018, 1, 1), date(2019, 2, 28)])
def test_a_day_without_an_edition_is_refused_and_not_answered_with_the_nearest(day):
    with pytest.raises(NotInForce, match="2009-12-01" if day.year < 2010 else str(day)):
        LIMIT.at(When(day))


def test_editions_overlap_nowhere():
    with pytest.raises(ValueError, match="before it begins"):
        Editions(Edition(date(2020, 1, 1), 1), Edition(date(2019, 1, 1), 2))
    with pytest.raises(ValueError, match="overlap"):
        Editions(Edition(date(2019, 1, 1), 1, end=date(2021, 1, 1)), Edition(date(2020, 1, 1), 2))


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=8, unique=True), st.integers(0, 5000))
def test_of_gapless_editions_the_newest_not_later_than_the_day_holds(starts, asked):
    begin = date(2000, 1, 1)
    found = Editions(*(Edition(begin + timedelta(start), start) for start in sorted(starts)))
    earlier = [start for start in starts if start <= asked]
    if earlier:
        assert found.at(When(begin + timedelta(asked))).value == max(earlier)
    else:
        with pytest.raises(NotInForce):
            found.at(When(begin + timedelta(asked)))


def tree() -> Finding:
    table = Finding(
        Fraction(3, 10),
        Text("临界量", "critical quantity"),
        Clause("GB 18218-2018", "表1"),
        {"name": "碳酰氯"},
        unit="t",
    )
    beta = Finding(2, Text("校正系数", "factor"), Clause("GB 18218-2018", "表4", Status.RECALLED))
    return Finding(
        Fraction(5), Text("比值", "ratio"), Clause("GB 18218-2018", "4.2.1"), {"q": Fraction(3, 2)}, (table, beta)
    )


def test_a_finding_is_as_sure_as_the_least_sure_clause_it_rests_on():
    assert tree().status is Status.RECALLED
    assert tree().because[0].status is Status.VERIFIED
    assert Status.worst([]) is Status.VERIFIED


def test_a_finding_tells_its_reasons_as_indented_lines_in_both_languages():
    assert tree().outline("en") == (
        "ratio: 5 (q = 1.5)  [GB 18218-2018 4.2.1]\n"
        "  critical quantity: 0.3 t (name = 碳酰氯)  [GB 18218-2018 Table 1]\n"
        "  factor: 2  [GB 18218-2018 Table 4] (recalled, to be checked)"
    )
    assert "凭记忆" in tree().outline("zh")


def test_a_finding_becomes_plain_json():
    import json

    plain = json.loads(json.dumps(tree().as_dict()))
    assert plain["value"] == 5 and plain["because"][0]["value"] == 0.3
    assert plain["status"] == "recalled" and plain["clause"]["said"]["en"] == "GB 18218-2018 4.2.1"
    assert [str(one) for one in tree().clauses()] == ["GB 18218-2018 4.2.1", "GB 18218-2018 表1", "GB 18218-2018 表4"]


@given(st.lists(st.decimals(0, 10**6, places=4), max_size=20))
def test_exact_numbers_do_not_depend_on_the_order_in_which_they_are_added(numbers):
    floats = [float(number) for number in numbers]
    assert sum(map(exact.exact, floats)) == sum(map(exact.exact, reversed(floats))) == sum(map(exact.exact, numbers))


def test_ten_tenths_are_one():
    assert sum(exact.exact(0.1) for _ in range(10)) == 1
    assert exact.digits(exact.exact("162.0750")) == "162.075"
    assert exact.digits(Fraction(1, 3)) == "0.333333…"


@pytest.mark.parametrize("given", [float("nan"), float("inf"), "many", "", None, True, "1e999999999", "1e-999999999"])
def test_what_is_no_number_is_refused(given):
    with pytest.raises(Refusal, match="不是数"):
        exact.exact(given, Text("设计最大量", "quantity"))


@dataclass(frozen=True)
class Row:
    name: str
    q: Fraction | None
    names: tuple[str, ...]
    source: str
    status: Status


GOOD = "name,q,names,source,status\n氯,5,液氯;氯气,copy,verified\n气,,,copy,recalled\n"


def table(folder, text: str):
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return tables.read(str(folder / "module.py"), "t.csv", Row, key=lambda row: row.name)


def test_a_table_is_read_into_typed_rows(tmp_path):
    first, second = table(tmp_path, GOOD)
    assert first == Row("氯", Fraction(5), ("液氯", "氯气"), "copy", Status.VERIFIED)
    assert (second.q, second.names) == (None, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("name,q", "name,Q"), "t.csv:1: columns"),
        (GOOD.replace(",names", ""), "t.csv:1: columns"),
        (GOOD.replace("氯,5", "氯,five"), "t.csv:2 q: 'five'"),
        (GOOD.replace("verified", "sure"), "t.csv:2 status: 'sure'"),
        (GOOD.replace(",copy,recalled", ",,recalled"), "without a source"),
        (GOOD.replace("气,,,", "气,,"), "cells under"),
        (GOOD.replace("\n气", "\n氯"), "twice"),
    ],
)
def test_a_damaged_table_is_refused_with_file_and_place(tmp_path, text, said):
    with pytest.raises(tables.BrokenTable, match=said):
        table(tmp_path, text)


def test_a_value_outside_a_table_says_what_is_allowed_and_where_it_stands():
    error = tables.OutsideTable(Text("人数", "residents"), -1, "≥ 0", Clause("GB 18218-2018", "表5"))
    assert "GB 18218-2018 表5" in error.text.zh and "allowed: ≥ 0" in error.text.en


def test_every_question_answers_its_own_examples_or_says_why_not():
    for question in questions.questions().values():
        assert question.examples, f"{question.name} has no example"
        for example in question.examples:
            assert not question.problems(example.input), f"{question.name}: {example.title.en}"
            finding = question.ask(example.input, When(date(2026, 11, 24)))
            assert finding.outline("zh") and finding.outline("en") and finding.as_dict()


def test_an_input_that_does_not_fit_says_where():
    schema = {"type": "object", "properties": {"deaths": {"type": "integer"}}, "required": ["deaths"]}
    question = questions.Question(
        "x", Text("问", "q"), Text("", ""), Clause("安全生产法"), schema, lambda given, when: Finding(1, Text("", ""))
    )
    with pytest.raises(questions.WrongInput, match="deaths"):
        question.ask({"deaths": "three"}, When(date(2026, 1, 1)))
    with pytest.raises(ValueError, match="small letters"):
        questions.Question("X!", Text("", ""), Text("", ""), Clause("安全生产法"), schema, lambda given, when: None)


def test_every_question_says_what_of_its_document_is_here():
    there = {row.instrument.id for row in coverage.covered()}
    for question in questions.questions().values():
        assert question.clause.instrument in there, f"{question.name}: no COVERAGE of {question.clause.instrument}"


def test_the_page_of_coverage_names_every_part_once():
    text = coverage.page()
    for row in coverage.covered():
        assert row.part.what.en in text


def test_no_module_of_the_standards_brings_django_a_socket_or_a_database_with_it():
    """Asked of a fresh interpreter: here something else may have loaded them."""
    code = (
        "import sys; from anlan.standards import questions, coverage; list(questions.documents()); coverage.page();"
        "sys.exit(' '.join(sorted({'django', 'sqlite3', 'asyncio', 'httpx'} & set(sys.modules))) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""
