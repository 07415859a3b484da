"""Bulletins: received once, placed, coloured, replaced and cancelled in any order, over by themselves, seen by whom
they concern; whoever may not send is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from anlan.desk.access.standing import Refused
from anlan.know.places.models import Region
from anlan.watch.bulletins import feeds, gates
from anlan.watch.bulletins.models import Bulletin, Receipt
from anlan.watch.bulletins.receiving import receive, receive_by_hand
from anlan.watch.bulletins.rules import over
from anlan.watch.bulletins.sources import Source, SourceProblem, load
from anlan.wire.cap.messages import Unreadable
from anlan.wire.cap.tests.test_messages import USUAL, document
from tests.cast import TOWN

MET = Source("met", "县气象局")
SENT = datetime(2026, 1, 5, 1, 30, 15, tzinfo=UTC)
DURING, AFTER = SENT + timedelta(hours=1), SENT + timedelta(hours=4)
SQUARE = "<polygon>28.0,115.0 28.0,116.0 29.0,116.0 29.0,115.0 28.0,115.0</polygon>"
CODE = f"<geocode><valueName>AreaCode</valueName><value>{TOWN}000</value></geocode>"
NAMED = f"{USUAL['sender']},{USUAL['identifier']},{USUAL['sent']}"
ORANGE = "<headline>某县发布暴雨橙色预警</headline>"

pytestmark = pytest.mark.django_db


def got(*args, source=MET, **changes) -> Bulletin:
    (bulletin,) = receive(source, document(*args, **changes)).new
    return bulletin


def holding(now=DURING) -> set[str]:
    return set(gates.holding(now).values_list("identifier", flat=True))


def test_a_message_is_taken_once():
    bulletin = got(ORANGE, SQUARE + CODE)
    assert (bulletin.level, bulletin.colour_from, bulletin.region) == (2, "headline", TOWN)
    again = receive(MET, document(ORANGE, SQUARE + CODE))
    assert (again.new, again.known) == ([], 1) and Bulletin.objects.count() == 1


@pytest.mark.parametrize(
    "more, level, colour_from",
    [
        ("<parameter><valueName>alertLevel</valueName><value>Red</value></parameter>" + ORANGE, 1, "parameter"),
        (
            "<parameter><valueName>awareness_level</valueName><value>3; orange; Severe</value></parameter>",
            2,
            "parameter",
        ),
        (ORANGE.replace("橙", "蓝"), 4, "headline"),
        ("", 2, "severity"),
    ],
)
def test_the_colour_is_the_authoritys_own_where_it_names_one(more, level, colour_from):
    bulletin = got(more)
    assert (bulletin.level, bulletin.colour_from) == (level, colour_from)


def test_it_begins_and_ends_by_itself():
    got()
    assert holding() and not holding(SENT - timedelta(seconds=1)) and not holding(AFTER)


def test_an_update_replaces_all_it_names_and_a_cancellation_ends_them():
    first = got()
    update = got(msgType="Update", identifier="u", references=NAMED, sent="2026-01-05T09:40:00+08:00")
    first.refresh_from_db()
    assert first.ended_by == update and holding() == {"u"}
    named = f"{USUAL['sender']},u,2026-01-05T09:40:00+08:00"
    got(msgType="Cancel", identifier="c", references=named, sent="2026-01-05T09:50:00+08:00", info="")
    assert holding() == set()


def test_what_comes_after_its_cancellation_stays_cancelled():
    cancel = got(msgType="Cancel", identifier="c", references=NAMED, info="")
    first = got()
    assert first.ended_by == cancel and holding() == set()


def test_a_drill_is_kept_never_in_force_and_ends_nothing_real():
    got()
    got(status="Exercise", msgType="Cancel", identifier="c", references=NAMED)
    got(status="Exercise", identifier="d")
    assert holding() == {USUAL["identifier"]} and Bulletin.objects.count() == 3


def test_nobody_ends_what_another_authority_sent_another_way():
    got()
    got(source=Source("other", "别处"), sender="other", msgType="Cancel", identifier="c", references=NAMED, info="")
    assert holding() == {USUAL["identifier"]}


def test_a_source_is_held_to_its_senders_and_receipts_form_no_bulletin():
    taken = receive(Source("met", "", senders=("somebody",)), document())
    assert not taken.new and "不在此来源" in taken.passed[0]
    assert not receive(MET, document(msgType="Ack", references=NAMED)).new


def test_an_area_without_codes_holds_in_the_regions_whose_middle_lies_in_it():
    Region.objects.create(code="999901", name="某县", level=6, lon=115.5, lat=28.5)
    Region.objects.create(code=TOWN, name="某镇", level=9, lon=115.6, lat=28.6)
    Region.objects.create(code="999902", name="邻县", level=6, lon=117.0, lat=28.5)
    assert got(area=SQUARE).regions == ["999901"]


def test_places_are_judged_by_the_drawn_area_and_regions_by_codes():
    got(ORANGE, SQUARE + CODE)
    got(identifier="province", area="<geocode><valueName>AreaCode</valueName><value>990000</value></geocode>")
    found = gates.in_force(DURING)
    assert [one.level for one in over(found, TOWN)] == [2, 2] and len(over(found, "999902")) == 1
    assert len(over(found, "999901")) == 2, "a town of the county has one"
    assert len(over(found, TOWN, 115.5, 28.5)) == 2 and len(over(found, TOWN, 120.0, 28.5)) == 1
    assert over(found) == []


def test_what_holds_is_one_query(django_assert_num_queries):
    for n in range(5):
        got(identifier=f"m{n}", area=SQUARE)
    with django_assert_num_queries(1):
        assert len(gates.in_force(DURING)) == 5


def test_what_an_authority_restricts_is_seen_by_who_receives_bulletins(cast):
    bulletin = got(scope="Restricted")
    assert bulletin in gates.seen_by(cast.duty) and bulletin not in gates.seen_by(cast.manager)
    assert gates.in_force(DURING) == []
    assert not gates.seen_by(cast.stranger).exists() and not gates.receipts(cast.manager).exists()


def test_by_hand_it_is_entered_by_who_is_on_duty(cast):
    assert receive_by_hand(cast.duty, document()).new[0].source == "manual"
    with pytest.raises(Refused):
        receive_by_hand(cast.manager, document())


def test_what_cannot_be_read_leaves_a_trace():
    with pytest.raises(Unreadable):
        receive(MET, b"<!DOCTYPE x><alert/>")
    assert "DOCTYPE" in Receipt.objects.get().words


# --- sources ------------------------------------------------------------------------------------------------------
@pytest.fixture
def configured(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_text("met: {title: 县气象局, secret: a-key-of-the-station}\nfeed-only: {feed: /nowhere}\n")
    with override_settings(BULLETIN_SOURCES=str(file)):
        yield


@pytest.mark.parametrize(
    "path, key, status",
    [
        ("met", "a-key-of-the-station", 200),
        ("met", "wrong", 401),
        ("met", "", 401),
        ("feed-only", "", 401),
        ("nobody", "", 401),
    ],
)
def test_a_message_is_posted_with_the_sources_key(client, configured, path, key, status):
    headers = {"Authorization": f"Bearer {key}"}
    answer = client.post(f"/bulletins/receive/{path}", document(), "application/cap+xml", headers=headers)
    assert answer.status_code == status and Bulletin.objects.exists() is (status == 200)


def test_a_post_that_cannot_be_read_is_told_why(client, configured):
    headers = {"Authorization": "Bearer a-key-of-the-station"}
    answer = client.post("/bulletins/receive/met", b"<html/>", "text/xml", headers=headers)
    assert answer.status_code == 400 and "CAP" in answer.json()["error"]


@pytest.mark.parametrize(
    "text", ["[1]", "MET: {feed: x}", "met: {}", "met: {secret: short}", "met: {feed: x, key: y}", "met: ["]
)
def test_a_wrong_file_of_sources_is_refused_and_shows_no_secret(text):
    with pytest.raises(SourceProblem) as problem:
        load(text, {})
    assert "short" not in str(problem.value)


FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>1</id><updated>u</updated><link href="{link}"/></entry></feed>"""


