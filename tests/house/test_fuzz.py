"""The campaign of ten million frames (`python -m benchmarks.fuzz`), short: that it still fits the codecs it feeds."""

import pytest

from benchmarks.fuzz import CODECS, campaign


@pytest.mark.parametrize("name", CODECS)
def test_mutated_frames_break_no_codec_and_the_way_back_is_found(name):
    found = campaign(name, 2_000, seed=1)
    assert found["frames"] == 2_000 and found["whole"] and found["values"]
    assert (found["crashes"], found["lost"], found["too_long"]) == (0, 0, 0)
