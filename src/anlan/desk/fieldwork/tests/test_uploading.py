"""Pictures come in pieces, go on where they stopped, and are whole or nothing."""

import pytest

from anlan.desk.access.models import Post
from anlan.desk.documents.models import Document
from anlan.desk.fieldwork.models import Upload

from .conftest import PICTURE

pytestmark = pytest.mark.django_db


def test_a_picture_in_pieces_becomes_a_document_with_time_and_place_beside(phone, cast):
    key, said = phone.announce(place={"lon": 115.8, "lat": 28.7, "accuracy": 5}, made_at="2026-01-02T03:04:05Z")
    assert said.json() == {"offset": 0, "done": False}
    assert phone.piece(key, 0, PICTURE[:5000]).json() == {"offset": 5000, "done": False}
    assert phone.piece(key, 5000, PICTURE[5000:]).json() == {"offset": len(PICTURE), "done": True}
    document = Document.objects.get()
    assert (document.size, document.added_by, document.media_type) == (len(PICTURE), cast.team_leader, "image/png")
    upload = Upload.objects.get()
    assert (upload.lon, upload.lat, upload.made_at.year, upload.document) == (115.8, 28.7, 2026, document)


def test_after_a_cut_it_goes_on_where_it_stopped(phone):
    key, _said = phone.announce()
    phone.piece(key, 0, PICTURE[:3000])
    wrong = phone.piece(key, 0, PICTURE[:3000])  # the answer was lost on the way: the phone sends it again
    assert (wrong.status_code, wrong.json()) == (409, {"offset": 3000})
    assert phone.announce(key=key)[1].json() == {"offset": 3000, "done": False}
    assert phone.piece(key, 3000, PICTURE[3000:]).json()["done"]


def test_announced_and_sent_again_when_all_is_here_changes_nothing(phone):
    key = phone.upload()
    assert phone.announce(key=key)[1].json() == {"offset": len(PICTURE), "done": True}
    assert phone.piece(key, 0, PICTURE).json()["done"]
    assert Document.objects.count() == 1


def test_content_that_is_not_what_was_announced_begins_anew(phone):
    key, _said = phone.announce()
    answer = phone.piece(key, 0, bytes(len(PICTURE)))
    assert (answer.status_code, answer.json()) == (409, {"offset": 0})
    assert Document.objects.count() == 0
    assert phone.piece(key, 0, PICTURE).json()["done"]


def test_pieces_out_of_turn_or_beyond_the_end_are_refused(phone):
    key, _said = phone.announce()
    assert phone.piece(key, 4000, PICTURE[4000:]).status_code == 409
    assert phone.piece(key, 0, PICTURE + b"x").status_code == 400
    assert phone.piece(key, "x", PICTURE).status_code == 400


def test_a_program_is_no_picture(phone):
    content = b"MZ" + bytes(200)
    key, _said = phone.announce(content)
    answer = phone.piece(key, 0, content)
    assert answer.status_code == 400 and answer.json()["error"]
    assert Document.objects.count() == 0


def test_what_is_too_large_or_has_no_digest_is_not_begun(phone, settings):
    settings.DOCUMENT_BYTES = 1000
    assert phone.announce()[1].status_code == 400
    assert phone.announce(b"x", digest="short")[1].status_code == 400
    assert Upload.objects.count() == 0


def test_nobody_touches_the_upload_of_another(phone, signed_in, cast):
    key, _said = phone.announce()
    signed_in(cast.manager)
    assert phone.piece(key, 0, PICTURE).status_code == 404
    assert phone.announce(key=key)[1].status_code == 403


def test_whoever_may_not_add_documents_is_told_so(phone, cast):
    Post.objects.filter(user=cast.team_leader).update(role="statistician")
    key, _said = phone.announce()
    assert phone.piece(key, 0, PICTURE).status_code == 403
