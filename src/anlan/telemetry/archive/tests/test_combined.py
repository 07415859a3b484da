"""The past of computed points is what the rule worker made of their members then."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.columns.readings import Quality, readings
from anlan.telemetry import settings
from anlan.telemetry.archive import combined as archive
from anlan.telemetry.archive.combined import combined
from anlan.telemetry.archive.history import COLUMNS, History
from anlan.telemetry.archive.writer import Store
from anlan.telemetry.book import Beside, Rule
from anlan.telemetry.computed import HOWS, Computed
from anlan.telemetry.rules.shard import Shard
from anlan.telemetry.rules.tests.stories import SECOND, START, rules_page

MADE = 9
BEGIN = datetime.fromtimestamp(START / 1e6, UTC)


def archived(*rows: tuple[int, float, float], quality: dict[int, int] | None = None) -> dict[str, np.ndarray]:
    """Rows of (member, second, value) as the archive answers them."""
    found = {name: np.zeros(len(rows), dtype) for name, dtype in COLUMNS.items()}
    for number, (point, second, value) in enumerate(sorted(rows, key=lambda row: row[:2])):
        found["point"][number], found["ts"][number] = point, START + round(second * SECOND)
        for name in ("low", "mean", "high"):
            found[name][number] = value
        found["count"][number], found["quality"][number] = 1, (quality or {}).get(point, 0)
    return found


def curve(one: Computed, *rows, **more) -> list[tuple[float, float]]:
    found = combined(one, archived(*rows, **more))
    return [
        ((ts - START) / SECOND, mean) for ts, mean in zip(found["ts"].tolist(), found["mean"].tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    "how, values",
    [
        ("MEAN", [4, 6, 7]),
        ("MAX", [4, 8, 8]),
        ("MIN", [4, 4, 6]),
        ("SUM", [4, 12, 14]),
        ("COUNT", [0, 1, 2]),
        ("HEARD", [1, 2, 2]),
    ],
)
def test_each_member_stands_for_its_newest_value(how, values):
    one = Computed(MADE, how, (1, 2), limit=5.0)
    assert curve(one, (1, 0, 4), (2, 10, 8), (1, 20, 6)) == list(zip((0, 10, 20), values, strict=True))


def test_who_is_silent_too_long_or_measures_nothing_does_not_count():
    fresh = Computed(MADE, "MEAN", (1, 2), every=1, fresh=15)
    assert curve(fresh, (1, 0, 4), (2, 10, 8), (2, 20, 8)) == [(0, 4), (10, 6), (20, 8)]
    assert curve(Computed(MADE, "SUM", (1, 2)), (1, 0, 4), (2, 10, 8), quality={2: int(Quality.UNFIT)}) == [
        (0, 4),
        (10, 4),
    ]
    assert curve(Computed(MADE, "MAX", (1, 2))) == []


def test_under_a_limit_the_lowest_of_a_span_give_the_most_votes():
    members = archived((1, 0, 5), (2, 0, 5))
    members["low"][:], members["high"][:] = 2, 8
    found = combined(Computed(MADE, "COUNT", (1, 2), limit=4.0, below=True), members)
    assert (found["low"].tolist(), found["mean"].tolist(), found["high"].tolist()) == ([0], [0], [2])


@given(
    st.sampled_from(HOWS),
    st.booleans(),
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 20)), min_size=1, max_size=30),
)
def test_it_is_what_the_rule_worker_judged(how, below, said):
    one = Computed(MADE, how, (1, 2, 3), limit=10.0, below=below)
    rows = [(point, second, value) for second, (point, value) in enumerate(said)]
    shard = Shard(0, 1)
    list(shard.replace_page(START, 0, 1, rules_page(Rule(1, MADE, "H", -1e9)), Beside((one,))))
    judged = []
    for point, second, value in rows:
        ts = START + second * SECOND
        list(shard.entry(ts, readings([point], [ts], [value], [0]), ts))
        slot = int(shard.slot_of(np.array([MADE]))[0])
        judged.append(float(shard.points.value[slot]))
    found = [value for _, value in curve(one, *rows)]
    assert all(math.isclose(made, then, rel_tol=1e-6) for made, then in zip(found, judged, strict=True))


def test_archived_and_computed_points_are_read_together_and_drawn_together(tmp_path):
    given = settings.load({"ANLAN_HOME": str(tmp_path)})
    store, count = Store(given, "test"), 1_000
    ts = START + np.arange(count) * SECOND
    for point in (1, 2):
        store.write(readings(np.full(count, point), ts, np.arange(count) * point, np.zeros(count, np.uint8)), point)
    one = Computed(MADE, "SUM", (1, 2))
    found = archive.read(History(given), [2], [one], BEGIN, BEGIN + timedelta(seconds=count), max_points=100)
    assert sorted(set(found["point"].tolist())) == [2, MADE]
    made = {name: column[found["point"] == MADE] for name, column in found.items()}
    assert len(made["ts"]) <= 100 and (np.diff(made["ts"]) > 0).all()
    assert (made["low"].min(), made["high"].max()) == (0, 3 * (count - 1))
    assert (made["low"] <= made["mean"]).all() and (made["mean"] <= made["high"]).all()
    nothing = archive.read(History(given), [], [Computed(MADE, "MAX", (7,))], BEGIN, BEGIN + timedelta(hours=1))
    assert not len(nothing["ts"])
