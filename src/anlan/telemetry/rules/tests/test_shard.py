import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.columns.readings import Quality, readings
from anlan.telemetry.book import Rule
from anlan.telemetry.rules.shard import Shard
from anlan.telemetry.rules.tests.stories import SECOND, START, Story, rules_page, short


@pytest.mark.parametrize(
    "kind, calm, at_limit, past",
    [("H", 9.9, 10.0, 11.0), ("HH", 9.9, 10.0, 11.0), ("L", 10.1, 10.0, 9.0), ("LL", 10.1, 10.0, 9.0)],
)
def test_a_limit_is_reached_at_the_limit_itself(kind, calm, at_limit, past):
    story = Story(Rule(1, 5, kind, 10.0))
    assert story.at(1, (1, calm)) == []
    assert short(story.at(2, (2, at_limit))) == [("raised", kind, 2)]
    assert story.at(3, (3, past)) == []
    assert short(story.at(4, (4, calm))) == [("cleared", kind, 4)]


def test_one_excursion_is_one_episode_and_the_next_is_another():
    story = Story(Rule(1, 5, "H", 10.0))
    story.at(1, (1, 11), (2, 12), (3, 5), (4, 11))
    assert short(story.told) == [("raised", "H", 1), ("cleared", "H", 3), ("raised", "H", 4)]
    assert [one.raised for one in story.told] == [START + SECOND, START + SECOND, START + 4 * SECOND]


def test_within_the_deadband_the_alarm_stays():
    story = Story(Rule(1, 5, "H", 10.0, deadband=2.0))
    story.at(1, (1, 10), (2, 9), (3, 8.0), (4, 10.5))
    assert short(story.told) == [("raised", "H", 1)]
    assert short(story.at(5, (5, 7.9))) == [("cleared", "H", 5)]


def test_a_spike_shorter_than_the_on_delay_is_no_alarm():
    story = Story(Rule(1, 5, "H", 10.0, on_delay=5))
    story.at(1, (1, 12))
    story.at(3, (3, 9))
    story.at(20, (20, 12))
    assert story.told == []
    assert short(story.at(25, (25, 12))) == [("raised", "H", 25)]


def test_the_on_delay_ends_by_the_streams_time_when_nothing_more_is_heard():
    story = Story(Rule(1, 5, "H", 10.0, on_delay=3))
    story.at(1, (1, 12))
    assert story.at(3.9) == []
    assert short(story.at(4)) == [("raised", "H", 4)]


