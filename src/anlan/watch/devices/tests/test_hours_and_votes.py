"""Rules that hold at certain hours and points made of points: from the pack and the register to the alarm."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import yaml
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import connection

from anlan import packs
from anlan.columns import page
from anlan.columns.readings import readings
from anlan.telemetry import book, declared, publish, settings, streams
from anlan.telemetry.archive.history import History
from anlan.telemetry.archive.writer import Store
from anlan.telemetry.tests.conftest import Pipeline
from anlan.telemetry.tests.conftest import pipeline as pipeline
from anlan.telemetry.tests.test_clients import messages, until
from anlan.telemetry.tests.test_survival import alarms
from anlan.watch.devices import consumers, past, profiles, published
from anlan.watch.devices.models import Device, Point, Rule
from anlan.watch.devices.tokens import digest
from tests.cast import ENTERPRISE_A, TOWN

DATA = {"source": "ours", "status": "configured"}


def fitted(profile: str) -> Device:
    device = Device.objects.create(
        code="D-1", name="设备", profile=profile, region=TOWN, organisation=ENTERPRISE_A, token_digest=digest("T")
    )
    profiles.fit(device)
    return device


@pytest.fixture
def trip(db) -> Device:
    return fitted("reactor_trip")


@pytest.fixture
def station(db) -> Device:
    return fitted("site_dust")


@pytest.fixture
def ours(tmp_path, monkeypatch):
    """Calendars of one's own, by the days of the week on which each is open: as many times as one likes."""
    (tmp_path / "pack.yaml").write_text("name: ours\ntitle: 本县\ntitle_en: Ours\nversion: '1'\nabout: x\n")
    monkeypatch.setenv("ANLAN_PACKS", str(tmp_path))

    def write(**weekdays) -> None:
        entries = {code: {"title": code, "title_en": code, "weekdays": days} | DATA for code, days in weekdays.items()}
        (tmp_path / "calendars.yaml").write_text(yaml.safe_dump(entries))
        _forget()

    yield write
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    packs.section.cache_clear()
    declared.calendars.cache_clear()


# --- calendars --------------------------------------------------------------------------------------------------------
def test_the_limits_of_day_and_night_stand_beside_each_other_and_are_told_with_their_hours(station):
    found = {one.calendar: one.limit for one in published.rules() if one.of == "MEAN" and one.calendar}
    hours = declared.calendars()
    assert found == {hours["noise_day"].id: 70, hours["noise_night"].id: 55}
    assert {hours["noise_day"], hours["noise_night"]} <= set(published.beside(None, 1).calendars)


def test_only_one_rule_of_a_kind_has_the_same_calendar_and_none_has_one_that_no_pack_has(station):
    night = Rule.objects.get(calendar="noise_night")
    twin = Rule.objects.get(pk=night.pk)
    twin.pk = None
    with pytest.raises(ValidationError):
        twin.full_clean()
    night.calendar = "nothing_such"
    with pytest.raises(ValidationError):
        night.full_clean()


def test_a_rule_whose_calendar_has_gone_is_in_force_always_rather_than_never(station, caplog):
    Rule.objects.filter(calendar="noise_night").update(calendar="gone")
    (told,) = [one for one in published.rules() if one.limit == 55]
    assert told.calendar is None and "'gone'" in caplog.text


def test_the_register_is_told_anew_when_a_calendar_becomes_another(db, ours):
    ours(market=[6])
    before = published.state()
    ours(market=[6, 7])
    after = published.state()
    assert before.split(" ")[:2] == after.split(" ")[:2] and before != after


def test_the_operator_is_told_what_the_profile_says_of_the_rule_of_that_calendar(trip):
    rule = Rule.objects.get(point__key="votes")
    assert profiles.guidance_of(rule)["minutes"] == 5
    rule.calendar = "noise_night"
    assert profiles.guidance_of(rule) == {}


def test_the_page_of_a_rule_says_when_it_is_in_force(station, cast, signed_in):
    page = signed_in(cast.manager).get(f"/rules/{Rule.objects.get(calendar='noise_night').pk}/").content.decode()
    assert "生效时段" in page and "夜间（22时至次日6时）" in page


# --- computed points --------------------------------------------------------------------------------------------------
def ids(device: Device) -> dict[str, int]:
    return dict(device.points.values_list("key", "pk"))


def test_the_votes_are_told_to_the_rules_and_are_nothing_the_device_may_send(trip):
    points = ids(trip)
    (told,) = published.devices(published.heard())
    assert [point.key for point in told.points] == ["t1", "t2", "t3"]
    votes, measuring = published.beside(book.rule_page(points["votes"]), 4).computed
    members = tuple(points[key] for key in ("t1", "t2", "t3"))
    assert (votes.point, votes.how, votes.members, votes.limit) == (points["votes"], "COUNT", members, 110)
    assert (measuring.point, measuring.how, measuring.fresh) == (points["measuring"], "HEARD", 30)
    assert published.beside(book.rule_page(points["votes"]) + 1, 4).computed == ()
    assert profiles.all_profiles()["reactor_trip"].reported == {"t1", "t2", "t3"}


