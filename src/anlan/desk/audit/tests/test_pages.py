import pytest

from anlan.desk.access.standing import Refused
from anlan.desk.audit import gates, verification
from anlan.desk.audit.chain import REASONS, Act, append
from anlan.desk.audit.models import Entry, Verification

READERS = {"audit_administrator"}


def test_only_the_audit_administrator_reads_the_audit(cast):
    append(Act(action="test.act", region="999901"))
    readers = {part for part, user in cast.all().items() if gates.seen_by(user).exists()}
    assert readers == READERS


def test_reading_the_audit_is_itself_recorded(cast, signed_in):
    append(Act(action="test.act"))
    client = signed_in(cast.audit_administrator)
    assert client.get("/audit/?actor=system").status_code == 200
    entry = Entry.objects.get(action="audit.read")
    assert entry.actor == "audit_administrator" and "actor=system" in entry.data
    assert client.get("/audit/1/").status_code == 200
    assert Entry.objects.get(action="audit.read", subject="entry:1")


def test_whoever_is_turned_away_leaves_no_record_of_reading(cast, signed_in):
    assert signed_in(cast.duty).get("/audit/").status_code in (403, 404)
    assert not Entry.objects.filter(action="audit.read").exists()


def test_an_export_of_the_audit_is_recorded(cast, signed_in):
    append(Act(action="test.act"))
    response = signed_in(cast.audit_administrator).get("/audit/?export=csv")
    assert response.status_code == 200
    assert Entry.objects.filter(action="exchange.export", subject="list:audit").exists()


def test_the_filters_find_what_an_administrator_looks_for(cast, signed_in):
    append(Act(action="access.lock", actor="system_administrator", subject="user:7"), Act(action="test.act"))
    page = signed_in(cast.audit_administrator).get("/audit/?action=access.").content.decode()
    assert "user:7" in page and "test.act" not in page


def test_a_verification_runs_in_the_background_and_keeps_its_outcome(
    cast, signed_in, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.AUDIT_SEALS = tmp_path / "seals.log"
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    append(Act(action="test.act"), Act(action="test.act"))
    client = signed_in(cast.audit_administrator)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/audit/verify/").status_code == 302
    outcome = Verification.objects.get()
    assert outcome.ended_at and outcome.breaks == 0
    Entry.objects.filter(position=2).update(words="forged")
    verification.run.call(outcome.pk)
    outcome.refresh_from_db()
    assert outcome.breaks == 1 and outcome.found[0]["position"] == 2
    assert "1" in verification.sentence(outcome)
    assert "forged" not in str(outcome.found)
    assert "记录被改动" in client.get("/audit/verifications/").content.decode()


def test_every_kind_of_break_has_its_sentence_in_both_tongues():
    assert set(verification.WORDS) == set(REASONS)
    values = dict.fromkeys(("first", "last", "head", "written", "line"), 7)
    for kind, words in verification.WORDS.items():
        assert words % values and REASONS[kind].format(**values)


@pytest.mark.parametrize("part", ["duty", "system_administrator", "security_administrator", "stranger"])
def test_nobody_else_asks_for_a_verification(cast, signed_in, part):
    with pytest.raises(Refused):
        verification.begin(getattr(cast, part))
    client = signed_in(getattr(cast, part))
    assert client.post("/audit/verify/").status_code == 403
    assert client.get("/audit/verifications/").status_code == 403
    assert not Verification.objects.exists()
