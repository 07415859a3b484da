"""Dangers from the phone: reported once, where they are; rectified by one person and re-checked by another."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.prevent.hazards import phone
from anlan.prevent.hazards.models import Hazard

pytestmark = pytest.mark.django_db


def sent(answers=None, fixed=None, details=None, key=None, place=None):
    parts = {"answers": answers or {}, "fixed": fixed or {}, "details": details or {}, "base": {}}
    return parts | {"key": key or str(uuid4()), "made_at": timezone.now() - timedelta(minutes=9), "place": place}


def test_a_report_becomes_a_danger_of_ones_own_enterprise_with_picture_time_and_place(cast, enterprise, photo):
    place = {"lon": 115.81, "lat": 28.71, "accuracy": 5.0}
    payload = sent({"title": "配电箱门未关", "kind": "electric", "place": "一车间"}, place=place)
    picture = photo(cast.team_leader)
    said = phone.report(cast.team_leader, payload, {"x": picture})
    hazard = Hazard.objects.get()
    assert (hazard.title, hazard.kind, hazard.place, hazard.found_by) == ("配电箱门未关", "electric", "一车间", "self")
    assert (hazard.lon, hazard.lat, hazard.found_at) == (115.81, 28.71, payload["made_at"])
    assert hazard.case.steps.get(action="open").documents.get() == picture
    assert said.url == f"/cases/{hazard.pk}/" and hazard.number in said.words


def test_the_same_report_again_is_the_same_danger(cast, enterprise):
    payload = sent({"title": "配电箱门未关"})
    assert phone.report(cast.team_leader, payload, {}) == phone.report(cast.team_leader, payload, {})
    assert Hazard.objects.count() == 1


@pytest.mark.parametrize("way", ["fixed", "picked", "named"])
def test_an_officer_says_which_enterprise(cast, enterprise, other_enterprise, way):
    given = {
        "fixed": sent({"title": "门锁闭"}, {"enterprise": other_enterprise.pk}),
        "picked": sent({"title": "门锁闭", "enterprise": {"key": str(other_enterprise.pk), "text": "另一企业"}}),
        "named": sent({"title": "门锁闭", "enterprise": {"text": "另一企业"}}),
    }[way]
    phone.report(cast.inspector, given, {})
    hazard = Hazard.objects.get()
    assert (hazard.enterprise, hazard.found_by) == (other_enterprise, "inspection")


@pytest.mark.parametrize(
    "enterprise_of", [{}, {"text": "没有这家"}, {"key": "99999", "text": "x"}, {"key": "x"}, "x", 5]
)
def test_an_officer_who_names_none_is_told_to_choose(cast, enterprise, enterprise_of):
    with pytest.raises(ValidationError, match="没有找到这家企业"):
        phone.report(cast.inspector, sent({"title": "门锁闭", "enterprise": enterprise_of}), {})
    assert Hazard.objects.count() == 0


def test_nobody_reports_at_an_enterprise_beyond_his_reach(cast, enterprise, other_enterprise):
    for user in (cast.team_leader, cast.town_officer):
        with pytest.raises((ValidationError, PermissionDenied)):
            phone.report(user, sent({"title": "门锁闭"}, {"enterprise": other_enterprise.pk}), {})
    assert Hazard.objects.count() == 0


def test_one_rectifies_and_another_checks_both_on_the_phone(cast, danger, hands, photo):
    hazard = danger()
    hands.grade(hazard)
    hands.settle(hazard, timezone.localdate() + timedelta(days=5))
    fixed = {"hazard": hazard.pk}
    with pytest.raises(ValidationError):
        phone.rectified(cast.team_leader, sent({"words": "已接线"}, fixed), {})
    phone.rectified(cast.team_leader, sent({"words": "已接线"}, fixed), {"x": photo(cast.team_leader)})
    hazard.refresh_from_db()
    assert hazard.state == "verifying"
    with pytest.raises((Refused, ValidationError, PermissionDenied)):
        phone.verified(cast.team_leader, sent({"verdict": "ok"}, fixed), {})
    phone.verified(cast.manager, sent({"verdict": "not"}, fixed, {"verdict": {"why": "仍松动"}}), {})
    hazard.refresh_from_db()
    assert hazard.state == "rectifying"


def test_a_danger_one_does_not_see_cannot_be_touched(cast, danger, photo):
    hazard = danger()
    for number in (hazard.pk, "1", None, 10**9):
        with pytest.raises(ValidationError, match="没有这条隐患"):
            phone.rectified(cast.other_manager, sent({"words": "x"}, {"hazard": number}), {})


def test_the_open_ones_are_carried_with_what_can_be_done_and_the_picture_from_before(cast, danger, hands, photo):
    hazard = danger(photos=[photo(cast.worker)])
    hands.grade(hazard)
    hands.settle(hazard, timezone.localdate() + timedelta(days=5))
    page = phone.open_ones(cast.team_leader)[0]
    (name, _words, fixed) = page.deeds[0]
    assert (name, fixed["hazard"], len(fixed["before"])) == ("hazards.rectified", hazard.pk, 1)
    assert phone.open_ones(cast.other_manager) == []


def test_the_reads_do_not_grow_with_the_dangers(cast, danger, django_assert_num_queries, photo):
    for number in range(6):
        danger(place=str(number), photos=[photo(cast.worker)])
    phone.open_ones(cast.manager)
    with django_assert_num_queries(4):
        assert len(phone.open_ones(cast.manager)) == 6