def test_the_votes_have_a_curve_though_nothing_of_them_is_archived(trip, cast, signed_in, tmp_path, monkeypatch):
    given = settings.load({"ANLAN_HOME": str(tmp_path)})
    monkeypatch.setattr(past, "_archive", lambda: History(given))
    one, _measuring = published.computed(Point.objects.filter(device=trip))
    store = Store(given, "test")
    for second, member in enumerate(one.members[:2]):
        store.write(readings([member], [(1_767_576_600 + second) * 1_000_000], [one.limit], [0]), second + 1)
    client = signed_in(cast.manager)
    query = "start=1767576000000&end=1767577000000&rows=100"
    for address in (f"/points/{one.point}/history?{query}", f"/boards/series?points={one.point}&{query}"):
        columns, _ = page.unpack(client.get(address).content)
        assert columns["mean"].tolist() == [1.0, 2.0], address
    assert f"/boards/points/{one.point}/" in client.get(f"/devices/{trip.pk}/").content.decode()


def test_points_whose_numbers_would_run_over_the_edge_of_a_page_get_others(db):
    other = Device.objects.create(code="D-0", name="别的", profile="series", region=TOWN)
    edge = (Point.objects.create(device=other, key="before", title="x").pk // 4096 + 1) * 4096
    Point.objects.create(pk=edge - 3, device=other, key="at-edge", title="x")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Point]):
            cursor.execute(statement)
    points = ids(fitted("reactor_trip"))
    assert len(points) == 5 and {pk >> 12 for pk in points.values()} == {edge >> 12}


def test_what_cannot_be_made_is_left_out_and_named(trip, caplog):
    votes = Point.objects.get(key="votes")
    last = Point.objects.get(key="t3")
    Point.objects.filter(pk=last.pk).update(id=last.pk + 4096)
    assert [one.how for one in published.beside(None, 1).computed] == ["COUNT", "HEARD"]
    assert published.beside(None, 2).computed == () and "votes of device D-1 is left out" in caplog.text
    Point.objects.filter(pk=votes.pk).update(computed=votes.computed | {"of": ["t1", "t9"]})
    assert [one.how for one in published.beside(None, 1).computed] == ["HEARD"]
    assert "votes of device D-1 cannot be made: 't9'" in caplog.text


@pytest.mark.pipeline
@pytest.mark.django_db(transaction=True)
def test_votes_and_hours_make_alarms_of_what_a_device_sends(trip, ours, pipeline: Pipeline):
    """A calendar that is open and one that is shut, a pack that changes its mind, and two votes of three."""
    today = datetime.now(UTC) + timedelta(hours=8)
    about = sorted({(today + timedelta(days=n)).isoweekday() for n in (-1, 0, 1)})
    rest = sorted(set(range(1, 8)) - set(about))
    ours(first=about, second=rest)
    points = ids(trip)
    first, second = (
        Rule.objects.create(point_id=points["t1"], kind="H", limit=110, level=3, calendar=code).pk
        for code in ("first", "second")
    )
    votes = Rule.objects.get(point=points["votes"]).pk
    publish.run(pipeline.url, consumers._publish_all)
    pipeline.start("rules", "rules", "--shard", "0", wait=False)
    pipeline.start("gateway", "gateway")
    pipeline.health("rules-0", 40)

    assert _send(pipeline, t1=120, t2=80, t3=80).status_code == 200
    until(lambda: _heard(pipeline) == [("raised", first)])
    assert _send(pipeline, t2=118).status_code == 200
    until(lambda: _heard(pipeline) == [("raised", first), ("raised", votes)])
    _send(pipeline, votes=0)
    assert [one.subject for one in messages(pipeline, streams.DEADLETTERS)] == ["deadletters.unknown-key"]

    before = published.state()
    ours(first=rest, second=about)
    after = published.state()
    publish.run(pipeline.url, lambda client: consumers._publish_changes(client, before, after))
    until(lambda: ("cleared", first) in _heard(pipeline))
    _send(pipeline, t1=121)
    until(lambda: ("raised", second) in _heard(pipeline))
    assert ("cleared", votes) not in _heard(pipeline)


def _send(pipeline: Pipeline, **values) -> httpx.Response:
    return httpx.post(f"http://127.0.0.1:{pipeline.settings.http_port}/api/v1/T/telemetry", json=values)


def _heard(pipeline: Pipeline) -> list[tuple[str, int]]:
    return [(one["transition"], one["rule"]) for one in alarms(pipeline)]
