"""Enterprise end and government end: a warning is handled, looked at from afar, verified; a patrol without a warning
finds a problem, and a record with picture and a task exist without a visit (catalogue S72, S140, loop L04)."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.desk.cases.actions import take
from anlan.desk.cases.models import Case
from anlan.desk.documents.actions import add
from anlan.desk.obligations.models import Obligation
from anlan.know.enterprises.models import Enterprise
from anlan.watch.alarms.actions import record
from anlan.watch.warnings import patrolling
from anlan.watch.warnings.gates import patrols_seen_by
from anlan.watch.warnings.models import OnlinePatrol
from tests.cast import ENTERPRISE_A, TOWN

PICTURE = b"\xff\xd8\xff\xe0" + b"0" * 64


@pytest.fixture
def enterprise(cast) -> Enterprise:
    cast.all()
    return Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工", region=TOWN)


@pytest.fixture
def silent(monkeypatch):
    """No rule worker answers: the record says so and does not show old values."""
    monkeypatch.setattr(patrolling, "latest", lambda points: None)


def picture(user):
    return add(user, SimpleUploadedFile("camera.jpg", PICTURE), region=TOWN, organisation=ENTERPRISE_A)


def test_a_reading_beyond_its_limit_is_handled_looked_at_and_only_then_closed(enterprise, event, cast):
    record([event("raised")])
    warning = Case.objects.get(kind="warnings.warning")
    take(warning, "confirm", cast.duty)
    take(warning, "attend", cast.manager)
    record([event("cleared", value=70.0, seconds=300)])
    warning.refresh_from_db()
    take(warning, "feedback", cast.manager, words="进料阀关小。", values={"cause": "operation"})
    take(warning, "patrol", cast.inspector, words="画面和读数正常。", values={"patrol": "normal"})
    take(warning, "verify", cast.inspector)
    patrol = OnlinePatrol.objects.get()
    assert (patrol.case, patrol.enterprise, patrol.by, patrol.outcome) == (
        warning,
        enterprise,
        cast.inspector,
        "normal",
    )
    assert not Obligation.objects.exists()
    kept = [step.action for step in warning.steps.order_by("pk")]
    assert kept == ["open", "confirm", "attend", "normal", "feedback", "patrol", "verify"]
    assert Entry.objects.filter(action="warnings.patrol").count() == 1


def test_a_patrol_that_finds_a_problem_leaves_a_record_with_picture_and_a_task(enterprise, cast, silent):
    found = patrolling.look(
        cast.inspector, enterprise, outcome="problem", words="值班室无人值守。", documents=[picture(cast.inspector)]
    )
    assert found.documents.count() == 1
    assert found.seen["values"] is None
    task = Obligation.objects.get()
    assert (task.organisation, task.is_open, task.subject_url) == (ENTERPRISE_A, True, f"/online-patrols/{found.pk}/")
    assert "值班室无人值守" in task.title
    assert list(patrols_seen_by(cast.manager)) == [found]
    assert not patrols_seen_by(cast.other_manager).exists()


def test_a_patrol_keeps_the_alarms_of_that_moment(enterprise, event, cast, silent):
    record([event("raised")])
    found = patrolling.look(cast.duty, enterprise, outcome="normal", words="已查看。")
    assert [alarm["level"] for alarm in found.seen["alarms"]] == [3]
    assert not Obligation.objects.exists()


def test_an_enterprise_does_not_patrol_itself_and_a_record_without_words_is_refused(enterprise, cast, silent):
    with pytest.raises(Refused):
        patrolling.look(cast.manager, enterprise, outcome="normal", words="好")
    for wrong in ({"outcome": "normal", "words": " "}, {"outcome": "fine", "words": "好"}):
        with pytest.raises(ValidationError):
            patrolling.look(cast.duty, enterprise, **wrong)
    assert not OnlinePatrol.objects.exists()
