"""The interface: who is answered, what is listed, one shape of errors, law and standards."""

import json

import pytest
from django.test import Client

from anlan.api.collected import described
from anlan.desk.access.models import Post, User
from anlan.desk.audit.models import Entry
from anlan.know.enterprises.models import Enterprise
from tests.cast import DISTRICT, ENTERPRISE_A, NEIGHBOUR, OTHER_TOWN, TOWN

UNIT = {"name": "罐区", "items": [{"substance": "氯", "tonnes": 60}]}


@pytest.fixture
def enterprises(db):
    rows = [
        Enterprise(name=f"企业{n}", code=f"E{n:03}", region=region, organisation=f"E{n:03}")
        for n, region in enumerate([TOWN] * 5 + [OTHER_TOWN] * 3 + [NEIGHBOUR] * 2)
    ]
    return Enterprise.objects.bulk_create(rows)


def read_all(client, path: str) -> list[dict]:
    found, addresses = [], []
    while path:
        addresses.append(path)
        page = client.get(path).json()
        found += page["rows"]
        path = page["next"]
    assert len(addresses) == len(set(addresses))
    return found


@pytest.mark.parametrize(
    "path", ["/api/me", "/api/lists", "/api/lists/enterprises/rows", "/api/standards", "/api/openapi.json"]
)
def test_nobody_is_answered_who_has_not_signed_in(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_signed_in" and answer.json()["error"]["message"]


def test_a_session_reads_what_its_pages_show(cast, signed_in, enterprises):
    duty = {row["values"]["name"] for row in read_all(signed_in(cast.duty), "/api/lists/enterprises/rows?limit=3")}
    assert {f"企業{n}".replace("業", "业") for n in range(8)} <= duty
    assert not {"企业8", "企业9"} & duty
    town = {row["values"]["name"] for row in read_all(signed_in(cast.town_officer), "/api/lists/enterprises/rows")}
    assert {"企业0", "企业4"} <= town and not {"企业5", "企业8"} & town


def test_rows_that_come_in_between_neither_double_nor_hide_others(cast, signed_in, enterprises):
    client = signed_in(cast.duty)
    first = client.get("/api/lists/enterprises/rows?limit=4&order=-key").json()
    Enterprise.objects.create(name="新来的", code="NEW", region=TOWN, organisation="NEW")
    rest = read_all(client, first["next"])
    keys = [row["key"] for row in [*first["rows"], *rest]]
    assert keys == sorted(set(keys), reverse=True)
    assert "新来的" not in {row["values"]["name"] for row in rest}


def test_filters_have_the_names_of_the_page_and_a_misspelt_one_is_refused(cast, signed_in, enterprises):
    client = signed_in(cast.duty)
    found = read_all(client, f"/api/lists/enterprises/rows?region={OTHER_TOWN}")
    assert {row["values"]["region"]["code"] for row in found} == {OTHER_TOWN}
    wrong = client.get("/api/lists/enterprises/rows?regoin=1")
    assert wrong.status_code == 422
    assert wrong.json()["error"]["details"][0]["where"] == "regoin"
    assert "region" in wrong.json()["error"]["details"][0]["message"]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "order=name", "after=x"])
def test_pages_that_cannot_be_are_refused_in_the_same_shape(cast, signed_in, enterprises, query):
    answer = signed_in(cast.duty).get(f"/api/lists/enterprises/rows?{query}")
    assert answer.status_code == 422
    assert set(answer.json()["error"]) == {"code", "message", "details"}


def test_one_row_is_read_through_its_gate(cast, signed_in, enterprises):
    mine, other = enterprises[0].pk, enterprises[8].pk
    client = signed_in(cast.town_officer)
    assert client.get(f"/api/lists/enterprises/rows/{mine}").json()["values"]["name"] == "企业0"
    for key in (other, 0, "x"):
        answer = client.get(f"/api/lists/enterprises/rows/{key}")
        assert answer.status_code == 404 and answer.json()["error"]["code"] == "not_found"


def test_a_list_is_refused_to_who_may_not_see_its_page(cast, signed_in):
    client = signed_in(cast.manager)
    assert "accounts" not in {entry["name"] for entry in client.get("/api/lists").json()}
    assert client.get("/api/lists/accounts/rows").json()["error"]["code"] == "refused"
    assert client.get("/api/lists/none/rows").status_code == 404
    assert signed_in(cast.stranger).get("/api/lists/enterprises/rows").status_code == 403


