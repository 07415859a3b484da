"""The kernel against the plain definition: any rules, any readings, cut into any entries, with restarts between."""

import math

from hypothesis import given
from hypothesis import strategies as st

from anlan.columns import page
from anlan.columns.readings import Quality, readings
from anlan.telemetry import book
from anlan.telemetry.book import Beside, Rule
from anlan.telemetry.calendars import Calendar
from anlan.telemetry.computed import HOWS, Computed
from anlan.telemetry.rules import snapshot
from anlan.telemetry.rules.shard import Shard
from anlan.telemetry.rules.tests.oracle import Oracle
from anlan.telemetry.rules.tests.stories import SECOND, START

POINTS, VOTE, TOWN = (5, 6, 7), 20, 21
# Hours round the instant at which the stories begin: 09:30 in China.
CALENDARS = (
    Calendar(1, begin=9 * 60, end=9 * 60 + 31),
    Calendar(2, begin=9 * 60 + 31, end=9 * 60 + 32),
    Calendar(3, begin=9 * 60 + 33, end=9 * 60 + 31),
    Calendar(4, weekdays=0b0000010),
)

limits = st.builds(
    dict,
    point=st.sampled_from((*POINTS, VOTE, TOWN)),
    kind=st.sampled_from(["LL", "L", "H", "HH"]),
    limit=st.sampled_from([-3.0, 1.0, 2.0, 6.0]),
    deadband=st.sampled_from([0.0, 1.0]),
    on_delay=st.sampled_from([0.0, 4.0]),
    off_delay=st.sampled_from([0.0, 6.0]),
)
over_time = st.builds(
    lambda of, window: {"of": of, "window": window}, st.sampled_from(book.WINDOWED), st.sampled_from([32.0, 64.0])
)
of_all = st.one_of(
    st.just({}),
    over_time,
    st.just({"of": "RANGE", "kind": "H"}),
    st.just({"of": "BITS", "kind": "H", "limit": 6.0}),
    st.just({"of": "DIFFERENCE", "other": 6}),
)
silences = st.builds(
    dict,
    point=st.sampled_from((*POINTS, TOWN)),
    kind=st.just("SILENCE"),
    silence=st.sampled_from([3.0, 20.0]),
    off_delay=st.sampled_from([0.0, 5.0]),
)
drawn = st.one_of(st.tuples(limits, of_all).map(lambda pair: pair[0] | pair[1]), silences)
ruled = st.lists(st.tuples(drawn, st.sampled_from([None, None, 1, 2, 3, 4])), min_size=1, max_size=6)
computed = st.builds(
    lambda vote, town, every, fresh, below: (
        Computed(VOTE, "COUNT", POINTS, limit=3.0, below=below, every=every),
        Computed(TOWN, town, POINTS[:2], every=max(every, 1.0), fresh=fresh),
    ),
    st.none(),
    st.sampled_from(HOWS),
    st.sampled_from([0.0, 7.0]),
    st.sampled_from([0.0, 9.0]),
    st.booleans(),
)
reading = st.tuples(
    st.sampled_from(POINTS),
    st.integers(-40, 3),
    st.integers(-4, 9).map(float),
    st.sampled_from([0, 0, 0, int(Quality.OUT_OF_RANGE), int(Quality.UNFIT)]),
)
entries = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 4, 30]), st.lists(reading, max_size=5), st.booleans()), max_size=25
)


def rules_of(drawn: list[tuple[dict, int | None]]) -> list[Rule]:
    return [Rule(id=n + 1, calendar=calendar, **fields) for n, (fields, calendar) in enumerate(drawn)]


def put(shard: Shard, rules: list[Rule], beside: Beside) -> None:
    columns, meta = page.unpack(book.pack_rules(0, 1, rules, beside.computed, CALENDARS))
    list(shard.replace_page(START, 0, 1, columns, book.beside(meta)))


@given(ruled, computed, entries)
def test_whatever_rules_and_readings_come_the_kernel_is_the_plain_definition_also_across_restarts(
    drawn, computed, entries
):
    rules, beside = rules_of(drawn), Beside(computed, CALENDARS)
    shard, oracle, now = Shard(0, 1, pause=None), Oracle(START, rules, beside), START
    put(shard, rules, beside)
    for step, rows, restart in entries:
        now += step * SECOND
        given = [(point, now + back * SECOND, value, quality) for point, back, value, quality in rows]
        batch = readings(*zip(*given, strict=True)) if given else readings([], [], [], [])
        told = [
            (one.transition, one.rule, one.ts, one.value, one.raised, one.count, one.reason)
            for one in shard.entry(now, batch, now)
        ]
        assert [_plain(one) for one in told] == [_plain(one) for one in oracle.entry(now, given)]
        if restart:
            pause = shard.pause
            shard, _ = snapshot.unpack(snapshot.pack(shard, 0), 0, 1)
            shard.pause = pause


def _plain(told: tuple) -> tuple:
    """A value that is no number equals itself."""
    return tuple(None if isinstance(one, float) and math.isnan(one) else one for one in told)