def test_a_feed_in_a_file_is_read_and_known_entries_are_not_taken_again(tmp_path):
    file = tmp_path / "feed.atom"
    file.write_bytes(b'<feed xmlns="http://www.w3.org/2005/Atom"><entry>' + document() + b"</entry></feed>")
    source = Source("file", "", feed=str(file))
    assert (feeds.poll(source), feeds.poll(source)) == (1, 0)
    assert feeds.poll(Source("gone", "", feed=str(tmp_path / "nothing"))) == 0


@pytest.mark.parametrize(
    "link, followed",
    [
        ("https://met.example/cap/1", 1),
        ("/cap/1", 1),
        ("https://evil.example/1", 0),
        ("http://met.example/1", 0),
        ("file:///etc/passwd", 0),
    ],
)
def test_an_index_is_followed_to_its_own_host_only_and_once(monkeypatch, link, followed):
    asked = []

    def fetched(address):
        asked.append(address)
        return FEED.format(link=link).encode() if address.endswith(".atom") else document()

    monkeypatch.setattr(feeds, "fetched", fetched)
    source = Source("web", "", feed="https://met.example/index.atom")
    assert feeds.poll(source) == followed
    assert feeds.poll(source) == 0 and len(asked) == 2 + followed


@pytest.mark.parametrize("path", ["/bulletins/", "/bulletins/{pk}/", "/bulletins/new/", "/bulletin-receipts/"])
def test_the_pages_open(cast, client, path):
    bulletin = got(ORANGE + "<description>&lt;b&gt;x</description>", SQUARE)
    client.force_login(cast.duty, backend="anlan.desk.access.backend.PasswordBackend")
    answer = client.get(path.format(pk=bulletin.pk))
    assert answer.status_code == 200 and b"<b>x" not in answer.content


def test_pages_of_every_region_hear_of_it(cast, monkeypatch):
    told = []
    monkeypatch.setattr(
        "anlan.watch.bulletins.receiving.announce", lambda room, ids, regions: told.append(set(regions))
    )
    assert cast.duty and cast.town_officer
    got()
    assert told == [{"999901", TOWN}]
