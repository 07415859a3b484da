import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.book import Rule
from anlan.telemetry.rules import snapshot
from anlan.telemetry.rules.shard import Shard
from anlan.telemetry.rules.tests.stories import Story

RULES = (
    Rule(1, 5, "H", 10.0, deadband=1, on_delay=2, off_delay=3),
    Rule(2, 5, "SILENCE", silence=4),
    Rule(3, 5, "L", 2.0),
)


@given(st.lists(st.floats(0, 15, width=16), min_size=1, max_size=30), st.integers(0, 30))
def test_a_worker_that_was_restarted_goes_on_as_if_it_had_not(series, place):
    through, broken = Story(*RULES), Story(*RULES)
    for t, value in enumerate(series):
        if t == place:
            broken.shard, sequence = snapshot.unpack(snapshot.pack(broken.shard, t), 0, 1)
            assert sequence == t
        through.at(t * 2, (t * 2, value))
        broken.at(t * 2, (t * 2, value))
    through.at(99), broken.at(99)
    assert through.told == broken.told


def test_a_snapshot_of_another_sharding_or_of_noise_is_refused():
    data = snapshot.pack(Shard(0, 2), 7)
    with pytest.raises(snapshot.SnapshotProblem, match="shard 0 of 2"):
        snapshot.unpack(data, 0, 1)
    for damaged in (b"", b"noise", data[:-9], data[: len(data) // 2]):
        with pytest.raises(snapshot.SnapshotProblem):
            snapshot.unpack(damaged, 0, 2)
