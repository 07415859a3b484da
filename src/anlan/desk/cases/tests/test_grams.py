"""The index of characters changes how rows are found, never which. Both databases, see desk/pages/grams.py."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from anlan.desk.cases.models import Case
from anlan.desk.lists.declare import lists
from anlan.desk.pages import grams
from anlan.desk.pages.narrowing import holding, matching

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, tzinfo=UTC)
# Few and awkward, so that words are often met: wildcards, quotes, two cases, full width, what grows as a capital.
LETTERS = "接地不良aAbZß１Ａａİıſµ%_\\'\"*-&|!(): 　𠀀\U0010ffff"
words = st.text(LETTERS, max_size=7)


def case(number: int, title: str) -> Case:
    return Case(
        kind="hazards.hazard", number=f"HAZ-{number:04}", title=title, state="new", opened_at=NOW, entered_at=NOW
    )


def written(*titles: str) -> list[Case]:
    return Case.objects.bulk_create(case(number, title) for number, title in enumerate(titles, 1))


def found(said: str) -> set[str]:
    return set(holding(lists()["cases"], Case.objects.all(), said).values_list("title", flat=True))


def plainly(said: str) -> set[str]:
    return set(Case.objects.filter(matching(lists()["cases"], said)).values_list("title", flat=True))


def asks(entry, said: str) -> bool:
    return "grams" in str(holding(entry, Case.objects.all(), said).query)


@pytest.mark.parametrize("few", [grams.FEW, 1])
@given(titles=st.lists(words, max_size=8), said=st.lists(words, max_size=3).map(" ".join))
@example(titles=["接地不良", "接", "地接"], said="接")
@example(titles=["100% 接地", "100 接地"], said="0%")
@example(titles=["Straße", "STRASSE"], said="ss")
@example(titles=["ab" * 40], said="ab" * 39)
def test_with_the_index_the_same_rows_are_found_as_by_reading_all(few, titles, said):
    usual, grams.FEW = grams.FEW, few
    try:
        Case.objects.all().delete()
        written(*titles)
        assert found(said) == plainly(said)
    finally:
        grams.FEW = usual


def test_the_index_is_asked_unless_there_is_nothing_to_ask_or_a_column_is_not_in_it():
    written("接地不良", "阀门渗漏")
    cases = lists()["cases"]
    assert all(asks(cases, said) for said in ("接地不", "接地", "接", "HAZ-0001", "haz-0001 接"))
    assert not asks(cases, " ")
    assert not asks(replace(cases, search=("title", "organisation")), "接地")


def test_a_frequent_word_is_left_to_the_order_of_the_list_unless_a_rare_one_stands_beside_it():
    written(*["接地不良"] * 50, "阀门渗漏")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
    helped = [
        bool(grams.candidates(Case.objects.all(), ["title__icontains"], said.split(), few=10))
        for said in ("接", "接地", "接地不良", "HAZ-00", "阀门", "阀门渗", "没有", "HAZ-0003", "接地 阀门")
    ]
    assert helped == [False] * 4 + [True] * 5


def test_a_number_is_found_by_its_beginning_and_not_by_its_middle():
    written("接地不良", "阀门渗漏")
    assert found("HAZ-0002") == {"阀门渗漏"}
    assert found("0002") == set()


def test_whoever_writes_the_index_follows():
    one, other = written("接地不良", "阀门渗漏")
    Case.objects.filter(pk=one.pk).update(title="管道锈蚀")
    assert (found("接地"), found("锈蚀")) == (set(), {"管道锈蚀"})
    other.title = "灭火器过期"
    other.save()
    assert (found("阀门"), found("火器过")) == (set(), {"灭火器过期"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET title = %s WHERE id = %s", ["通道堵塞", other.pk])
    assert (found("灭火"), found("通道堵")) == (set(), {"通道堵塞"})
    Case.objects.bulk_update([Case(pk=one.pk, title="电缆老化")], ["title"])
    assert (found("锈蚀"), found("电缆")) == (set(), {"电缆老化"})
    Case.objects.all().delete()
    written("护栏缺失")
    assert (found("电缆"), found("通道"), found("护栏")) == (set(), set(), {"护栏缺失"})


def test_what_was_taken_back_is_not_in_the_index():
    with transaction.atomic():
        written("接地不良")
        transaction.set_rollback(True)
    assert found("接地") == set()
    written("阀门渗漏")
    assert (found("接地"), found("阀门")) == (set(), {"阀门渗漏"})


def test_a_table_made_anew_gets_its_index_back():
    """As Django does on SQLite for a changed column: the triggers go with the old table."""
    written("接地不良")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER cases_case_grams_insert")
        else:
            cursor.execute("DROP INDEX cases_case_grams_title")
    Case.objects.bulk_create([case(9, "阀门渗漏")])
    connection.check_constraints()  # PostgreSQL makes no index while tests of keys are put off
    grams.build("default")
    assert (found("接地"), found("阀门")) == ({"接地不良"}, {"阀门渗漏"})
    grams.build("default")
    Case.objects.filter(title="接地不良").delete()
    assert (found("接地"), found("渗漏")) == (set(), {"阀门渗漏"})
