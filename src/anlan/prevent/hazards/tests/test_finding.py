"""A number is found by its index, words are looked for in the rows, and counting knows when to stop."""

import pytest

from anlan.desk.cases.models import Case
from anlan.desk.lists.declare import lists
from anlan.desk.pages.asking import Asked
from anlan.desk.pages.narrowing import COUNTED, COUNTED_BY_WORDS, counted, most_counted, narrowed
from anlan.prevent.hazards.actions import register
from anlan.prevent.hazards.models import Hazard

pytestmark = pytest.mark.django_db


def asked(**said) -> Asked:
    return Asked(**{"words": "", "filters": {}, "sort": "", "page": 1, "columns": []} | said)


def found(cast, words: str) -> list[str]:
    rows = narrowed(lists()["hazards"], Hazard.objects.all(), asked(words=words), cast.inspector)
    return sorted(rows.values_list("title", flat=True))


@pytest.fixture
def two(cast, enterprise):
    for title in ("阀门渗漏", "阀门锈蚀，见 XY-2026-77"):
        register(cast.inspector, enterprise=enterprise, found_by="inspection", title=title, place="车间")
    return list(Hazard.objects.order_by("pk"))


@pytest.fixture
def enterprise(db):
    from anlan.know.enterprises.models import Enterprise
    from tests.cast import ENTERPRISE_A, TOWN

    return Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工", region=TOWN, organisation=ENTERPRISE_A)


def test_a_number_or_its_beginning_finds_its_rows_and_no_words_are_looked_for(cast, two):
    one, other = two
    assert found(cast, one.number) == [one.title]
    assert found(cast, other.number[:-1]) == sorted([one.title, other.title])


def test_what_looks_like_a_number_and_is_nobodys_is_looked_for_in_the_words(cast, two):
    assert found(cast, "XY-2026-77") == ["阀门锈蚀，见 XY-2026-77"]
    assert found(cast, "XY-2026-78") == []


def test_words_are_found_anywhere_and_all_of_them_must_be_there(cast, two):
    assert found(cast, "锈蚀 阀门") == ["阀门锈蚀，见 XY-2026-77"]
    assert found(cast, "100%") == []


def test_counting_stops_sooner_where_rows_are_read_for_words():
    hazards = lists()["hazards"]
    assert most_counted(hazards, asked()) == COUNTED
    assert most_counted(hazards, asked(words="阀门")) == COUNTED_BY_WORDS
    assert most_counted(hazards, asked(filters={"post": "电工"})) == COUNTED_BY_WORDS
    assert most_counted(hazards, asked(filters={"kind": ["fire"]})) == COUNTED


def test_the_count_says_whether_it_is_all(two):
    assert counted(Hazard.objects.all(), 2) == (2, True)
    assert counted(Hazard.objects.all(), 1) == (1, False)
    assert counted(Case.objects.none(), 1) == (0, True)
