"""A real recording, where the machine has it: cars seen from above, no fire and no smoke."""

from pathlib import Path

import cv2
import pytest

from anlan.vision.watcher import Watcher

RECORDING = Path(__file__).parents[5] / "shared" / "data" / "video" / "car-detection.mp4"
FIELD = [[0.3, 0.3], [0.9, 0.3], [0.9, 1], [0.3, 1]]


@pytest.mark.skipif(not RECORDING.exists(), reason="not tried: the recording of passing cars is not on this machine")
def test_cars_that_pass_are_intruders_of_the_drawn_field_and_neither_fire_nor_smoke():
    cv2.setNumThreads(1)
    recording, watcher, said = (
        cv2.VideoCapture(str(RECORDING)),
        Watcher({"detect": {"intrusion": {"zone": FIELD}, "fire": {}, "smoke": {}}}),
        {},
    )
    number = 0
    while recording.grab():
        number += 1
        if number % 4:
            continue
        for finding in watcher.look(recording.retrieve()[1], 0.32):
            said.setdefault(finding.key, []).append(finding.value)
    assert max(said["intrusion"]) > 0.9
    assert sum(value > 0.5 for value in said["intrusion"]) < len(said["intrusion"]) / 2  # the field is empty at times
    assert max(said["fire"]) < 0.1 and max(said["smoke"]) < 0.1
