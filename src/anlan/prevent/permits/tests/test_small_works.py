from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.access.standing import Refused
from anlan.prevent.permits import gates, small_works
from anlan.prevent.permits.models import SmallWork
from anlan.prevent.permits.small_works import EVERY_DAYS, LEVEL_OF, Described, grade
from tests.cast import OTHER_TOWN, TOWN


def unregistered(**fields) -> SmallWork:
    today = timezone.localdate()
    usual = {
        "kind": "facade", "title": "更换广告牌", "place": "松塘镇中街 8 号", "region": TOWN, "owner": "某百货店",
        "phone": "13800000000", "height": 6.0, "starts_on": today, "ends_on": today + timedelta(days=10),
    }  # fmt: skip
    return SmallWork(**(usual | fields))


def test_given_an_unregistered_job_found_by_a_grid_worker_when_registered_at_the_place_then_grade_and_interval_are_set(
    cast,
):
    work = small_works.register(cast.grid_worker, unregistered(lon=115.8, lat=28.7))
    assert work.level == 1 and work.every_days == 1
    assert work.next_check == timezone.localdate() + timedelta(days=1)
    reasons = [one["rule"]["zh"] for one in work.explanation["because"]]
    assert reasons == ["按作业类别", "高度或深度", "应持证而未持证"]
    assert list(gates.small_works_seen_by(cast.town_officer)) == [work]
    assert not gates.small_works_seen_by(cast.other_town_officer).exists()


def test_a_check_moves_the_next_one_and_a_bad_one_brings_it_to_tomorrow(cast):
    work = small_works.register(cast.grid_worker, unregistered(kind="decoration", height=None))
    today = timezone.localdate()
    assert (work.level, work.next_check) == (4, today + timedelta(days=10)), "at the latest on the last day"
    small_works.check(cast.grid_worker, work, "临时用电乱接", safe=False)
    work.refresh_from_db()
    assert work.next_check == today + timedelta(days=1)
    small_works.check(cast.grid_worker, work, "已完工清场", safe=True, ended=True)
    work.refresh_from_db()
    assert not work.is_open and work.next_check is None
    with pytest.raises(ValidationError, match="已经结束"):
        small_works.check(cast.grid_worker, work, "再看", safe=True)


def test_wrong_roles_and_other_towns_are_refused(cast):
    for user in (cast.manager, cast.duty, cast.leader, cast.stranger, cast.other_town_officer):
        with pytest.raises(Refused):
            small_works.register(user, unregistered())
    work = small_works.register(cast.town_officer, unregistered())
    with pytest.raises(Refused):
        small_works.check(cast.other_town_officer, work, "x", safe=True)
    with pytest.raises(Refused):
        small_works.register(cast.grid_worker, unregistered(region=OTHER_TOWN))


described = st.builds(
    Described,
    kind=st.sampled_from(sorted(LEVEL_OF)),
    height=st.none() | st.floats(0, 200),
    certified=st.booleans(),
    crowded=st.booleans(),
)


@given(described)
def test_every_description_has_a_level_with_reasons_and_an_interval(work):
    found = grade(work)
    assert found.value in EVERY_DAYS and found.because


@given(described, st.floats(0, 100))
def test_a_greater_height_a_crowd_or_a_missing_certificate_never_makes_it_milder(work, more):
    worse = Described(kind=work.kind, height=(work.height or 0) + more, certified=False, crowded=True)
    assert grade(worse).value <= grade(work).value
