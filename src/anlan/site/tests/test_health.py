import pytest
from django.db import DatabaseError


@pytest.mark.django_db
def test_it_answers_people_who_have_not_signed_in_and_says_nothing_more(client):
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_it_answers_503_when_the_database_does_not(client, monkeypatch):
    def broken(*_):
        raise DatabaseError

    monkeypatch.setattr("anlan.site.health.connection.cursor", broken)
    assert client.get("/health/").status_code == 503


@pytest.mark.django_db
def test_nothing_can_be_posted_to_it(client):
    assert client.post("/health/").status_code == 405
