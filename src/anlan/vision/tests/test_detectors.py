import cv2
import numpy as np
import pytest

from anlan.vision.tests.scenes import burning, noisy, smoking, walker, yard
from anlan.vision.watcher import Watcher

RIGHT_HALF = [[0.5, 0.4], [1, 0.4], [1, 1], [0.5, 1]]


@pytest.fixture
def dice():
    return np.random.default_rng(20_261_128)


@pytest.fixture(autouse=True)
def one_thread():
    cv2.setNumThreads(1)


def values(settings, frames, seconds=0.5):
    """What each detector said, frame by frame."""
    watcher, said = Watcher({"detect": settings}), {}
    for frame in frames:
        for finding in watcher.look(frame, seconds):
            said.setdefault(finding.key, []).append(finding)
    return said


def highest(findings):
    return max(finding.value for finding in findings)


def test_who_walks_into_the_zone_is_an_intruder_once_he_is_inside(dice):
    frames = [yard(dice) for _ in range(12)] + [walker(yard(dice), 30 + step * 8) for step in range(40)]
    said = values({"intrusion": {"zone": RIGHT_HALF}}, frames)["intrusion"]
    assert highest(said[:25]) == 0  # the yard is empty, then he walks on the left
    assert highest(said[-10:]) > 0.8
    box = said[-5].seen[0].box
    assert box.foot[0] > 0.5 and box.height > 0.2


def test_an_empty_yard_with_noise_and_a_lamp_that_is_switched_on_holds_no_intruder(dice):
    dark = [yard(dice) for _ in range(15)]
    light = [np.clip(frame.astype(np.int16) + 60, 0, 255).astype(np.uint8) for frame in dark]
    assert highest(values({"intrusion": {}}, dark + light)["intrusion"]) == 0


def test_what_shows_itself_in_one_frame_only_is_not_sure(dice):
    frames = [yard(dice) for _ in range(12)] + [walker(yard(dice), 250)] + [yard(dice) for _ in range(6)]
    assert 0 < highest(values({"intrusion": {"zone": RIGHT_HALF}}, frames)["intrusion"]) <= 0.25


def test_a_post_is_empty_for_as_long_as_nobody_moves_there(dice):
    there = [walker(yard(dice), int(dice.integers(270, 330))) for _ in range(10)]
    gone = [yard(dice) for _ in range(15)]
    said = values({"absence": {"zone": RIGHT_HALF}}, [yard(dice) for _ in range(10)] + there + gone, seconds=2.0)
    seconds = [finding.value for finding in said["absence"]]
    assert max(seconds[11:20]) <= 2
    assert 20 <= seconds[-1] <= 30
    assert seconds[-1] - seconds[-2] == 2.0


def test_a_stream_that_broke_off_is_nobody_who_left(dice):
    watcher = Watcher({"detect": {"absence": {}}})
    for _ in range(10):
        watcher.look(yard(dice), 1.0)
    (finding,) = (each for each in watcher.look(yard(dice), 86_400.0) if each.key == "absence")
    assert finding.value <= 10 + 30


def test_flames_are_told_from_a_red_coat(dice):
    empty = [yard(dice) for _ in range(10)]
    coat = [
        cv2.rectangle(yard(dice), (30 + step * 6, 120), (50 + step * 6, 175), (20, 90, 240), -1) for step in range(40)
    ]
    parked = [cv2.rectangle(yard(dice), (200, 120), (240, 175), (20, 90, 240), -1) for _ in range(20)]
    fire = [burning(yard(dice), dice) for _ in range(20)]
    assert highest(values({"fire": {}}, empty + fire)["fire"]) > 0.6
    assert highest(values({"fire": {}}, empty + coat)["fire"]) < 0.1
    assert highest(values({"fire": {}}, empty + parked)["fire"]) < 0.1


def test_flames_outside_the_zone_are_nobodys_concern(dice):
    frames = [yard(dice) for _ in range(10)] + [burning(yard(dice), dice) for _ in range(20)]
    assert highest(values({"fire": {"zone": [[0, 0], [0.3, 0], [0.3, 1], [0, 1]]}}, frames)["fire"]) == 0


def test_a_plume_is_smoke_and_a_grey_walker_or_a_lighter_sky_is_not(dice):
    empty = [yard(dice) for _ in range(12)]
    plume = [noisy(smoking(yard(dice), step, dice), dice, 1) for step in range(16)]
    walk = [walker(yard(dice), 30 + step * 14) for step in range(22)]
    lighter = [np.clip(yard(dice) + step * 1.5, 0, 255).astype(np.uint8) for step in range(20)]
    said = values({"smoke": {}}, empty + plume)["smoke"]
    assert highest(said) > 0.6
    assert max(said, key=lambda one: one.value).seen[0].box.left < 0.55
    assert highest(values({"smoke": {}}, empty + walk)["smoke"]) == 0
    assert highest(values({"smoke": {}}, empty + lighter)["smoke"]) == 0


@pytest.mark.parametrize(
    ("frames", "state"),
    [
        ([np.zeros((120, 160, 3), np.uint8)], 1),
        ([np.full((120, 160, 3), 140, np.uint8)], 2),
        ([np.tile(np.arange(160, dtype=np.uint8)[None, :, None], (120, 1, 3))] * 20, 4),
    ],
    ids=["dark", "covered", "frozen"],
)
def test_a_picture_that_cannot_be_judged_is_said_and_nothing_is_found_in_it(frames, state):
    watcher = Watcher({"detect": {"intrusion": {}, "absence": {}}})
    *_, last = (watcher.look(frame, 1.0) for frame in frames)
    assert [finding.key for finding in last] == ["view"]
    assert last[0].value == state


def test_a_frame_of_another_size_begins_anew_and_breaks_nothing(dice):
    watcher = Watcher({"detect": {"intrusion": {}, "fire": {}, "smoke": {}, "absence": {}}})
    for size in ((216, 384), (90, 160), (40, 30), (216, 384)):
        for _ in range(12):
            watcher.look(noisy(np.full((*size, 3), 120, np.uint8), dice), 0.5)


@pytest.mark.parametrize(
    "settings",
    [
        {"detect": {"helmets": {}}},
        {"detect": ["fire"]},
        {"detect": {"fire": {"zone": [[0, 0], [1, 1]]}}},
        {"detect": {"fire": {"zone": [[0, 0], [0.5, 0.5], [1, 1]]}}},
        {"detect": {"fire": {"zone": [[0, 0], [2, 0], [2, 2]]}}},
        {"detect": {"fire": {"zone": [[0, 0], ["a", 0], [1, 1]]}}},
        {"detect": {"fire": {"zone": [[0, 0], [float("nan"), 0], [1, 1]]}}},
    ],
)
def test_settings_that_are_none_are_refused_with_a_reason(settings):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        Watcher(settings)