def test_every_list_that_is_offered_can_be_described_and_read(cast, signed_in):
    for part in (cast.duty, cast.manager, cast.system_administrator):
        client = signed_in(part)
        for entry in client.get("/api/lists").json():
            answer = client.get(f"/api/lists/{entry['name']}/rows?limit=1")
            assert answer.status_code == 200, entry["name"]


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_rows(
    cast, signed_in, enterprises, django_assert_max_num_queries
):
    client = signed_in(cast.duty)
    client.get("/api/lists/enterprises/rows")
    with django_assert_max_num_queries(12):
        client.get("/api/lists/enterprises/rows?limit=500")


def test_law_and_standards_are_asked_with_reasons(cast, signed_in):
    client = signed_in(cast.inspector)
    names = {question["name"] for question in client.get("/api/standards").json()}
    assert {"gb18218", "accident-class", "gbt13861"} <= names
    asked = {"input": {"residents": 60, "units": [UNIT]}, "on": "2026-11-24"}
    answer = client.post("/api/standards/questions/gb18218", json.dumps(asked), content_type="application/json")
    assert answer.status_code == 200 and answer.json()["value"] == 2
    assert answer.json()["because"][0]["clause"]["instrument"] == "GB 18218-2018"
    shown = client.get("/api/standards/questions/gb18218").json()
    assert shown["schema"]["required"] == ["residents", "units"] and shown["examples"]
    assert client.get("/api/standards/coverage").json() and client.get("/api/standards/instruments").json()


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ({"input": {"residents": 60}}, "wrong_input", "units"),
        ({"input": {"residents": 60, "units": [UNIT]}, "on": "2018-01-01"}, "no_answer", "2019-03-01"),
        ({"input": {"residents": 60, "units": [{"items": [{"substance": "水", "tonnes": 1}]}]}}, "no_answer", "表2"),
        ({}, "wrong_input", "input"),
    ],
)
def test_a_question_without_an_answer_says_why_in_the_same_shape(cast, signed_in, asked, code, said):
    answer = signed_in(cast.inspector).post(
        "/api/standards/questions/gb18218", json.dumps(asked), content_type="application/json"
    )
    assert answer.status_code == 422 and answer.json()["error"]["code"] == code
    assert said in str(answer.json())


def test_too_long_a_question_is_refused_before_it_is_answered(cast, signed_in):
    unit = {"items": [{"substance": "氯", "tonnes": 1}] * 10_000}
    asked = json.dumps({"input": {"residents": 0, "units": [unit]}})
    answer = signed_in(cast.inspector).post("/api/standards/questions/gb18218", asked, content_type="application/json")
    assert answer.status_code == 413 and answer.json()["error"]["code"] == "too_large"


def test_asking_by_session_needs_the_token_against_forged_requests(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.inspector, backend="anlan.desk.access.backend.PasswordBackend")
    answer = client.post("/api/standards/questions/gb18218", "{}", content_type="application/json")
    assert answer.status_code == 403 and answer.json()["error"]["code"] == "refused"


def test_who_must_change_the_password_first_is_told_so(cast, signed_in):
    User.objects.filter(pk=cast.duty.pk).update(must_change_password=True)
    assert signed_in(cast.duty).get("/api/me").status_code == 403


def test_an_address_that_is_not_there_has_the_shape_too(cast, signed_in):
    answer = signed_in(cast.duty).get("/api/nothing/here")
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "not_found"


def test_the_description_names_every_operation_and_the_guide_shows_it(cast, signed_in):
    paths = described()["paths"]
    assert "/api/lists/{name}/rows" in paths and "/api/standards/questions/{name}" in paths
    page = signed_in(cast.duty).get("/api-guide/").content.decode()
    assert all(path in page for path in paths)
    assert signed_in(cast.duty).get("/api/openapi.json").json()["info"]["title"]


# -- keys ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def key_of(cast, signed_in):
    """`key_of(user)` issues a key through the page and answers a client that carries it."""

    def issue(user, days: str = "30"):
        page = signed_in(user).post("/account/keys/", {"name": "园区大屏", "post": user.posts.first().pk, "days": days})
        assert page.status_code == 200, page.context.get("problem")
        client = Client(headers={"Authorization": f"Bearer {page.context['secret']}"})
        client.key, client.secret = page.context["key"], page.context["secret"]
        return client

    return issue


def test_a_key_reads_as_its_post_and_is_kept_only_as_a_digest(cast, key_of, enterprises):
    client = key_of(cast.town_officer)
    found = {row["values"]["name"] for row in read_all(client, "/api/lists/enterprises/rows?limit=2")}
    assert {"企业0", "企业4"} <= found and "企业5" not in found
    assert client.get("/api/me").json()["posts"][0]["region"] == TOWN
    client.key.refresh_from_db()
    assert client.key.seen_at
    assert client.secret not in str(client.key.__dict__.values())


