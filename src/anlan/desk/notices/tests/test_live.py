import asyncio
import time

import orjson
import pytest
from asgiref.sync import sync_to_async
from django.db import connections, transaction
from django.test import AsyncClient

from anlan.desk.access.standing import posts
from anlan.desk.notices import link
from anlan.desk.notices.actions import read, tell
from anlan.desk.notices.hub import Hub, concerns, hub
from anlan.desk.notices.live import Change, announce
from anlan.desk.notices.models import Notice
from anlan.desk.notices.stream import events, merged
from tests.cast import DISTRICT, ENTERPRISE_A, ENTERPRISE_B, NEIGHBOUR, TOWN


def change(**fields) -> Change:
    return Change(**{"room": "alarms", "ids": (7,), "permission": "alarms.see", **fields})


def test_a_change_survives_the_journey_between_processes():
    sent = change(regions=(TOWN,), organisations=(ENTERPRISE_A,), at=5)
    assert Change.unpacked(sent.packed()) == sent


def test_only_posts_that_reach_the_place_hear_of_a_change(cast):
    told = {
        part
        for part, user in cast.all().items()
        if concerns(change(regions=(TOWN,), organisations=(ENTERPRISE_A,)), user.pk, posts(user))
    }
    assert {"duty", "leader", "town_officer", "manager", "team_leader"} <= told
    assert not told & {"neighbour_duty", "other_town_officer", "other_manager", "stranger", "audit_administrator"}


def test_a_change_without_a_place_is_heard_by_nobody_below_the_whole(cast):
    assert not concerns(change(), cast.duty.pk, posts(cast.duty))
    assert not concerns(change(), cast.manager.pk, posts(cast.manager))


def test_a_change_for_named_people_reaches_them_whatever_their_posts(cast):
    mine = change(users=(cast.stranger.pk,), regions=(DISTRICT,))
    assert concerns(mine, cast.stranger.pk, [])
    assert not concerns(mine, cast.duty.pk, posts(cast.duty))


def test_changes_of_one_room_become_one_event_and_very_many_ids_become_the_room():
    text = merged([change(ids=(1, 2), at=5), change(ids=(2, 3), at=6), change(room="warnings", at=4)]).decode()
    assert text.count("event: change") == 2
    assert '"ids":[1,2,3]' in text and "id: 6\n" in text
    assert '"all":true' in merged([change(ids=tuple(range(2000)))]).decode()


def test_rubbish_on_the_wire_is_passed_over():
    own = Hub()
    own.receive(b"{")
    own.receive(b'{"room": 1, "colour": 2}')
    assert not own.kept


def test_a_page_that_comes_back_hears_what_it_missed_or_is_told_to_ask_again(cast):
    own = Hub()
    held = posts(cast.duty)
    first = change(regions=(TOWN,), at=own.since + 10_000_000)
    foreign = change(regions=(NEIGHBOUR,), at=own.since + 11_000_000)
    for item in (first, foreign):
        own.receive(item.packed())
    assert own.missed(own.since + 9_000_000, cast.duty.pk, held) == [first]
    assert own.missed(own.since - 10_000_000, cast.duty.pk, held) is None


@pytest.mark.django_db(transaction=True)
def test_the_stream_carries_a_committed_change_and_not_one_rolled_back(cast):
    duty, client = cast.duty, AsyncClient()
    client.force_login(duty, backend="anlan.desk.access.backend.PasswordBackend")

    def work():
        with transaction.atomic():
            announce("alarms", [1], TOWN)
            transaction.set_rollback(True)
        with transaction.atomic():
            announce("alarms", [2], NEIGHBOUR)
            announce("alarms", [3], [TOWN], [ENTERPRISE_B])

    async def story():
        response = await client.get("/live/")
        assert response.status_code == 200 and response["Content-Type"] == "text/event-stream"
        stream = aiter(response)
        assert await anext(stream) == b"retry: 2000\n\n"
        await sync_to_async(work)()
        block = (await asyncio.wait_for(anext(stream), 5)).decode()
        await stream.aclose()
        await sync_to_async(connections.close_all)()
        return block

    block = asyncio.run(story())
    assert orjson.loads(block.split("data: ")[1])["ids"] == [3]
    assert not hub.streams_of(duty.pk)


def test_the_stream_is_closed_to_people_who_have_not_signed_in(client, db):
    assert client.get("/live/", headers={"accept": "application/json"}).status_code == 401


def test_the_stream_ends_when_the_session_has_ended(cast):
    async def story():
        own = Hub()
        listener = own.open(1, [])

        async def gone(_listener):
            return False

        return [block async for block in events(listener, [], gone, own.close, beat=0.01)]

    assert b"signed-out" in asyncio.run(story())[-1]


def test_a_reader_too_slow_is_told_to_ask_for_everything(cast):
    async def story():
        own = Hub()
        listener = own.open(1, [])
        for _ in range(listener.queue.maxsize + 1):
            listener.hand(change())

        async def still(_listener):
            return True

        stream = events(listener, [], still, own.close)
        await anext(stream)
        block = await anext(stream)
        await stream.aclose()
        return block

    assert b"event: reset" in asyncio.run(story())


def test_telling_twice_with_one_key_tells_once(cast):
    first = tell([cast.duty, cast.leader], title="储罐超温", key="warning:1:opened")
    again = tell([cast.duty, cast.second_duty], title="储罐超温", key="warning:1:opened")
    assert {notice.user for notice in first} == {cast.duty, cast.leader}
    assert [notice.user for notice in again] == [cast.second_duty]
    assert Notice.objects.count() == 3


def test_the_same_words_without_a_key_may_be_said_twice(cast):
    tell([cast.duty], title="请交接班")
    tell([cast.duty], title="请交接班")
    assert Notice.objects.count() == 2


def test_an_account_that_is_closed_is_told_nothing(cast):
    cast.duty.is_active = False
    assert tell([cast.duty], title="请交接班") == []


def test_nobody_marks_the_notices_of_another_as_read(cast):
    (mine,) = tell([cast.duty], title="请交接班")
    assert read(cast.leader, [mine.pk]) == 0
    assert read(cast.duty, [mine.pk]) == 1
    assert read(cast.duty) == 0


def test_without_a_message_log_the_own_pages_still_hear(settings):
    heard = []
    settings.NATS_URL = "nats://127.0.0.1:1"
    link._receivers.append(heard.append)
    try:
        link.send("alarms", b"x")
    finally:
        link._receivers.remove(heard.append)
        link.stop()
    assert heard == [b"x"]


def test_no_broker_is_told_without_its_token(settings, caplog):
    settings.NATS_URL = "nats://secret-token@127.0.0.1:1"
    try:
        link.send("alarms", b"x")
        deadline = time.monotonic() + 5
        while "no broker" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        link.stop()
    assert "no broker at 127.0.0.1:1" in caplog.text and "secret-token" not in caplog.text
