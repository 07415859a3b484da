import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anlan.vision.finding import Box, Seen
from anlan.vision.pictures import MOST_BYTES, jpeg, marked
from anlan.vision.zones import Zone

fractions = st.floats(0, 1, allow_nan=False)


@given(fractions, fractions)
def test_a_place_is_in_a_rectangle_exactly_when_its_numbers_say_so(x, y):
    zone = Zone([[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]])
    near_border = min(abs(x - 0.25), abs(x - 0.75), abs(y - 0.25), abs(y - 0.75)) < 1e-6
    assert near_border or zone.holds((x, y)) == (0.25 < x < 0.75 and 0.25 < y < 0.75)


def test_no_zone_is_the_whole_picture():
    assert Zone().holds((0.0, 1.0))
    assert Zone().mask((10, 20, 3)).all()


@given(st.integers(8, 300), st.integers(8, 300))
def test_the_mask_covers_what_the_corners_enclose(height, width):
    mask = Zone([[0, 0], [0.5, 0], [0.5, 1], [0, 1]]).mask((height, width))
    assert abs(np.count_nonzero(mask) / mask.size - 0.5) < 1.5 / width + 1e-9


def test_a_picture_of_pure_noise_still_keeps_to_its_size():
    noise = np.random.default_rng(0).integers(0, 255, (2160, 3840, 3), dtype=np.uint8)
    made = jpeg(noise)
    assert len(made) <= MOST_BYTES
    assert cv2.imdecode(np.frombuffer(made, np.uint8), cv2.IMREAD_COLOR) is not None


def test_what_was_found_is_drawn_and_the_frame_itself_stays_as_it_was():
    frame = np.zeros((200, 300, 3), np.uint8)
    drawn = marked(frame, (Seen("person", 0.87, Box(0.2, 0.2, 0.3, 0.5)),), Zone([[0, 0], [1, 0], [1, 1]]))
    assert not frame.any()
    assert drawn[40, 75].any() and drawn.shape == frame.shape
