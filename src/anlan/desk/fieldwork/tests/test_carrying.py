"""A phone carries what its person's gate allows, is sent only what changed, and forgets the rest."""

import json

import pytest

from anlan.desk.access.models import Post
from anlan.desk.fieldwork import actions, gates
from anlan.desk.fieldwork.declare import Page, Question, bundles, question_faults, submissions
from anlan.desk.fieldwork.models import Handset

pytestmark = pytest.mark.django_db


def sync(phone, has=None, **message):
    return phone.post("sync/", has=has or {}, **message).json()


def held(answer) -> dict:
    return {b["name"]: {item["key"]: item["version"] for item in b["changed"]} for b in answer["bundles"]}


def test_the_first_contact_brings_everything_and_the_second_nothing(phone, deeds):
    answer = sync(phone)
    assert set(held(answer)) == {"tests.tasks", "tests.forms"}
    assert all(not bundle["changed"] and not bundle["gone"] for bundle in sync(phone, held(answer))["bundles"])


def test_a_bundle_the_person_may_not_see_does_not_exist_for_him(phone, deeds, signed_in, cast):
    assert "tests.pages" not in held(sync(phone))
    signed_in(cast.manager)
    has = held(sync(phone))
    assert "tests.pages" in has
    Post.objects.filter(user=cast.manager).update(role="team_leader")
    assert "tests.pages" not in {bundle["name"] for bundle in sync(phone, has)["bundles"]}


def test_only_what_changed_is_sent_and_what_is_gone_is_named(phone, deeds, signed_in, cast):
    signed_in(cast.manager)
    deeds.pages = [Page(key="1", title="甲"), Page(key="2", title="乙"), Page(key="3", title="丙")]
    has = held(sync(phone))
    deeds.pages = [Page(key="1", title="甲"), Page(key="2", title="乙的新名")]
    pages = next(bundle for bundle in sync(phone, has)["bundles"] if bundle["name"] == "tests.pages")
    assert [(item["key"], item["data"]["title"]) for item in pages["changed"]] == [("2", "乙的新名")]
    assert (pages["gone"], pages["keys"]) == (["3"], ["1", "2"])


def test_what_a_capability_gives_along_comes_through_unchanged_and_nothing_empty_is_sent(phone, deeds, signed_in, cast):
    signed_in(cast.manager)
    answer = sync(phone)
    data = {b["name"]: b["changed"][0]["data"] for b in answer["bundles"]}
    assert data["tests.tasks"]["fixed"] == {"task": 7}
    assert data["tests.pages"]["deeds"] == [["tests.check", "检查", {"at": 0}]]
    zero = data["tests.forms"]["questions"][2]
    assert (zero["least"], zero["most"], zero["value"]) == (0, 0, 0)
    assert "help" not in zero
    assert answer["submissions"][0]["form"]["title"] == "压力表检查"


def test_a_phone_may_say_anything_of_what_it_has(phone, deeds):
    for has in ([], "x", {"tests.forms": 5}, {"tests.forms": {"gone": None}}):
        assert phone.post("sync/", has=has).status_code == 200


def test_the_fate_of_what_was_sent_is_told_to_its_sender_alone(phone, deeds, signed_in, cast):
    key = phone.send(answers={"wrong": True}).json()["key"]
    assert [fate["state"] for fate in sync(phone, sent=[key])["sent"]] == ["letter"]
    signed_in(cast.manager)
    assert sync(phone, sent=[key])["sent"] == []


# --- phones -----------------------------------------------------------------------------------------------------------
def test_a_phone_is_bound_to_its_person_at_first_contact(phone, deeds, cast):
    sync(phone)
    sync(phone)
    assert [handset.user for handset in Handset.objects.all()] == [cast.team_leader]


def test_a_revoked_phone_is_told_to_forget_signed_in_or_not(phone, deeds, cast, client):
    sync(phone)
    actions.revoke(cast.team_leader, Handset.objects.get())
    for answer in (phone.post("sync/"), phone.send(), client.get(f"/phone/me/?device={phone.device}")):
        assert (answer.status_code, answer.json()["forget"]) == (403, True)
    client.logout()
    assert client.get(f"/phone/me/?device={phone.device}").json() == {"user": None, "forget": True}


def test_an_account_that_was_closed_leaves_nothing_on_its_phone(phone, deeds, cast, client):
    sync(phone)
    cast.team_leader.is_active = False
    cast.team_leader.save()
    assert client.get(f"/phone/me/?device={phone.device}").json() == {"user": None, "forget": True}


def test_a_session_that_is_over_does_not_make_a_phone_forget(phone, deeds, client):
    sync(phone)
    client.logout()
    assert client.get(f"/phone/me/?device={phone.device}").json() == {"user": None, "forget": False}


def test_one_revokes_ones_own_phone_and_no_other(phone, deeds, cast, signed_in):
    sync(phone)
    handset = Handset.objects.get()
    assert signed_in(cast.manager).post(f"/account/phones/{handset.pk}/revoke/").status_code == 404
    with pytest.raises(Exception, match="自己的手机"):
        actions.revoke(cast.manager, handset)
    signed_in(cast.team_leader).post(f"/account/phones/{handset.pk}/revoke/")
    assert gates.handsets_of(cast.team_leader).get().revoked_at


# --- the app itself ---------------------------------------------------------------------------------------------------
def test_the_app_answers_without_signing_in_and_holds_nothing_of_anybodys(client, cast, signed_in):
    signed_in(cast.manager)
    signed = client.get("/phone/").content
    client.logout()
    assert client.get("/phone/").content == signed
    assert cast.manager.name.encode() not in signed


def test_its_worker_names_what_makes_up_the_app_and_changes_with_the_language(client):
    chinese = client.get("/phone/worker.js").content.decode()
    english = client.get("/phone/worker.js", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    listed = json.loads(chinese.split(";\n", 1)[0].removeprefix("self.ANLAN = "))
    assert "/phone/" in listed["shell"] and any("fieldwork/phone" in path for path in listed["shell"])
    assert chinese.split(";\n", 1)[0] != english.split(";\n", 1)[0]


def test_it_can_be_installed(client):
    manifest = client.get("/phone/app.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/phone/", "/phone/", "standalone")
    for picture in manifest["icons"]:
        answer = client.get(picture["src"])
        assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert client.get("/phone/icon-7.png").status_code == 404


def test_the_desk_shows_how_to_install_it(signed_in, cast):
    page = signed_in(cast.manager).get("/account/phones/").content.decode()
    assert "data:image/png;base64" in page and "/phone/" in page


# --- declarations -----------------------------------------------------------------------------------------------------
def test_every_capability_declares_well_and_every_form_can_be_shown(cast):
    for user in (cast.inspector, cast.manager, cast.team_leader):
        for submission in submissions().values():
            form = submission.form(user) if submission.form else None
            for question in form.questions if form else ():
                assert question_faults(question) == []
        for bundle in bundles().values():
            list(bundle.items(user))


def test_a_question_that_cannot_be_shown_is_named():
    wrong = Question(name="a", title="甲", kind="riddle", detail=[Question(name="b", title="乙", kind="choice")])
    faults = " ".join(question_faults(wrong))
    assert "riddle" in faults and "only a verdict" in faults and "'b' offers no choices" in faults
