"""A device that says "calibrating" or "at fault" with a value neither raises nor ends an alarm with it."""

import pytest

from anlan.columns.readings import Quality
from anlan.telemetry.book import Rule
from anlan.telemetry.rules.tests.stories import Story, short


def test_what_a_device_calls_no_measurement_raises_and_clears_nothing():
    story = Story(Rule(1, 5, "H", 10.0))
    assert story.at(1, (1, 99), quality=Quality.UNFIT) == []
    assert short(story.at(2, (2, 99))) == [("raised", "H", 2)]
    assert story.at(3, (3, 0), quality=Quality.UNFIT) == []
    assert short(story.at(4, (4, 0))) == [("cleared", "H", 4)]


@pytest.mark.parametrize("quality", [Quality.OUT_OF_RANGE, Quality.SUBSTITUTED, Quality.CLOCK_OLD])
def test_other_doubts_are_judged_as_ever(quality):
    assert short(Story(Rule(1, 5, "H", 10.0)).at(1, (1, 99), quality=quality)) == [("raised", "H", 1)]


def test_it_is_still_a_sign_of_life():
    story = Story(Rule(1, 5, "SILENCE", silence=60))
    story.at(1, (1, 5))
    told = [
        second
        for second in range(2, 120)
        if story.at(second, *([(second, 0)] if second == 50 else []), quality=Quality.UNFIT)
    ]
    assert told == [110] and story.told[0].kind == "SILENCE"


def test_no_mean_has_it_in():
    story = Story(Rule(1, 5, "H", 10.0, of="MEAN", window=10.0))
    for second in range(0, 20, 2):
        story.at(second, (second, 5))
        assert story.at(second + 1, (second + 1, 1000), quality=Quality.UNFIT) == []
