"""CAP messages: real ones from ../shared where they are at hand, made ones for every rule, hostile ones refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.cap.messages import Alert, Unreadable, read

REAL = Path(__file__).parents[6] / "shared" / "data" / "alerts"
HEAD = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
USUAL = {
    "identifier": "36040341600000_20260105093015", "sender": "36040341600000", "sent": "2026-01-05T09:30:15+08:00",
    "status": "Actual", "msgType": "Alert", "scope": "Public",
}  # fmt: skip
INFO = """<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Expected</urgency>
<severity>Severe</severity><certainty>Likely</certainty><expires>2026-01-05T12:30:00+08:00</expires>{more}
<area><areaDesc>某县</areaDesc>{area}</area></info>"""


def document(more: str = "", area: str = "", info: str | None = None, **changes: str | None) -> bytes:
    said = {**USUAL, **changes}
    elements = "".join(f"<{name}>{value}</{name}>" for name, value in said.items() if value is not None)
    block = INFO.format(more=more, area=area) if info is None else info
    return f"{HEAD}{elements}{block}</alert>".encode()


def one(*args, **changes) -> Alert:
    (alert,) = read(document(*args, **changes)).alerts
    return alert


def test_a_message_is_read_with_its_instants_in_utc():
    alert = one()
    assert alert.sent == datetime(2026, 1, 5, 1, 30, 15, tzinfo=UTC) and alert.faults == ()
    (info,) = alert.infos
    assert (info.event, info.severity, info.language) == ("暴雨", "Severe", "zh-CN")
    assert (
        info.effective == alert.sent and info.expires == datetime(2026, 1, 5, 4, 30, tzinfo=UTC) and info.expires_said
    )


def test_latitude_comes_first_and_rings_are_closed():
    alert = one(area="<polygon>28.1,115.0 28.2,115.0 28.2,115.2 28.1,115.0</polygon><circle>29.7,116.0 1.5</circle>")
    (area,) = alert.infos[0].areas
    assert area.polygons[0][1] == (28.2, 115.0) and (area.circles[0].lon, area.circles[0].km) == (116.0, 1.5)
    open_ = one(area="<polygon>28.1,115.0 28.2,115.0 28.2,115.2 28.1,115.2</polygon>")
    assert open_.infos[0].areas[0].polygons[0][-1] == (28.1, 115.0) and "a polygon is not closed" in open_.faults


@pytest.mark.parametrize(
    "area",
    [
        "<polygon>1,2 3,4</polygon>", "<polygon>91,0 1,1 2,2 91,0</polygon>", "<polygon>x</polygon>",
        "<circle>1,2</circle>", "<circle>1,2 -1</circle>", "<circle>1,2 nan</circle>",
    ],
)  # fmt: skip
def test_an_area_that_is_none_is_told_and_left_out(area):
    alert = one(area=area)
    assert alert.faults and not alert.infos[0].areas[0].polygons and not alert.infos[0].areas[0].circles


def test_a_message_without_end_ends_after_a_day_and_says_so():
    alert = one(info=INFO.format(more="", area="").replace("<expires>2026-01-05T12:30:00+08:00</expires>", ""))
    assert not alert.infos[0].expires_said and (alert.infos[0].expires - alert.sent).days == 1


def test_updates_name_every_message_they_replace():
    alert = one(msgType="Update", references="s,a,2026-01-05T08:50:00+08:00 s,b,2026-01-05T09:00:00+08:00")
    assert [(one.identifier, one.sent.minute) for one in alert.references] == [("a", 50), ("b", 0)]
    assert "names no message" in one(msgType="Cancel").faults[0]
    assert "no reference" in " ".join(one(msgType="Update", references="s,a").faults)


@pytest.mark.parametrize(
    "changes, fault",
    [
        ({"scope": None}, "scope is missing"),
        ({"status": "Real"}, "status is 'Real'"),
        ({"identifier": "a b"}, "identifier holds a blank"),
        ({"sent": "2026-01-05T01:30:15Z"}, "sent is written with a fraction or Z"),
        ({"scope": "Restricted"}, "restriction"),
        ({"scope": "Private"}, "addresses"),
        ({"more": "<onset>2026-01-06T00:00:00+08:00</onset>"}, "onset is after expires"),
        ({"more": "<effective>yesterday</effective>"}, "effective is 'yesterday'"),
    ],
)
def test_what_the_standard_forbids_is_told(changes, fault):
    assert any(fault in said for said in one(**changes).faults)


def test_what_is_not_said_to_be_actual_or_public_is_not():
    alert = one(status=None, scope=None)
    assert (alert.status, alert.scope) == ("Test", "Restricted")


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"not xml", b"<html/>", b"<alert/>", document(identifier=None), document(sender=None), document(sent=None),
        document(sent="2026-01-05T09:30:15"), document(sent="2026-13-05T09:30:15+08:00"), document(msgType="Hello"),
        b"<!DOCTYPE alert [<!ENTITY a 'b'>]>" + document(),
        b"<?xml version='1.0'?><!DOCTYPE alert SYSTEM 'file:///etc/passwd'>" + document(),
        b"<?xml version='1.0' encoding='klingon'?>" + document(), b"\xff\xfe" + document(),
        document() + b" " * 1_048_576,
        document(info="<info/>" * 51), document().replace(b"1.2", b"9.9"),
    ],
)  # fmt: skip
def test_what_is_no_message_or_hostile_is_refused_with_a_reason(wrong):
    with pytest.raises(Unreadable) as problem:
        read(wrong)
    assert str(problem.value)


def test_entities_do_not_grow():
    laughs = b"<!DOCTYPE x [" + b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(9)
    )
    with pytest.raises(Unreadable, match="DOCTYPE"):
        read(laughs + b"]>" + document().replace("某县".encode(), b"&l8;"))


def test_an_envelope_and_a_feed_hold_messages_and_a_bad_one_holds_up_no_other():
    good, bad = document(), document(identifier=None)
    feed = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>%b</content></entry><entry><content>%b</content></entry>'
        % (good, bad)
    )
    found = read(feed + b"<entry><id>e</id><updated>u</updated><link href='http://x/1'/></entry></feed>")
    assert (
        len(found.alerts) == 1 and len(found.faults) == 1 and [entry.link for entry in found.entries] == ["http://x/1"]
    )
    assert len(read(b"<EDXLDistribution><contentObject>" + good + b"</contentObject></EDXLDistribution>").alerts) == 1


def real(name: str) -> bytes:
    if not REAL.is_dir():
        pytest.skip("real messages are not at hand: their reading was not tried")
    return (REAL / name).read_bytes()


@pytest.mark.parametrize(
    "name, kind, languages",
    [
        ("australia.cap", "Alert", 1), ("canada.cap", "Update", 2), ("earthquake.cap", "Alert", 1),
        ("wcatwc-warning.cap", "Update", 1), ("weather.cap", "Alert", 1), ("noaa_errors.cap", "Alert", 1),
        ("amber.atom", "Alert", 1),
    ],
)  # fmt: skip
def test_real_messages_are_read(name, kind, languages):
    (alert,) = read(real(name)).alerts
    assert alert.kind == kind and len({info.language for info in alert.infos}) == languages


def test_a_real_index_leads_to_its_messages():
    found = read(real("weather_index.atom"))
    assert found.entries and not found.alerts and all(entry.link.startswith("http") for entry in found.entries)


def test_a_real_message_with_errors_is_read_and_its_errors_told():
    (invalid,) = read(real("invalid.cap")).alerts
    assert "scope is missing" in invalid.faults and invalid.scope == "Restricted"
    (alert,) = read(real("noaa_errors.cap")).alerts
    assert {"urgency is missing", "severity is missing"} <= set(alert.faults)


WHOLE = document(
    msgType="Update",
    references="s,a,2026-01-05T08:50:00+08:00",
    area="<polygon>1,2 3,4 5,6 1,2</polygon><circle>1,2 3</circle>",
)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6), st.integers(0, 9)), max_size=6))
def test_a_damaged_message_is_read_or_refused_with_a_reason(damages):
    damaged = WHOLE
    for place, put, cut in damages:
        damaged = damaged[:place] + put + damaged[place + cut :]
    try:
        read(damaged)
    except Unreadable as why:
        assert str(why)


@given(st.text(alphabet="0123456789,. -+eEnaif٣", max_size=60), st.text(max_size=40))
def test_any_places_and_times_are_read_or_told(places, text):
    cleaned = "".join(letter for letter in text if letter.isalnum() or letter in " ,:+-.")
    read(document(area=f"<polygon>{places}</polygon><circle>{places}</circle>", references=cleaned))