def test_a_replay_finds_the_same_instants_as_the_live_series():
    rows = [(t, v) for t, v in enumerate([5, 12, 12, 12, 12, 5, 5, 12, 5, 5, 5, 5, 5])]
    rule = Rule(1, 5, "H", 10.0, on_delay=2, off_delay=3)
    live, replayed = Story(rule), Story(rule)
    for t, value in rows:
        live.at(t, (t, value))
    replayed.at(100, *rows)
    assert short(live.told) == short(replayed.told)
    assert [(one.transition, (one.ts - START) // SECOND) for one in live.told] == [
        ("raised", 3),
        ("eased", 5),
        ("worsened", 7),
        ("eased", 8),
        ("cleared", 11),
    ]


def test_chatter_is_one_episode_that_counts_and_speaks_ever_more_rarely():
    story = Story(Rule(1, 5, "H", 10.0, off_delay=60))
    for t in range(0, 2000, 2):
        story.at(t, (t, 11), (t + 1, 5))
    assert [one.transition for one in story.told].count("raised") == 1
    assert "cleared" not in [one.transition for one in story.told]
    assert len(story.told) < 25
    cleared = [one for second in range(2000, 2060) for one in story.at(second)]
    assert [(one.transition, one.count) for one in cleared] == [("cleared", 1000)]


def test_silence_is_raised_when_due_and_ends_with_the_first_reading():
    story = Story(Rule(1, 5, "SILENCE", silence=10))
    story.at(2, (2, 7.0))
    for second in range(3, 12):
        assert story.at(second) == []
    assert short(story.at(12)) == [("raised", "SILENCE", 12)]
    assert story.at(13) == []
    found = story.at(20, (20, 7.0))
    assert short(found) == [("cleared", "SILENCE", 20)] and found[0].value == 7.0


def test_a_point_that_was_never_heard_falls_silent_after_its_rule_came():
    story = Story(Rule(1, 5, "SILENCE", silence=3))
    story.at(1), story.at(2)
    found = story.at(3)
    assert short(found) == [("raised", "SILENCE", 3)] and np.isnan(found[0].value)


def test_a_gateway_that_was_away_makes_no_device_silent():
    story = Story(Rule(1, 5, "SILENCE", silence=10))
    story.at(2, (2, 7.0))
    assert story.at(3_600) == []
    for second in range(3_601, 3_609):
        story.at(second)
    assert story.told == []
    story.at(3_610)
    assert [one.transition for one in story.told] == ["raised"]


def test_an_old_reading_is_no_news_for_limits_but_a_sign_of_life():
    story = Story(Rule(1, 5, "H", 10.0), Rule(2, 5, "SILENCE", silence=5))
    story.at(10, (10, 5.0))
    story.at(14, (3, 99.0))
    story.at(18)
    assert story.told == [] and story.shard.late == 1


def test_limits_are_judged_on_when_the_gateways_clock_has_been_put_back():
    """Else they would be blind until the old time is reached again."""
    story = Story(Rule(1, 5, "H", 10.0), Rule(2, 5, "HH", 10.0, on_delay=5), Rule(3, 5, "H", 99.0, of="SUM", window=64))
    story.at(1, (3_601, 11.0), received=3_601)
    assert short(story.told) == [("raised", "H", 3_601)]
    story.at(2, (2, 5.0))
    assert short(story.told[1:]) == [("cleared", "H", 2)]
    story.at(4, (4, 95.0)), story.at(9, (9, 11.0))
    assert short(story.told[2:]) == [("raised", "H", 4), ("raised", "H", 4), ("raised", "HH", 9)]
    assert [one.value for one in story.told[2:]] == [95.0, 100.0, 95.0] and story.shard.late == 0


def test_a_clock_put_back_within_one_entry_is_seen_too():
    story = Story(Rule(1, 5, "H", 10.0))
    story.at(1, (3_601, 5.0), (2, 11.0), received=3_601, sent=3)
    assert short(story.told) == [("raised", "H", 2)]


def test_a_device_a_little_fast_may_still_send_out_of_order():
    story = Story(Rule(1, 5, "H", 10.0))
    story.at(10, (18, 5.0))
    story.at(11, (12, 99.0))
    assert story.told == [] and story.shard.late == 1


def test_silence_and_delays_come_in_time_when_the_streams_clock_has_been_put_back():
    story = Story(Rule(1, 5, "SILENCE", silence=10), Rule(2, 5, "H", 10.0, on_delay=5))
    story.at(7_200, (7_200, 11.0))
    story.at(7_201)
    for second in range(3_600, 3_609):
        story.at(second)
    assert [(one.transition, one.kind) for one in story.told] == [("raised", "H")]
    story.at(3_609)
    assert [(one.transition, one.kind) for one in story.told] == [("raised", "H"), ("raised", "SILENCE")]


@given(
    st.lists(st.integers(0, 20), min_size=2, max_size=40),
    st.dictionaries(st.integers(1, 39), st.integers(-86_400, 86_400), max_size=4),
)
def test_whatever_the_clocks_do_each_reading_is_judged(values, jumps):
    """Clocks of gateway and stream are put on or back between any two readings of a device that has none."""
    steady, jumping, now = Story(Rule(1, 5, "H", 10.0)), Story(Rule(1, 5, "H", 10.0)), 100_000
    for number, value in enumerate(values):
        steady.at(number, (number, value))
        now += 1 + (jump if abs(jump := jumps.get(number, 0)) > 11 else 0)
        jumping.at(now, (now, value))
    told = [[(one.transition, one.value, one.count) for one in story.told] for story in (steady, jumping)]
    assert told[0] == told[1]


def test_the_same_reading_twice_changes_nothing():
    story = Story(Rule(1, 5, "H", 10.0, off_delay=5))
    story.at(1, (1, 11), (1, 11))
    story.at(2, (1, 11))
    assert short(story.told) == [("raised", "H", 1)] and story.told[0].count == 1


@pytest.mark.parametrize("wrong", [-START / SECOND, 4_000_000_000])
def test_a_clock_that_cannot_be_right_is_replaced_by_the_time_of_reception(wrong):
    story = Story(Rule(1, 5, "H", 10.0))
    flag = Quality.CLOCK_FUTURE if wrong > 0 else Quality.CLOCK_OLD
    assert short(story.at(7, (wrong, 11), quality=flag)) == [("raised", "H", 7)]
    assert short(story.at(9, (9, 5))) == [("cleared", "H", 9)]


def test_high_and_high_high_are_two_episodes():
    story = Story(Rule(1, 5, "H", 10.0, level=3), Rule(2, 5, "HH", 20.0, level=1))
    story.at(1, (1, 25), (2, 15), (3, 5))
    assert [(one.rule, one.transition, one.level) for one in story.told] == [
        (1, "raised", 3),
        (2, "raised", 1),
        (2, "cleared", 1),
        (1, "cleared", 3),
    ]


# --- rules that change --------------------------------------------------------------------------------------------
def test_an_unchanged_rule_keeps_its_episode_when_its_page_changes():
    story = Story(Rule(1, 5, "H", 10.0))
    story.at(1, (1, 11))
    assert story.become(2, Rule(1, 5, "H", 10.0), Rule(9, 6, "L", 1.0)) == []
    assert short(story.at(3, (3, 5))) == [("cleared", "H", 3)]


def test_a_removed_rule_ends_its_episode_and_says_why():
    story = Story(Rule(1, 5, "H", 10.0), Rule(2, 5, "L", 1.0))
    story.at(1, (1, 11))
    found = story.become(2, Rule(2, 5, "L", 1.0))
    assert [(one.transition, one.rule, one.reason, one.value) for one in found] == [("cleared", 1, "rule-removed", 11)]


def test_a_rule_that_watches_another_point_is_another_rule():
    story = Story(Rule(1, 5, "H", 10.0))
    story.at(1, (1, 11))
    assert [one.reason for one in story.become(2, Rule(1, 6, "H", 10.0))] == ["rule-changed"]


def test_a_moved_limit_holds_from_the_next_reading():
    story = Story(Rule(1, 5, "H", 10.0))
    story.at(1, (1, 11))
    story.become(2, Rule(1, 5, "H", 20.0))
    assert short(story.at(3, (3, 11))) == [("cleared", "H", 3)]


def test_an_older_page_never_replaces_a_newer_one():
    story = Story(Rule(1, 5, "H", 10.0))
    assert list(story.shard.replace_page(START, 0, 1, rules_page(Rule(1, 5, "H", 1.0)))) == []
    assert story.at(1, (1, 5)) == []


def test_pages_of_other_shards_are_left_to_them():
    shard = Shard(1, 2)
    list(shard.replace_page(START, 0, 5, rules_page(Rule(1, 5, "H", 10.0))))
    list(shard.replace_page(START, 1, 5, rules_page(Rule(2, 5000, "H", 10.0), number=1)))
    list(shard.replace_page(START, 3, 5, rules_page(Rule(3, 13_000, "H", 10.0), number=3)))
    assert shard.rules["rule"].tolist() == [2, 3]
    found = list(shard.entry(START + 1, readings([13_000, 5000], [START] * 2, [11.0, 12.0], [0, 0]), START))
    assert [(one.rule, one.point, one.value) for one in found] == [(3, 13_000, 11.0), (2, 5000, 12.0)]
    assert sorted(shard.latest().point.tolist()) == [5000, 13_000]


# --- properties ---------------------------------------------------------------------------------------------------
RULES = st.builds(
    Rule,
    id=st.just(1),
    point=st.just(5),
    kind=st.sampled_from(["LL", "L", "H", "HH"]),
    limit=st.sampled_from([5.0, 10.0]),
    deadband=st.sampled_from([0.0, 1.0]),
    on_delay=st.sampled_from([0.0, 2.0]),
    off_delay=st.sampled_from([0.0, 3.0]),
)
SERIES = st.lists(st.floats(0, 15, width=16), max_size=40)


@given(RULES, SERIES, st.lists(st.integers(1, 39), max_size=5))
def test_how_a_series_is_cut_into_batches_changes_nothing(rule, series, cuts):
    rows = [(t, value) for t, value in enumerate(series)]
    whole, cut = Story(rule), Story(rule)
    whole.at(50, *rows)
    begin = 0
    for end in [*sorted(set(cuts)), len(rows)]:
        cut.at(50, *rows[begin:end])
        begin = max(begin, end)
    assert whole.told == cut.told


@given(RULES, SERIES)
def test_raised_and_cleared_take_turns_and_a_clear_names_its_raise(rule, series):
    story = Story(rule)
    for t, value in enumerate(series):
        story.at(t, (t, value))
    open_, last = None, 0
    for one in story.told:
        assert one.ts >= last or one.transition == "cleared"
        last = one.ts
        if one.transition == "raised":
            assert open_ is None and one.raised == one.ts
            open_ = one.raised
        else:
            assert open_ == one.raised
            open_ = None if one.transition == "cleared" else open_


@given(SERIES)
def test_without_delays_the_kernel_is_the_plain_definition(series):
    story, active, expected = Story(Rule(1, 5, "H", 10.0, deadband=2.0)), False, []
    for t, value in enumerate(series):
        story.at(t, (t, value))
        if not active and value >= 10:
            active = True
            expected.append(("raised", "H", t))
        elif active and value < 8:
            active = False
            expected.append(("cleared", "H", t))
    assert short(story.told) == expected


def test_a_flood_larger_than_the_kernels_room_loses_nothing():
    count = 4096
    shard = Shard(0, 1)
    page = rules_page(*(Rule(i * 10 + k, i, "H", 10.0) for i in range(count) for k in range(3)))
    list(shard.replace_page(START, 0, 1, page))
    points = np.tile(np.arange(count), 4)
    values = np.repeat([11.0, 1.0, 11.0, 1.0], count)
    found = list(
        shard.entry(START, readings(points, np.repeat([1, 2, 3, 4], count) + START, values, points * 0), START)
    )
    assert len(found) == count * 3 * 4
