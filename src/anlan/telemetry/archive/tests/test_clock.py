"""A clock that was put on or back is not trusted with what cannot be brought back."""

import pytest

from anlan.telemetry.archive.clock import DAY, WatchedClock


class Hands:
    """Two clocks of which one is set."""

    def __init__(self):
        self.even, self.ahead = 1_000.0, 1_767_576_600.0

    def watched(self) -> WatchedClock:
        return WatchedClock(lambda: self.even + self.ahead, lambda: self.even)


def test_a_clock_that_goes_evenly_is_trusted_however_long_nobody_asks():
    hands = Hands()
    clock = hands.watched()
    for passed in (0, 1, 300, 40 * DAY):
        hands.even += passed
        assert clock.trusted()


@pytest.mark.parametrize("jump", [61, 3_600, 400 * DAY, -61, -400 * DAY])
def test_after_a_jump_it_is_trusted_again_when_it_has_gone_evenly_for_a_day(jump):
    hands = Hands()
    clock = hands.watched()
    hands.ahead += jump
    assert not clock.trusted()
    hands.even += DAY
    assert not clock.trusted()
    hands.even += 1
    assert clock.trusted()


def test_being_put_right_begins_another_day_and_small_corrections_none():
    hands = Hands()
    clock = hands.watched()
    hands.ahead += 3_600
    assert not clock.trusted()
    hands.even += DAY / 2
    hands.ahead -= 3_600
    assert not clock.trusted()
    hands.even += DAY
    assert not clock.trusted()
    hands.even += 1
    hands.ahead += 30
    assert clock.trusted()
