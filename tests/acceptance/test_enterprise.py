"""The file of an enterprise, and what stands behind an accident (rows S28, S32, S36, S37, S74)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.measures import assessing
from anlan.desk.measures.scorecards import scorecards
from anlan.desk.obligations.generating import generate
from anlan.desk.registers import advancing
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.organisations.models import Organisation
from anlan.prevent.checks.planning import derive
from anlan.prevent.checks.planning import generate as make_tasks
from anlan.prevent.risks.tests.conftest import YELLOW
from anlan.prevent.supervision import actions as supervision
from anlan.watch.alarms.actions import record
from anlan.watch.devices import latest
from tests.cast import DISTRICT, ENTERPRISE_B

pytestmark = pytest.mark.django_db


def test_the_file_of_an_enterprise_shows_all_modules_with_dates_and_department_and_who_has_none_is_an_exception(
    cast, enterprise, event_of, danger, gauge, event, keep, signed_in
):
    """S28: Given an enterprise with data in 8 modules, when its file is opened, then all of them show with dates and
    the department in charge; an enterprise with no department is on an exception list."""
    bureau = Organisation.objects.create(code="BUREAU9", name="云汀区应急管理局", region=DISTRICT)
    enterprise.supervisors.add(bureau)
    RegulatedAs.objects.create(enterprise=enterprise, code="above_scale")
    event_of("反应失控", YELLOW)
    hazard = danger()
    gauge.device.facility = event_of("灼烫").point.facility
    gauge.device.save(update_fields=["facility"])
    record([event("raised")])
    derive(cast.manager, enterprise)
    make_tasks(timezone.now())
    today = timezone.localdate()
    policy = {"number": "PICC-2026-7", "insurer": "人保财险", "amount": 500}
    keep(cast.manager, "insurance_policies", policy, valid_to=today + timedelta(days=90))
    generate(timezone.now())
    card = scorecards()["key_items"]
    (subject,) = assessing.subjects_for(cast.manager, card)
    assessing.begin(cast.manager, card, subject)
    supervision.grade_all(timezone.now())
    page = signed_in(cast.leader).get(f"/enterprises/{enterprise.pk}/").text
    for words in (
        "云汀区应急管理局", "风险分级管控清单", hazard.title, "液位", "1号车间", "安全生产责任保险",
        (today + timedelta(days=90)).isoformat(), "主体责任重点事项", "监管等级", "排查", "年度全面风险辨识",
    ):  # fmt: skip
        assert words in page, words
    lone = Enterprise.objects.get(code=ENTERPRISE_B)
    blind = signed_in(cast.leader).get("/supervision/?unsupervised=1").text
    assert lone.name in blind and enterprise.name not in blind
    for part in ("other_manager", "other_town_officer", "neighbour_duty"):
        assert signed_in(getattr(cast, part)).get(f"/enterprises/{enterprise.pk}/").status_code == 404


def test_behind_an_accident_stand_finder_approver_rectifier_and_acceptor_with_their_times(
    cast, danger, hands, keep, signed_in
):
    """S37: Given a hidden danger that led to an accident, when traced, then the chain shows finder, approver,
    rectifier and acceptor with times."""
    hazard = hands.settle(hands.grade(danger()), timezone.localdate() + timedelta(days=5))
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "cancel", cast.town_officer)
    told = {"title_words": "触电", "day": timezone.localdate(), "deaths": 0, "danger": hazard.number}
    with pytest.raises(Refused):
        keep(cast.manager, "accident_history", told)
    accident = keep(cast.inspector, "accident_history", told)
    page = signed_in(cast.inspector).get(f"/ledgers/accident_history/{accident.pk}/").text
    chain = page[page.index("责任追溯") :]
    for who in (cast.worker, cast.manager, cast.team_leader, cast.town_officer):
        assert who.name in chain
    assert chain.count("<time") >= 5 or chain.count("今天") + chain.count(":") >= 5
    assert signed_in(cast.other_manager).get(f"/ledgers/accident_history/{accident.pk}/").status_code == 404


def test_a_filed_major_hazard_is_seen_by_the_county_with_its_live_value_and_filing_date(
    cast, event_of, gauge, keep, signed_in, monkeypatch
):
    """S74: Given a Grade-2 hazard filed at the enterprise, when the city user opens the view, then it appears with live
    value and filing date; a hazard without filing is on the exception list."""
    unit = event_of("泄漏").point.facility
    unit.hazard_level = 2
    unit.save(update_fields=["hazard_level"])
    gauge.device.facility = unit
    gauge.device.save(update_fields=["facility"])
    view = signed_in(cast.leader)
    assert unit.name in view.get("/major-hazards/?unfiled=1").text
    filing = {"code": unit.code, "name": unit.name, "grade": "2", "r_value": 60, "keeper": "董明"}
    row = keep(cast.manager, "hazard_filings", filing | {"filed_on": timezone.localdate()})
    advancing.advance(cast.manager, row, "submitted")
    for part in ("manager", "town_officer", "assessor", "stranger"):
        with pytest.raises(Refused):
            advancing.advance(getattr(cast, part), row, "filed")
    advancing.advance(cast.inspector, row, "filed")
    assert unit.name not in signed_in(cast.leader).get("/major-hazards/?unfiled=1").text
    listed = signed_in(cast.leader).get("/major-hazards/").text
    assert unit.name in listed and timezone.localdate().isoformat() in listed
    known = {gauge.pk: latest.Latest(73.5, timezone.now(), 0)}
    monkeypatch.setattr("anlan.watch.devices.panels.latest", lambda points: known)
    assert "73.5" in signed_in(cast.leader).get(f"/major-hazards/{unit.pk}/").text
