"""What packs declare, read into what the pipeline has."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry import declared
from anlan.telemetry.book import Rule, astray
from anlan.telemetry.calendars import LOCAL, MINUTE, Calendar
from anlan.telemetry.computed import Computed

POINTS = {"t1": 5, "t2": 6, "votes": 7}


@pytest.mark.parametrize(
    "said, calendar",
    [
        ({"hours": ["22:00", "06:30"]}, Calendar(9, begin=1320, end=390)),
        ({"hours": ["00:00", "24:00"], "weekdays": [6, 7]}, Calendar(9, end=1440, weekdays=0b1100000)),
        ({"season": ["10-01", "04-30"], "days": "workdays"}, Calendar(9, season=(1001, 430), days="workdays")),
    ],
)
def test_a_calendar_is_read_as_it_is_written(said, calendar):
    assert declared.calendar(said | {"number": 9}) == calendar


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_day_and_night_of_the_noise_limits_share_out_every_instant(at):
    ts = round((at - datetime(1970, 1, 1)).total_seconds()) * 1_000_000 - LOCAL * MINUTE
    day, night = (declared.calendars()[f"noise_{name}"].open_at(ts) for name in ("day", "night"))
    assert day is not night and day is (6 <= at.hour < 22)


def test_a_rule_and_a_computed_point_get_the_ids_of_the_device():
    said = {"kind": "H", "of": "DIFFERENCE", "other": "t2", "limit": 5, "level": 2, "calendar": "noise_night"}
    night = declared.calendars()["noise_night"].id
    rule = declared.rule(3, POINTS, "t1", said | {"source": "ours", "guidance": {}})
    assert rule == Rule(3, 5, "H", 5, level=2, of="DIFFERENCE", other=6, calendar=night)
    votes = {"computed": {"how": "COUNT", "of": ["t2", "t1"], "limit": 110, "every": 2, "fresh": 30}}
    found = declared.all_computed(POINTS, {"points": {"t1": {}, "t2": {}, "votes": votes}})
    assert found == [Computed(7, "COUNT", (5, 6), 110, every=2, fresh=30)]


def test_rules_of_one_kind_are_told_apart_by_their_calendar():
    assert declared.kind_of({"kind": "H"}) == ("H", "VALUE", 0, "")
    assert declared.kind_of({"kind": "H", "calendar": "noise_day"}) != declared.kind_of({"kind": "H"})


def test_members_elsewhere_are_those_of_another_shard():
    one = Computed(7, "MEAN", (5, 4096 + 5, 2 * 4096 + 5))
    assert (astray(one, 1), astray(one, 2)) == ((), (4096 + 5,))
    assert astray(one, 3) == (4096 + 5, 2 * 4096 + 5)
