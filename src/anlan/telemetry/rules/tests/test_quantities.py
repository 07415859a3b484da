"""Rules over more than the reading itself: change, spread, sum and mean over a window, bits, range, difference."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.columns.readings import Quality, readings
from anlan.telemetry.book import Rule, whole_rules
from anlan.telemetry.rules import snapshot
from anlan.telemetry.rules.shard import Shard
from anlan.telemetry.rules.tests.stories import SECOND, START, Story, rules_page, short
from anlan.telemetry.rules.windows import BUCKETS

HOUR, DAY = 3600.0, 86_400.0


def test_rain_of_an_hour_is_added_up_and_forgotten_again():
    story = Story(Rule(1, 5, "H", 30.0, of="SUM", window=HOUR))
    for minute in range(0, 60, 5):
        story.at(minute * 60, (minute * 60, 3.0))
    assert short(story.told) == [("raised", "H", 45 * 60)] and story.told[0].value == 30.0
    for minute in range(60, 120, 5):
        story.at(minute * 60, (minute * 60, 0.0))
    assert [one.transition for one in story.told] == ["raised", "cleared"]


def test_a_rise_within_the_window_is_a_change_a_slow_one_is_not():
    quick, slow = (Story(Rule(1, 5, "H", 10.0, of="CHANGE", window=60)) for _ in range(2))
    for second in range(0, 300, 10):
        quick.at(second, (second, second / 4))
        slow.at(second, (second, second / 10))
    assert [one.transition for one in quick.told] == ["raised"] and slow.told == []


def test_a_fall_is_a_change_below_a_negative_limit():
    story = Story(Rule(1, 5, "L", -5.0, of="CHANGE", window=60))
    story.at(0, (0, 50), (20, 49), (40, 44))
    assert short(story.told) == [("raised", "L", 40)] and story.told[0].value == -6


def test_displacement_of_a_day():
    story = Story(Rule(1, 5, "H", 20.0, of="CHANGE", window=DAY))
    for hour in range(72):
        story.at(hour * HOUR, (hour * HOUR, 0.5 * hour if hour < 36 else 18 + 3 * (hour - 36)))
    raised = [one for one in story.told if one.transition == "raised"]
    assert len(raised) == 1 and 38 * HOUR <= (raised[0].ts - START) / SECOND <= 46 * HOUR


def test_a_stuck_sensor_is_told_once_its_window_is_full():
    story = Story(Rule(1, 5, "L", 0.001, of="SPREAD", window=600))
    for second in range(0, 1200, 30):
        story.at(second, (second, 20.5))
    assert short(story.told) == [("raised", "L", 600)]
    assert short(story.at(1200, (1200, 20.6))) == [("cleared", "L", 1200)]


def test_after_a_gap_the_window_must_fill_again():
    story = Story(Rule(1, 5, "L", 0.001, of="SPREAD", window=600))
    for second in (0, 300, 590):
        story.at(second, (second, 20.5))
    story.at(2000, (2000, 20.5), (2400, 20.5))
    assert story.told == []
    assert short(story.at(2600, (2600, 20.5))) == [("raised", "L", 2600)]


def test_a_mean_waits_for_its_window():
    story = Story(Rule(1, 5, "H", 10.0, of="MEAN", window=480))
    story.at(0, (0, 100.0))
    assert story.told == []
    for second in range(60, 481, 60):
        story.at(second, (second, 5.0))
    assert short(story.told) == [("raised", "H", 480)] or story.told == []
    for second in range(540, 900, 60):
        story.at(second, (second, 5.0))
    assert [one.transition for one in story.told] in ([], ["raised", "cleared"])


def test_a_bit_of_a_state_word():
    story = Story(Rule(1, 5, "H", 6, of="BITS"))  # bits 1 and 2
    story.at(0, (0, 1), (1, 9), (2, 4), (3, 12), (4, 8))
    assert short(story.told) == [("raised", "H", 2), ("cleared", "H", 4)]


def test_a_reading_outside_what_the_point_can_be():
    story = Story(Rule(1, 5, "H", of="RANGE"))
    story.at(0, (0, 5))
    assert short(story.at(1, (1, 9999), quality=Quality.OUT_OF_RANGE)) == [("raised", "H", 1)]
    assert short(story.at(2, (2, 5))) == [("cleared", "H", 2)]


def test_the_difference_of_two_points():
    story = Story(Rule(1, 5, "H", 3.0, of="DIFFERENCE", other=6))
    story.at(0, (0, 100))
    assert story.told == []  # the other point has not spoken yet
    for at, point, value in ((1, 6, 99), (2, 5, 101), (3, 5, 102), (4, 6, 101), (5, 5, 102)):
        story.point = point
        story.at(at, (at, value))
    assert short(story.told) == [("raised", "H", 3), ("cleared", "H", 5)]


def test_a_delay_and_a_deadband_hold_for_quantities_too():
    story = Story(Rule(1, 5, "H", 10.0, deadband=5.0, on_delay=3, of="CHANGE", window=60))
    story.at(0, (0, 0), (1, 12), (2, 0))
    story.at(100, (100, 0))
    story.at(101, (101, 12))
    assert short(story.at(104)) == [("raised", "H", 104)] and story.told[0].value == 12
    assert story.at(105, (105, 6)) == []  # within the deadband
    assert short(story.at(106, (106, 4))) == [("cleared", "H", 106)]


def test_a_late_reading_counts_in_its_window_without_being_judged():
    story = Story(Rule(1, 5, "H", 10.0, of="SUM", window=600))
    story.at(100, (100, 4))
    assert story.at(101, (50, 5)) == []
    assert short(story.at(110, (110, 1))) == [("raised", "H", 110)]


series = st.lists(st.tuples(st.integers(0, 90), st.integers(-50, 50)), min_size=1, max_size=60)


def measured(of: str, rows: list[tuple[int, float]], window: int) -> float:
    """The same by plain counting: the newest of the window's thirty-two parts and those before it."""
    width = window * SECOND // BUCKETS
    newest = (START + rows[-1][0] * SECOND) // width
    inside = [(t, v) for t, v in rows if newest - (START + t * SECOND) // width < BUCKETS]
    values = [v for _, v in inside]
    return {
        "SUM": sum(values),
        "MEAN": sum(values) / len(values),
        "SPREAD": max(values) - min(values),
        "CHANGE": values[-1] - values[0],
    }[of]


@pytest.mark.parametrize("of", ["SUM", "MEAN", "SPREAD", "CHANGE"])
@given(steps=series, cut=st.integers(0, 60))
def test_a_quantity_is_what_plain_counting_gives_also_across_a_restart(of, steps, cut):
    window, shard = 320, Shard(0, 1)
    list(shard.replace_page(START, 0, 1, rules_page(Rule(1, 5, "H", 1e9, of=of, window=window))))
    rows, at = [], 0
    for number, (step, value) in enumerate(steps):
        at += step
        rows.append((at, value))
        now = START + at * SECOND
        list(shard.entry(now, readings([5], [now], [value], [0]), now))
        if number == cut:
            shard, _ = snapshot.unpack(snapshot.pack(shard, number), 0, 1)
    full = at - _begun(rows, window) >= window
    if full or of != "MEAN":
        assert shard.state.measured[0] == np.float32(measured(of, rows, window))


def _begun(rows: list[tuple[int, float]], window: int) -> int:
    begun = rows[0][0]
    for (before, _), (now, _) in pairwise(rows):
        begun = now if now - before > window else begun
    return begun


def test_a_changed_window_starts_empty_and_ends_its_episode():
    story = Story(Rule(1, 5, "H", 5.0, of="SUM", window=600))
    story.at(0, (0, 3), (1, 3))
    ended = story.become(2, Rule(1, 5, "H", 5.0, of="SUM", window=1200))
    assert [(one.transition, one.reason) for one in ended] == [("cleared", "rule-changed")]
    assert story.at(3, (3, 3)) == []


def test_a_changed_limit_keeps_the_window():
    story = Story(Rule(1, 5, "H", 50.0, of="SUM", window=600))
    story.at(0, (0, 3), (1, 3))
    story.become(2, Rule(1, 5, "H", 8.0, of="SUM", window=600))
    assert short(story.at(3, (3, 3))) == [("raised", "H", 3)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"of": "MEDIAN"},
        {"of": "SUM"},
        {"window": 60},
        {"of": "DIFFERENCE"},
        {"of": "DIFFERENCE", "other": 5000},
        {"other": 6},
        {"of": "BITS", "limit": 0.5},
        {"of": "RANGE", "kind": "L"},
        {"of": "SUM", "window": 60, "kind": "SILENCE", "silence": 5},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_reason(wrong):
    with pytest.raises(ValueError, match="rule 1: "):
        Rule(**{"id": 1, "point": 5, "kind": "H", "limit": 1.0, **wrong})


def test_a_page_written_before_there_were_quantities_is_of_values():
    page = rules_page(Rule(1, 5, "H", 10.0))
    old = {name: column for name, column in page.items() if name not in ("of", "window", "other")}
    assert {name: column.tolist() for name, column in whole_rules(old).items()} == {
        name: column.tolist() for name, column in page.items()
    }
