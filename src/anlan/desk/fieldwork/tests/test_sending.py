"""What a phone sends is done once, and never lost: not when it comes twice, not when it cannot be done."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from anlan.desk.access.models import Post
from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify as verify_chain
from anlan.desk.audit.models import Entry
from anlan.desk.fieldwork import actions
from anlan.desk.fieldwork.models import Sending
from anlan.desk.notices.models import Notice
from tests.cast import ENTERPRISE_A

from .conftest import PICTURE

pytestmark = pytest.mark.django_db


def test_a_sending_is_done_with_the_senders_own_right_and_told_in_words(phone, deeds, cast):
    said = phone.send(fixed={"task": 7}, place={"lon": 115.8, "lat": 28.7, "accuracy": 8}).json()
    assert (said["state"], said["words"], said["url"]) == ("applied", "检查已记录", "/checks/1/")
    user, payload, files = deeds.done[0]
    assert (user, payload["answers"], payload["fixed"], files) == (cast.team_leader, {"gauge": "ok"}, {"task": 7}, {})
    assert payload["place"] == {"lon": 115.8, "lat": 28.7, "accuracy": 8.0}
    sending = Sending.objects.get()
    assert (sending.organisation, sending.is_open) == (ENTERPRISE_A, False)
    assert Entry.objects.filter(action="fieldwork.send", subject="check:1").count() == 1
    assert list(verify_chain()) == []


def test_what_comes_twice_is_done_once(phone, deeds):
    key = str(uuid4())
    first, second = phone.send(key).json(), phone.send(key).json()
    assert first == second
    assert len(deeds.done) == 1
    phone.send(key, answers={"gauge": "not"})
    assert (len(deeds.done), Sending.objects.get().payload["answers"]) == (1, {"gauge": "ok"})


def test_the_phones_clock_does_not_write_into_the_future(phone, deeds):
    phone.send(made_at=(timezone.now() + timedelta(days=400)).isoformat())
    assert deeds.done[0][1]["made_at"] <= timezone.now()
    early = timezone.now() - timedelta(hours=3)
    phone.send(made_at=early.isoformat())
    assert deeds.done[1][1]["made_at"] == early


def test_what_cannot_be_done_is_kept_as_a_letter_with_its_reason_for_the_sender_and_an_officer(phone, deeds, cast):
    officers = [cast.manager, cast.inspector]
    said = phone.send(answers={"wrong": True}).json()
    assert (said["state"], said["reason"]) == ("letter", "压力表已停用，不能检查。")
    letter = Sending.objects.get()
    assert letter.payload["answers"] == {"wrong": True} and letter.is_open
    told = set(Notice.objects.values_list("user", flat=True))
    assert told >= {officers[0].pk, cast.team_leader.pk}


def test_a_letter_corrected_under_the_same_key_is_done(phone, deeds):
    key = str(uuid4())
    phone.send(key, answers={"wrong": True})
    assert phone.send(key, answers={"gauge": "ok"}).json()["state"] == "applied"
    assert Sending.objects.count() == 1


def test_a_right_withdrawn_meanwhile_makes_a_letter_and_nothing_is_done(phone, deeds, cast):
    Post.objects.filter(user=cast.team_leader).update(role="worker")
    assert phone.send().json()["state"] == "letter"
    assert deeds.done == []


def test_an_unknown_matter_is_kept_too(phone, deeds):
    said = phone.send(name="tests.gone").json()
    assert said["state"] == "letter" and "tests.gone" in said["reason"]
    assert Sending.objects.count() == 1


def test_a_fault_of_ours_is_tried_again_and_is_a_letter_in_the_end(phone, deeds, caplog):
    deeds.fault()
    key = str(uuid4())
    states = [phone.send(key).json()["state"] for _ in range(actions.TRIES)]
    assert states == ["waiting"] * (actions.TRIES - 1) + ["letter"]
    deeds.instead = None
    assert phone.send(key).json()["state"] == "applied"


def test_a_conflict_is_told_by_field_and_done_once_decided(phone, deeds):
    deeds.conflict()
    key = str(uuid4())
    said = phone.send(key).json()
    assert (said["state"], said["fields"]) == ("conflict", {"gauge": ["ok", "not"]})
    deeds.instead = None
    said = phone.send(key, answers={"gauge": "not"}, base={"gauge": "not"}).json()
    assert (said["state"], said["fields"]) == ("applied", {})
    assert deeds.done[0][1]["base"] == {"gauge": "not"}


def test_the_text_arrives_first_and_is_done_when_the_last_picture_is_here(phone, deeds):
    files = [phone.announce(PICTURE + bytes([n]))[0] for n in range(2)]
    assert phone.send(files=files).json()["state"] == "waiting"
    phone.piece(files[0], 0, PICTURE + b"\0")
    assert Sending.objects.get().state == "waiting"
    phone.piece(files[1], 0, PICTURE + b"\1")
    assert Sending.objects.get().state == "applied"
    assert set(deeds.done[0][2]) == set(files)
    assert set(deeds.done[0][1]["pictures"]) == set(files)


def test_pictures_that_do_not_come_are_told_to_an_officer_who_may_do_it_without(phone, deeds, cast):
    manager = cast.manager
    phone.send(files=[str(uuid4())])
    late = timezone.now() + actions.PATIENCE + timedelta(minutes=1)
    assert actions.look_after(late) == 1
    actions.look_after(late)
    assert Notice.objects.filter(user=manager).count() == 1, "told once"
    actions.again(manager, Sending.objects.get())
    assert Sending.objects.get().state == "applied"


def test_an_officer_settles_a_letter_and_the_sender_is_told_how(phone, deeds, cast):
    phone.send(answers={"wrong": True})
    actions.settle(cast.manager, Sending.objects.get(), "已在电脑上登记。")
    assert Sending.objects.get().state == "settled"
    assert Notice.objects.filter(user=cast.team_leader, body="已在电脑上登记。").exists()


def test_nobody_else_settles_and_nobody_his_own(phone, deeds, cast, signed_in):
    phone.send(answers={"wrong": True})
    letter = Sending.objects.get()
    for stranger in (cast.other_manager, cast.team_leader, cast.leader, cast.neighbour_duty):
        with pytest.raises(Refused):
            actions.settle(stranger, letter, "x")
    Sending.objects.update(user=cast.manager)
    with pytest.raises(Refused):
        actions.settle(cast.manager, Sending.objects.get(), "x")


def test_a_key_of_another_person_is_refused(phone, deeds, cast, signed_in):
    key = str(uuid4())
    phone.send(key, answers={"wrong": True})
    signed_in(cast.manager)
    answer = phone.send(key)
    assert answer.status_code == 403
    assert Sending.objects.get().user == cast.team_leader


def test_nobody_sends_without_signing_in_and_the_phone_is_told_so_in_data(phone, deeds, client):
    client.logout()
    answer = phone.send()
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")


@pytest.mark.parametrize(
    "message",
    [
        {"key": "no uuid"},
        {"answers": [1]},
        {"files": "x"},
        {"files": ["x"]},
        {"name": 5},
        {"device": None},
    ],
)
def test_what_is_not_of_the_agreed_shape_is_refused_with_a_sentence(phone, deeds, message):
    answer = phone.send(**message) if "key" not in message else phone.post("send/", name="tests.check", **message)
    assert answer.status_code == 400 and answer.json()["error"]
    assert Sending.objects.count() == 0
