"""The pages as each side sees them: what one may do is offered, what one may not is not."""

import pytest

from anlan.prevent.risks.actions import retire
from anlan.prevent.risks.models import Control, Event, Point
from anlan.prevent.risks.tests.conftest import YELLOW
from tests.cast import ENTERPRISE_A


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_new_point_says_how_to_begin(point, cast, signed_in):
    text = page(signed_in(cast.manager), f"/risks/{point.pk}/")
    assert "按作业步骤辨识（JHA）" in text and "还没有辨识" in text


def test_who_may_only_look_is_offered_nothing_to_change(point, event_of, cast, signed_in):
    event = event_of("反应失控", YELLOW)
    client = signed_in(cast.inspector)
    assert "/risk-controls/new/" not in page(client, f"/risks/{point.pk}/")
    assert "不再可能" not in page(client, f"/risk-events/{event.pk}/")
    assert client.get(f"/risk-events/{event.pk}/evaluate/").status_code == 403


def test_each_method_has_its_form_and_a_wrong_answer_keeps_what_was_chosen(event_of, cast, signed_in):
    event = event_of("反应失控", YELLOW)
    client = signed_in(cast.manager)
    for method in ("lec", "ls", "mes", "directly-major", "nonsense"):
        assert "<select" in page(client, f"/risk-events/{event.pk}/evaluate/?method={method}")
    answer = client.post(f"/risk-events/{event.pk}/evaluate/", {"method": "lec", "L": "6", "E": "6", "C": ""})
    assert answer.status_code == 200
    assert '<option value="6" selected>' in answer.content.decode()
    event.refresh_from_db()
    assert event.level == 3


def test_the_page_of_an_event_shows_the_tree_from_the_level_down(event_of, cast, signed_in):
    event = event_of("反应失控", YELLOW)
    text = page(signed_in(cast.manager), f"/risk-events/{event.pk}/")
    assert "为什么是这个等级" in text and "135" in text


def test_forms_make_a_point_an_event_and_a_control(enterprise, cast, signed_in):
    client = signed_in(cast.manager)
    assert ENTERPRISE_A in page(client, "/risks/new/")
    made = client.post(
        "/risks/new/",
        {"organisation": ENTERPRISE_A, "kind": "job", "name": "检修", "code": "J-1", "responsible_level": "post"},
    )
    point = Point.objects.get()
    assert made.url == f"/risks/{point.pk}/"
    client.post(
        f"/risk-events/new/?point={point.pk}",
        {
            "point": point.pk,
            "unit": "断电",
            "way": "jha",
            "name": "触电",
            "factors": "漏电、潮湿",
            "accident_types": "触电",
        },
    )
    event = Event.objects.get()
    assert (event.factors, event.unit.way) == (["漏电", "潮湿"], "jha")
    client.post(
        f"/risk-controls/new/?event={event.pk}",
        {"event": event.pk, "kind": "management", "text": "挂牌上锁", "responsible_level": "post", "in_use": "on"},
    )
    assert Control.objects.get().point == point


def test_nobody_writes_into_the_enterprise_of_another(point, cast, signed_in):
    client = signed_in(cast.other_manager)
    client.post(
        "/risks/new/",
        {"organisation": ENTERPRISE_A, "kind": "job", "name": "x", "code": "X", "responsible_level": "post"},
    )
    client.post("/risk-events/new/", {"point": point.pk, "unit": "x", "way": "jha", "name": "x"})
    assert Point.objects.count() == 1 and not Event.objects.exists()
    for address in (f"/risks/{point.pk}/", f"/risks/{point.pk}/card/", f"/risks/board/{point.enterprise_id}/"):
        assert client.get(address).status_code == 404


def test_a_retired_point_leaves_the_lists(point, cast, signed_in):
    retire(cast.manager, [point])
    assert point.name not in page(signed_in(cast.manager), "/risks/")


@pytest.mark.parametrize(
    "name",
    ["risks", "major-risks", "risk-events", "risk-controls", "risk-reports", "floor-plans", "risk-disclosures"],
)
def test_every_list_opens_empty_and_full_in_both_languages(point, event_of, cast, signed_in, name):
    client = signed_in(cast.manager)
    page(client, f"/{name}/")
    event_of("反应失控", YELLOW)
    page(client, f"/{name}/?q=x")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page(client, f"/{name}/")