def test_a_key_stands_for_one_post_though_the_person_has_more(cast, key_of, enterprises):
    client = key_of(cast.town_officer)
    Post.objects.create(user=cast.town_officer, role="duty_officer", organisation="B", region=DISTRICT)
    assert len(client.get("/api/me").json()["posts"]) == 1
    assert "企业5" not in {row["values"]["name"] for row in read_all(client, "/api/lists/enterprises/rows")}


def test_a_key_opens_no_page_and_changes_nothing_but_may_ask_standards(cast, key_of):
    client = key_of(cast.inspector)
    assert client.get("/enterprises/").status_code == 302
    assert client.post("/account/keys/", {"name": "x"}).status_code == 302
    asked = json.dumps({"input": {"residents": 60, "units": [UNIT]}})
    answer = client.post("/api/standards/questions/gb18218", asked, content_type="application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize("end", ["revoked", "expired", "locked", "withdrawn", "out of force"])
def test_a_key_ends_with_whatever_it_rests_on(cast, key_of, signed_in, end):
    from datetime import timedelta

    from django.utils import timezone

    client = key_of(cast.town_officer)
    assert client.get("/api/me").status_code == 200
    if end == "revoked":
        signed_in(cast.town_officer).post(f"/account/keys/{client.key.pk}/revoke/")
    elif end == "expired":
        client.key.expires_at = timezone.now() - timedelta(seconds=1)
        client.key.save()
    elif end == "locked":
        User.objects.filter(pk=cast.town_officer.pk).update(is_active=False)
    elif end == "withdrawn":
        cast.town_officer.posts.all().delete()
    else:
        cast.town_officer.posts.update(until=timezone.localdate() - timedelta(days=1))
    answer = client.get("/api/me")
    assert answer.status_code == 401 and answer.json()["error"]["message"]


def test_a_wrong_key_is_turned_away_and_guessing_is_braked(db, settings):
    settings.FAILURES_PER_ADDRESS = 3
    client = Client(headers={"Authorization": "Bearer anlan_guess"})
    assert [client.get("/api/me").status_code for _ in range(4)] == [401, 401, 401, 429]


def test_what_a_key_does_is_recorded_under_its_owner(cast, key_of, enterprises):
    client = key_of(cast.town_officer)
    client.get("/api/lists/enterprises/rows?limit=1")
    entries = {entry.action: entry for entry in Entry.objects.filter(action__startswith="api.")}
    assert entries["api.issue"].actor == "town_officer"
    assert entries["api.read"].actor.startswith("town_officer (anlan_")
    assert entries["api.read"].subject == "list:enterprises"


def test_reading_the_audit_by_this_door_is_recorded_too(cast, signed_in):
    signed_in(cast.audit_administrator).get("/api/lists/audit/rows?limit=1")
    entry = Entry.objects.filter(action="api.read").get()
    assert (entry.actor, entry.subject) == ("audit_administrator", "list:audit")


@pytest.mark.parametrize("part", ["stranger", "system_administrator", "security_administrator", "team_leader"])
def test_roles_that_may_have_no_key_get_no_page(cast, signed_in, part):
    assert signed_in(getattr(cast, part)).get("/account/keys/").status_code == 403


@pytest.mark.parametrize(("days", "name"), [("0", "x"), ("367", "x"), ("x", "x"), ("30", " ")])
def test_a_key_without_end_or_purpose_is_not_issued(cast, signed_in, days, name):
    post = cast.duty.posts.first().pk
    page = signed_in(cast.duty).post("/account/keys/", {"name": name, "post": post, "days": days})
    assert page.status_code == 400 and "secret" not in page.context


def test_nobody_has_a_key_for_another_persons_post_nor_ends_anothers_key(cast, signed_in, key_of):
    theirs = cast.manager.posts.first().pk if cast.manager else 0
    page = signed_in(cast.duty).post("/account/keys/", {"name": "x", "post": theirs, "days": "1"})
    assert page.status_code == 400
    client = key_of(cast.town_officer)
    assert signed_in(cast.duty).post(f"/account/keys/{client.key.pk}/revoke/").status_code == 404


def test_the_security_administrator_sees_and_ends_the_keys_of_others(cast, signed_in, key_of):
    from anlan.api import gates, keys
    from anlan.desk.access.standing import Refused

    client = key_of(cast.manager)
    assert client.key in gates.keys_overseen_by(cast.security_administrator)
    assert not gates.keys_overseen_by(cast.duty).exists()
    with pytest.raises(Refused):
        keys.revoke(cast.duty, client.key)
    keys.revoke(cast.security_administrator, client.key)
    assert client.get("/api/me").status_code == 401
    assert ENTERPRISE_A in str(client.key.post.organisation)
