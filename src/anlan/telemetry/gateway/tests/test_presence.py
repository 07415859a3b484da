"""Who is here and when each was heard, however many speak in one message."""

from hypothesis import given
from hypothesis import strategies as st

from anlan.columns import page
from anlan.telemetry.gateway.presence import CONNECTED, HEARD, LEFT, Presence

MANY, FEW = (1, 2, 3), (3, 4)


def told(data: bytes | None) -> dict[int, tuple[int, int]]:
    if data is None:
        return {}
    columns = page.unpack(data)[0]
    rows = (columns[name].tolist() for name in ("device", "state", "seen"))
    return {device: (state, seen) for device, state, seen in zip(*rows, strict=True)}


def test_many_heard_at_once_are_told_once_each_with_the_last_time():
    one = Presence()
    one.heard_all(MANY, 10), one.heard_all(FEW, 11), one.heard_all(MANY, 12)
    assert told(one.changes()) == {1: (HEARD, 12), 2: (HEARD, 12), 3: (HEARD, 12), 4: (HEARD, 11)}
    assert one.changes() is None


def test_who_left_after_being_heard_is_gone_and_who_is_heard_after_leaving_is_not():
    one = Presence()
    one.joined(1, 1), one.joined(2, 1)
    one.heard_all(MANY, 10)
    one.left(1, 11)
    assert told(one.all()) == {1: (LEFT, 11), 2: (CONNECTED, 10), 3: (HEARD, 10)}
    one.heard_all(MANY, 12)
    assert told(one.changes()) == {1: (HEARD, 12), 2: (CONNECTED, 12), 3: (HEARD, 12)}


@given(st.lists(st.tuples(st.sampled_from(("joined", "left", "heard", "heard_all", "changes")), st.integers(1, 4))))
def test_noting_the_many_tells_the_same_as_hearing_each(steps):
    noted, each, heard = Presence(), Presence(), [{}, {}]
    for now, (what, device) in enumerate(steps, 1):
        for one, all_told in zip((noted, each), heard, strict=True):
            if what == "changes":
                all_told |= told(one.changes())
            elif what != "heard_all":
                getattr(one, what)(device, now)
            elif one is noted:
                one.heard_all(MANY, now)
            else:
                for member in MANY:
                    one.heard(member, now)
        assert heard[0] == heard[1]
    assert told(noted.all()) == told(each.all())
