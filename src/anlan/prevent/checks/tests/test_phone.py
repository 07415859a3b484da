import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.fieldwork.declare import bundles, submissions
from anlan.prevent.checks import sheets
from anlan.prevent.checks.actions import Given
from anlan.prevent.checks.actions import answer as at_the_desk
from anlan.prevent.checks.models import Answer, Task
from anlan.prevent.checks.phone import answer, forms_of, tasks_of
from anlan.prevent.checks.planning import derive, generate
from anlan.prevent.checks.rules import Item
from anlan.prevent.hazards.models import Hazard

pytestmark = pytest.mark.django_db


@pytest.fixture
def daily(risk, works, cast):
    derive(cast.manager, works.a)
    generate(timezone.now())
    return Task.objects.get(level="post")


def _sending(task, answers: dict, details: dict | None = None) -> dict:
    return {"key": uuid.uuid4(), "answers": answers, "details": details or {}, "fixed": {"task": task.pk}, "base": {},
            "made_at": timezone.now(), "place": None}  # fmt: skip


def test_one_carries_the_own_tasks_and_each_of_their_sheets_once(daily, cast):
    assert [task.key for task in tasks_of(cast.worker)] == [str(daily.pk)]
    assert [form.key for form in forms_of(cast.worker)] == [str(daily.sheet_id)]
    assert tasks_of(cast.worker)[0].form == f"checks.forms/{daily.sheet_id}"
    assert tasks_of(cast.duty) == tasks_of(cast.other_manager) == []
    assert {"checks.tasks", "checks.forms"} <= set(bundles())
    assert "checks.answers" in submissions()


def test_what_was_answered_at_the_desk_is_known_on_the_phone(daily, risk, cast):
    at_the_desk(cast.worker, daily, Given(item=f"c{risk.level.pk}", verdict="ok"))
    assert tasks_of(cast.worker)[0].answers == {f"c{risk.level.pk}": "ok"}


def test_a_sending_finishes_the_check_and_a_second_one_changes_nothing(daily, risk, cast):
    level, valve = f"c{risk.level.pk}", f"c{risk.valve.pk}"
    sending = _sending(daily, {level: "ok", valve: "not"}, {valve: {"note": "半关"}})
    first, second = answer(cast.worker, sending, {}), answer(cast.worker, sending, {})
    assert first == second
    daily.refresh_from_db()
    assert (daily.state, daily.failed) == ("done", 1)
    assert "半关" in Hazard.objects.get().words


def test_an_unfinished_sending_keeps_nothing_and_names_what_is_missing(daily, risk, cast):
    with pytest.raises(ValidationError):
        answer(cast.worker, _sending(daily, {f"c{risk.level.pk}": "ok"}), {})


def test_a_sending_for_somebody_elses_check_is_refused(daily, risk, cast):
    whole = {f"c{control.pk}": "ok" for control in (risk.level, risk.valve)}
    with pytest.raises(Refused):
        answer(cast.duty, _sending(daily, whole), {})
    with pytest.raises(ValidationError):
        answer(cast.other_manager, _sending(daily, whole), {})
    assert not Answer.objects.exists()


@pytest.mark.parametrize("number", [None, "1", 0, True, [1], {"pk": 1}])
def test_a_hostile_number_of_a_task_is_a_sentence_not_a_fault(daily, cast, number):
    sending = _sending(daily, {}) | {"fixed": {"task": number}}
    with pytest.raises((ValidationError, Refused)):
        answer(cast.worker, sending, {})


@pytest.mark.parametrize(("said", "verdict"), [(20.9, "ok"), (18, "not"), (None, "na"), ("20", "na"), (True, "na")])
def test_a_reading_is_judged_by_its_limits_and_left_out_is_not_applicable(daily, cast, said, verdict):
    daily.sheet = sheets.keep([Item(key="o2", text="氧含量", unit="%VOL", least=19.5, most=23.5)], title="读数")
    daily.total = 1
    daily.save()
    answer(cast.worker, _sending(daily, {"o2": said} if said is not None else {}), {})
    assert Answer.objects.get().verdict == verdict
