import numpy as np
import pytest

from anlan.columns.readings import readings
from anlan.telemetry.book import Rule
from anlan.telemetry.rules.backtest import DAY, SECOND, SILENT_STEPS, Event, backtest
from anlan.telemetry.rules.tests.stories import START, Story

LIMIT = Rule(1, 70_005, "H", 10.0)


def batch(rows, point=70_005):
    at = [START + round(t * SECOND) for t, _ in rows]
    return readings([point] * len(rows), at, [value for _, value in rows], [0] * len(rows))


def test_what_a_rule_would_have_done_is_what_it_does_live():
    dice = np.random.default_rng(4)
    rows = [(t * 2, float(v)) for t, v in enumerate(10 + np.cumsum(dice.normal(0, 1, 2000)) / 4)]
    rule = Rule(1, 5, "H", 10.0, deadband=0.5, on_delay=5, off_delay=7)
    live = Story(rule)
    for t, value in rows:
        live.at(t, (t, value))
    tried = backtest([rule], [batch(rows, 5)])
    raised = [one.raised for one in live.told if one.transition == "raised"]
    assert [one.raised for one in tried.episodes] == raised and len(raised) == 5
    assert [one.cleared for one in tried.episodes if one.cleared] == [
        one.ts for one in live.told if one.transition == "cleared"
    ]


def test_batches_may_be_cut_anywhere():
    rows = [(t, 12.0 if t % 700 < 300 else 5.0) for t in range(0, 20_000, 7)]
    whole = backtest([LIMIT], [batch(rows)])
    parts = backtest([LIMIT], [batch(rows[n : n + 111]) for n in range(0, len(rows), 111)])
    assert whole.episodes == parts.episodes and len(whole.episodes) == 29


def test_labelled_events_are_found_with_a_delay_missed_or_imagined():
    rows = [(t, 12.0 if 100 <= t < 200 or 900 <= t < 950 else 5.0) for t in range(0, 2000, 10)]
    happened = [Event(START + 80 * SECOND, START + 180 * SECOND), Event(START + 1500 * SECOND, START + 1600 * SECOND)]
    tried = backtest([LIMIT], [batch(rows)], happened)
    assert (tried.found, tried.missed, tried.for_nothing, tried.delays) == (1, 1, 1, [20.0])


def test_flood_chatter_and_standing_alarms_are_counted():
    many = [Rule(n + 1, n, "H", 10.0) for n in range(15)]
    rows = [readings(list(range(15)), [START + n * SECOND for n in range(15)], [20.0] * 15, [0] * 15)]
    late = [readings(list(range(15)), [START + 2 * DAY] * 15, [5.0] * 15, [0] * 15)]
    flood = backtest(many, rows + late)
    assert (flood.most_in_ten_minutes, flood.ten_minutes_in_flood, flood.standing_a_day) == (15, 1, 15)
    assert backtest([LIMIT], [batch([(t, 12.0 if t % 10 < 5 else 5.0) for t in range(60)])]).chattering == 1
    assert backtest([LIMIT], [batch([(0, 12.0), (5, 5.0), (600, 12.0)])]).chattering == 0


def test_silence_is_found_between_readings_to_a_fourth_of_its_length():
    rule = Rule(1, 5, "SILENCE", silence=600)
    tried = backtest([rule], [batch([(0, 1.0), (300, 1.0), (4000, 1.0), (4100, 1.0)], 5)])
    (one,) = tried.episodes
    assert 900 <= (one.raised - START) / SECOND <= 900 + 600 / SILENT_STEPS


def test_readings_of_other_points_and_none_at_all_do_no_harm():
    assert backtest([LIMIT], [batch([(0, 99.0)], 6)]).episodes == []
    assert backtest([LIMIT], []).per_day == 0


def test_too_many_points_at_once_are_refused():
    with pytest.raises(ValueError, match="4096"):
        backtest([Rule(n + 1, n, "H", 1.0) for n in range(5000)], [])
