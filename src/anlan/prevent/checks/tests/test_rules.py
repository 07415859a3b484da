from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.prevent.checks import rules
from anlan.prevent.checks.rules import Item, Unanswerable, judged

ZONE = ZoneInfo("Asia/Shanghai")
OXYGEN = Item(key="o2", text="氧含量", unit="%VOL", least=19.5, most=23.5)
PLAIN = Item(key="exit", text="安全出口畅通")
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(("reading", "verdict"), [(19.5, "ok"), (23.5, "ok"), (19.4, "not"), (23.6, "not")])
def test_a_reading_beyond_its_limits_does_not_conform_whatever_was_ticked(reading, verdict):
    assert judged(OXYGEN, "ok", reading) == verdict


def test_a_reading_within_its_limits_may_still_be_said_not_to_conform():
    assert judged(OXYGEN, "not", 20.9) == "not"


def test_an_answer_that_contradicts_its_question_is_refused():
    for item, verdict, reading in [
        (OXYGEN, "ok", None), (OXYGEN, "ok", float("nan")), (OXYGEN, "ok", float("inf")), (PLAIN, "", None),
        (PLAIN, "maybe", None),
    ]:  # fmt: skip
        with pytest.raises(Unanswerable):
            judged(item, verdict, reading)
    assert judged(OXYGEN, "na", None) == "na"


@given(DAYS, st.integers(1, 400), st.integers(0, 900))
def test_a_period_holds_the_day_it_is_made_on_and_the_next_one_begins_when_it_ends(start, every, later):
    today = start + timedelta(days=later)
    found = rules.period(start, every, None, today)
    assert found.start <= today <= found.last
    assert found.following == found.last + timedelta(days=1)
    assert (found.start - start).days % every == 0


def test_nothing_is_made_before_the_first_day_or_after_the_last():
    start = date(2026, 3, 1)
    assert rules.period(start, 7, None, start - timedelta(days=1)) is None
    assert rules.period(start, 7, date(2026, 3, 10), date(2026, 3, 20)) is None
    assert rules.period(start, 7, date(2026, 3, 10), date(2026, 3, 9)).following is None


def test_what_is_checked_once_has_until_its_end():
    found = rules.period(date(2026, 9, 20), None, date(2026, 9, 30), date(2026, 9, 21))
    assert found == rules.Period(date(2026, 9, 20), date(2026, 9, 30), None)


def test_a_check_of_the_day_is_due_when_the_day_ends_in_the_region():
    due_at = rules.Period(date(2026, 5, 1), date(2026, 5, 1), None).due_at(ZONE)
    assert due_at == datetime(2026, 5, 1, 16, tzinfo=UTC)


def test_what_was_looked_at_daily_is_proven_until_the_end_of_the_next_day():
    at = datetime(2026, 5, 1, 3, tzinfo=UTC)
    assert rules.again_by(at, 1, ZONE) == datetime(2026, 5, 2, 16, tzinfo=UTC)


@given(st.sets(st.text(min_size=1, max_size=12), max_size=40), st.text(max_size=20), st.integers(-1, 50))
def test_the_same_seed_draws_the_same_whatever_order_the_field_comes_in(field, seed, count):
    chosen = rules.drawn(field, seed, count)
    assert chosen == rules.drawn(sorted(field, reverse=True), seed, count)
    assert len(set(chosen)) == len(chosen) == min(max(count, 0), len(field))
    assert set(chosen) <= field


def test_every_enterprise_has_about_the_same_chance():
    field = [f"E{number}" for number in range(50)]
    hits = dict.fromkeys(field, 0)
    for seed in range(2000):
        for code in rules.drawn(field, str(seed), 5):
            hits[code] += 1
    assert all(140 < count < 260 for count in hits.values()), hits  # 200 each; five standard deviations are 67


def test_a_round_begins_with_the_first_stop_and_says_when_one_was_left_out():
    orders = [1, 2, 3]
    assert rules.round_of(1, 1, 0, None, orders) == (1, True)
    assert rules.round_of(2, 1, 1, 1, orders) == (1, True)
    assert rules.round_of(3, 1, 1, 1, orders) == (1, False)
    assert rules.round_of(1, 1, 1, 3, orders) == (2, True)
    assert rules.round_of(2, 1, 0, None, orders) == (1, False)
    assert rules.round_of(2, 1, 1, 2, orders) == (1, True)


def test_of_nothing_due_there_is_no_share():
    assert rules.share(0, 0) is None
    assert rules.share(1, 3) == 33.3
