"""Dynamic levels: what makes a point worse for a time, and that it ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anlan.prevent.risks.actions import end_influence, raise_influence
from anlan.prevent.risks.influences import Raise, end_expired, raise_all
from anlan.prevent.risks.models import Influence, Point
from anlan.prevent.risks.tests.conftest import BLUE, ORANGE


def level_of(point) -> int:
    return Point.objects.get(pk=point.pk).dynamic_level


@pytest.fixture
def blue(point, event_of):
    event_of("灼烫", BLUE)
    point.refresh_from_db()
    return point


def test_an_influence_makes_the_point_worse_and_its_end_brings_it_back(blue):
    raise_influence(blue, source="hazard:7", level=2, words="联锁失效未整改")
    assert level_of(blue) == 2
    assert "联锁失效未整改" in str(Point.objects.get(pk=blue.pk).explanation["dynamic"])
    end_influence("hazard:7")
    assert level_of(blue) == 4


def test_the_same_source_twice_is_one_influence_with_the_newer_words(blue):
    raise_influence(blue, source="permit:3", level=3, words="动火")
    raise_influence(blue, source="permit:3", level=2, words="特级动火")
    assert Influence.objects.filter(ended_at=None).count() == 1
    assert level_of(blue) == 2


def test_of_several_influences_the_gravest_holds_and_the_others_stay_when_it_ends(blue):
    raise_influence(blue, source="permit:3", level=3, words="动火")
    raise_influence(blue, source="alarm:1", level=1, words="可燃气体高高报")
    end_influence("alarm:1")
    assert level_of(blue) == 3


def test_an_influence_never_makes_a_point_better(point, event_of):
    event_of("反应失控", ORANGE)
    raise_influence(point, source="alarm:1", level=4, words="液位")
    assert level_of(point) == 2


def test_an_influence_with_an_end_ends_by_itself(blue):
    raise_influence(blue, source="permit:3", level=2, words="动火", until=timezone.now() + timedelta(hours=8))
    assert end_expired(timezone.now()) == 0
    assert end_expired(timezone.now() + timedelta(hours=9)) == 1
    assert level_of(blue) == 4


def test_ending_what_never_began_changes_nothing(blue):
    end_influence("alarm:404")
    assert level_of(blue) == 4


def test_a_source_that_comes_back_is_a_new_influence(blue):
    raise_influence(blue, source="alarm:1", level=2, words="液位")
    end_influence("alarm:1")
    raise_influence(blue, source="alarm:1", level=2, words="液位")
    assert Influence.objects.count() == 2


def test_many_influences_ask_the_database_as_often_as_one(blue, django_assert_max_num_queries):
    raises = [Raise(point=blue.pk, source=f"alarm:{n}", level=3, words="x") for n in range(200)]
    with django_assert_max_num_queries(14):
        raise_all(raises)
