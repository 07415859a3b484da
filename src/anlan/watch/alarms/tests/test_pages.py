"""The pages of the desk, the list for programs, and a month made by hand."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from anlan.watch.alarms.actions import shelve
from anlan.watch.alarms.models import Alarm, Inhibition
from anlan.watch.alarms.month import flooded, rates, reckon
from anlan.watch.alarms.policy import policy
from anlan.watch.alarms.recording import minute_of, record
from anlan.watch.alarms.rules import TROUBLES

FIRST = date(2026, 3, 1)
MARCH = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)  # its first minute in Shanghai
END = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)


def test_the_desk_shows_one_line_per_active_alarm_and_no_history(event, cast, signed_in):
    record([event("raised"), event("cleared", value=80.0, seconds=9)])
    record([event("raised", "HH", 92.0)])
    page = signed_in(cast.duty).get(reverse("alarms")).content.decode()
    assert page.count("data-row ") == 1
    assert "92 / 90 %" in page and "未确认" in page and 'data-key="s"' in page
    records = signed_in(cast.duty).get(reverse("alarm-records")).content.decode()
    assert records.count("data-row ") == 2
    past = Alarm.objects.get(kind="H")
    assert signed_in(cast.duty).get(reverse("alarms.item", args=[past.pk])).status_code == 200


def test_an_alarm_without_an_action_is_said_to_be_an_event(event, cast, signed_in, gauge):
    record([event("raised")])
    address = reverse("alarms.item", args=[Alarm.objects.get().pk])
    assert "只是事件" in signed_in(cast.duty).get(address).content.decode()
    rule = gauge.rules.get(kind="H")
    rule.guidance = {"action": "停止进料", "action_en": "Stop feeding", "minutes": 10}
    rule.save()
    page = signed_in(cast.duty).get(address).content.decode()
    assert "停止进料" in page and "只是事件" not in page and "10 分钟" in page


def test_shelving_asks_first_and_then_shelves(event, cast, signed_in):
    record([event("raised")])
    alarm, client = Alarm.objects.get(), signed_in(cast.duty)
    asked = client.post(reverse("alarms.shelve"), {"pk": alarm.pk, "next": "/alarms/"})
    assert asked.status_code == 200 and not Inhibition.objects.exists()
    given = {"pk": alarm.pk, "next": "/alarms/", "span": "1h", "reason": "maintenance", "words": "标定"}
    assert client.post(reverse("alarms.shelve"), {**given, "reason": ""}).status_code == 200
    assert not Inhibition.objects.exists()
    assert client.post(reverse("alarms.shelve"), given).status_code == 302
    assert Alarm.objects.get().state == "shelved"
    assert "标定" in client.get(reverse("alarm-shelf")).content.decode()


def test_what_one_does_not_see_one_cannot_shelve_by_its_number(event, cast, signed_in):
    record([event("raised")])
    client = signed_in(cast.neighbour_duty)
    client.post(reverse("alarms.shelve"), {"pk": Alarm.objects.get().pk, "span": "1h", "reason": "maintenance"})
    assert not Inhibition.objects.exists()


@pytest.mark.parametrize("name", ["alarms.groups", "alarms.month", "alarms.banner", "alarms.sounds", "sensor-health"])
def test_pages_answer_who_sees_alarms_and_refuse_who_does_not(event, cast, signed_in, name):
    record([event("raised")])
    assert signed_in(cast.duty).get(reverse(name)).status_code == 200
    assert signed_in(cast.stranger).get(reverse(name)).status_code == 403


def test_the_groups_lead_to_their_alarms_and_the_sounds_name_them_once(event, cast, signed_in):
    record([event("raised"), event("raised", "HH", 92.0)])
    client = signed_in(cast.duty)
    page = client.get(reverse("alarms.groups")).content.decode()
    assert page.count("data-row ") == 2 and "kind=HH" in page
    told = client.get(reverse("alarms.sounds")).json()
    assert told["waiting"] == {"1": 1, "3": 1} and len(told["groups"]) == 2


@pytest.mark.parametrize("trouble", TROUBLES)
def test_sensor_health_is_told_apart_by_what_is_wrong(event, cast, signed_in, trouble):
    record([event("raised", "SILENCE", None), event("raised")])
    page = signed_in(cast.duty).get(reverse("sensor-health"), {"trouble": trouble}).content.decode()
    assert page.count("data-row ") == (1 if trouble == "offline" else 0)


def test_programs_read_the_desk_in_the_words_of_part_9(event, cast, signed_in):
    record([event("raised"), event("raised", "HH", 92.0)])
    client = signed_in(cast.duty)
    first, second = client.get("/api/alarms/active").json()
    assert (first["level"], first["Severity"], first["AckedState"], first["ShelvingState"]) == (
        1,
        900,
        False,
        "Unshelved",
    )
    assert second["ActiveState"] is True
    shelve(cast.duty, [Alarm.objects.get(kind="H")], "fault", timezone.now() + timedelta(hours=1))
    assert [one["level"] for one in client.get("/api/alarms/active?limit=49").json()] == [1]
    assert client.get("/api/alarms/metrics").json()["SuppressedCount"] == 1
    assert signed_in(cast.neighbour_duty).get("/api/alarms/active").json() == []
    assert signed_in(cast.stranger).get("/api/alarms/active").status_code == 403


# --- a month made by hand ---------------------------------------------------------------------------------------------
def alarm_at(gauge, minutes: float, *, level=4, lasts=5.0, activations=1, chattered=False, shown=True) -> Alarm:
    raised = MARCH + timedelta(minutes=minutes)
    return Alarm(
        episode=uuid4(), point=gauge, device=gauge.device, rule=gauge.rules.get(kind="H").pk, kind="H", level=level,
        title="x", raised_at=raised, received_at=raised, activated_at=raised, minute=minute_of(raised),
        cleared_at=raised + timedelta(minutes=lasts), active=False, state="normal", rank=3, activations=activations,
        chattered=chattered, annunciated_at=raised if shown else None, region=gauge.device.region,
    )  # fmt: skip


def test_a_month_made_by_hand_is_reckoned_as_on_paper(gauge):
    hour = 60
    made = [alarm_at(gauge, 10 * hour + each / 2) for each in range(24)]  # a flood: 24 in the twelve minutes from 10:00
    made += [alarm_at(gauge, (24 + each) * hour, level=3) for each in range(10)]
    made += [alarm_at(gauge, 100 * hour, level=1, lasts=30 * hour)]  # stale: 24 hours, and six more
    made += [alarm_at(gauge, 200 * hour, lasts=0.1)]  # fleeting: six seconds
    made += [alarm_at(gauge, 300 * hour, activations=50, chattered=True)]
    made += [alarm_at(gauge, 301 * hour, shown=False)]  # held back: nobody was called
    made += [alarm_at(gauge, -5)]  # of February
    Alarm.objects.bulk_create(made)
    found = reckon(Alarm.objects.all(), Inhibition.objects.all(), FIRST, policy(FIRST), END + timedelta(days=9))
    value = {figure.name: figure.value for figure in found.figures}
    assert found.total == 37
    assert value["per_day"] == round(37 / 31, 2) and value["per_hour"] == round(37 / 744, 2)
    assert value["busy_10_minutes"] == round(100 * 1 / 4464, 2) and value["busy_hours"] == 0
    assert value["most_in_10_minutes"] == 20
    # above ten from the sixth minute on; the window falls below five in the twentieth: 14 minutes
    assert value["flood_time"] == round(100 * 14 / 44640, 2)
    assert (value["stale"], value["chattering"], value["fleeting"], value["standing"]) == (1, 1, 1, 0)
    assert value["top_ten_share"] == 100
    assert [share.count for share in found.mix] == [1, 0, 10, 26]
    assert found.too_much_red
    assert found.actors[0].count == 86 and len(found.actors) == 1
    assert sum(found.days) == 37 and found.days[0] == 24


def test_what_was_held_back_without_its_second_person_or_beyond_its_ceiling_is_counted(gauge, cast):
    given = {
        "device": gauge.device, "point": gauge, "region": gauge.device.region, "title": "x", "reason": "fault",
        "asked_by": cast.duty, "since": MARCH, "kind": "shelved",
    }  # fmt: skip
    Inhibition.objects.create(**given, rule=1, level=1, until=MARCH + timedelta(minutes=30), in_force=True)
    Inhibition.objects.create(**given, rule=2, level=4, until=MARCH + timedelta(days=40), in_force=True)
    Inhibition.objects.create(**given, rule=3, level=4, until=MARCH + timedelta(hours=1), in_force=True)
    found = reckon(Alarm.objects.all(), Inhibition.objects.all(), FIRST, policy(FIRST), END)
    value = {figure.name: figure.value for figure in found.figures}
    assert (value["unauthorised"], value["shelved"]) == (2, 3)


def test_an_empty_stretch_has_no_rates_and_a_flood_ends_only_below_its_end():
    by = policy(FIRST)
    assert set(rates(np.zeros(0, int), by).values()) == {0.0}
    assert flooded(np.array([0, 11, 7, 5, 4, 11]), 10, 5) == 4
