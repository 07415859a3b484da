"""Points computed from points, and rules that are in force by calendar, as stories."""

from datetime import date

import pytest

from anlan.columns import page
from anlan.columns.readings import Quality, readings
from anlan.telemetry import book
from anlan.telemetry.book import Beside, Rule, pack_rules
from anlan.telemetry.calendars import Calendar
from anlan.telemetry.computed import Computed
from anlan.telemetry.rules.backtest import backtest
from anlan.telemetry.rules.shard import Shard
from anlan.telemetry.rules.tests.stories import SECOND, START, Story, short

DETECTORS, VOTE = (5, 6, 7), 20


def voting(**how) -> tuple[Shard, list]:
    """Two of three detectors at or over 25 make an alarm."""
    shard = Shard(0, 1)
    computed = Computed(VOTE, "COUNT", DETECTORS, limit=25.0, **how)
    columns, meta = page.unpack(pack_rules(0, 1, [Rule(1, VOTE, "H", 2.0, version=3)], [computed]))
    list(shard.replace_page(START, 0, 1, columns, book.beside(meta)))
    return shard, []


def hear(shard: Shard, at: float, *rows: tuple[int, float], quality: int = 0) -> list[tuple]:
    now = START + round(at * SECOND)
    batch = readings([p for p, _ in rows], [now] * len(rows), [v for _, v in rows], [quality] * len(rows))
    return short(list(shard.entry(now, batch, now)))


def test_one_detector_of_three_is_no_alarm_and_two_are():
    shard, _ = voting()
    assert hear(shard, 1, (5, 30.0), (6, 3.0), (7, 4.0)) == []
    assert hear(shard, 2, (7, 26.0)) == [("raised", "H", 2)]
    assert hear(shard, 3, (5, 1.0)) == [("cleared", "H", 3)]


def test_the_version_that_raised_an_alarm_is_told_with_it():
    shard, _ = voting()
    now = START + SECOND
    (told,) = shard.entry(now, readings([5, 6], [now] * 2, [30.0] * 2, [0, 0]), now)
    assert told.version == 3


@pytest.mark.parametrize("bad", [Quality.OUT_OF_RANGE, Quality.UNFIT])
def test_a_detector_that_measures_nothing_has_no_vote(bad):
    shard, _ = voting()
    assert hear(shard, 1, (5, 30.0)) == []
    assert hear(shard, 2, (6, 30.0), quality=bad) == []


def test_a_detector_that_fell_silent_loses_its_vote_though_nothing_more_comes():
    shard, _ = voting(every=1.0, fresh=60.0)
    assert hear(shard, 1, (5, 30.0), (6, 30.0)) == [("raised", "H", 1)]
    told = [one for second in range(2, 66, 4) for one in short(list(shard.entry(START + second * SECOND)))]
    assert [one[0] for one in told] == ["cleared"]


def test_an_aggregate_is_made_no_more_often_than_asked():
    shard, _ = voting(every=10.0)
    assert hear(shard, 1, (5, 30.0)) == []
    assert hear(shard, 2, (6, 30.0)) == []
    assert hear(shard, 11, (7, 30.0)) == [("raised", "H", 11)]


def test_a_computed_point_is_tried_over_the_archive_as_well():
    rows = readings(
        [5, 6, 7, 5], [START, START + SECOND, START + 2 * SECOND, START + 9 * SECOND], [30, 30, 2, 1], [0] * 4
    )
    beside = Beside((Computed(VOTE, "COUNT", DETECTORS, limit=25.0),))
    (one,) = backtest([Rule(1, VOTE, "H", 2.0)], [rows], beside=beside).episodes
    assert one.point == VOTE and one.raised == START + SECOND and one.cleared == START + 9 * SECOND


@pytest.mark.parametrize(
    "wrong",
    [
        dict(how="MEDIAN"),
        dict(members=(VOTE,)),
        dict(every=-1.0),
        dict(fresh=5.0),
        dict(limit=float("nan")),
    ],
)
def test_a_computed_point_that_makes_no_sense_is_refused_with_its_number(wrong):
    with pytest.raises(ValueError, match="computed point 20"):
        Computed(**{"point": VOTE, "how": "COUNT", "members": DETECTORS, **wrong})


# --- calendars ------------------------------------------------------------------------------------------------------
def local(text: str) -> int:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()) * SECOND


@pytest.mark.parametrize(
    "calendar, open_, shut",
    [
        (Calendar(1, begin=480, end=1080), "2026-03-02 08:00", "2026-03-02 18:00"),
        (Calendar(1, begin=1320, end=360), "2026-03-02 05:59", "2026-03-02 21:59"),
        (Calendar(1, weekdays=0b1100000), "2026-03-01 12:00", "2026-03-02 12:00"),  # a Sunday, a Monday
        (Calendar(1, season=(1101, 331)), "2026-01-15 12:00", "2026-06-15 12:00"),
        (Calendar(1, days="workdays"), "2026-02-28 12:00", "2026-02-17 12:00"),  # made-up Saturday, spring festival
        (Calendar(1, days="restdays"), "2026-02-17 12:00", "2026-02-28 12:00"),
    ],
)
def test_hours_weekdays_season_and_working_days(calendar, open_, shut):
    assert calendar.open_at(local(open_)) and not calendar.open_at(local(shut))


def test_a_night_belongs_to_the_day_it_begins_on():
    calendar = Calendar(1, begin=1320, end=360, weekdays=0b0010000)  # Fridays
    assert calendar.open_at(local("2026-03-06 23:00")) and calendar.open_at(local("2026-03-07 05:00"))
    assert not calendar.open_at(local("2026-03-06 05:00")) and calendar.covers(date(2026, 3, 6))


def by_hours(rule: Rule, calendar: Calendar) -> Story:
    story = Story()
    columns, meta = page.unpack(pack_rules(0, 9, [rule], (), [calendar]))
    list(story.shard.replace_page(START, 0, 9, columns, book.beside(meta)))
    return story


def test_a_rule_is_in_force_in_its_hours_and_its_episode_ends_with_them():
    # The story begins at 09:30 in China; the hours run from 09:31 to 09:32.
    story = by_hours(Rule(1, 5, "H", 10.0, calendar=1), Calendar(1, begin=9 * 60 + 31, end=9 * 60 + 32))
    assert story.at(10, (10, 99.0)) == []
    assert short(story.at(70, (70, 99.0))) == [("raised", "H", 70)]
    ended = [one for second in range(71, 130) for one in story.at(second)]
    assert short(ended) == [("cleared", "H", 120)] and ended[0].reason == "out-of-hours"
    assert story.at(130, (130, 99.0)) == []


def test_a_silence_is_counted_from_the_beginning_of_the_hours():
    story = by_hours(Rule(1, 5, "SILENCE", silence=20, calendar=1), Calendar(1, begin=9 * 60 + 31, end=9 * 60 + 40))
    told = [one for second in range(1, 100) for one in story.at(second)]
    assert short(told) == [("raised", "SILENCE", 80)]


@pytest.mark.parametrize("wrong", [dict(begin=-1), dict(weekdays=0), dict(days="holidays"), dict(season=(230, 1))])
def test_a_calendar_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError):
        Calendar(1, **wrong)


def test_a_page_names_only_calendars_that_are_given_with_it():
    with pytest.raises(ValueError, match="calendars"):
        pack_rules(0, 1, [Rule(1, 5, "H", 1.0, calendar=4)])
