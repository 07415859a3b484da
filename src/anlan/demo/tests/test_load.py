"""The district in the registers: whole, marked, once; secrets only for their owner."""

import json
from dataclasses import replace

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.urls import reverse

from anlan.demo import accounts, lists, load, tokens, views
from anlan.demo.divisions import DISTRICT_CODE
from anlan.desk.access.models import User
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import may
from anlan.desk.audit.chain import verify
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.facilities.models import Facility
from anlan.know.organisations.models import Organisation, Person
from anlan.know.places.models import Boundary, Region
from anlan.watch.devices.models import Device, Point, Rule
from anlan.watch.devices.tokens import digest


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    settings.BASEMAP = tmp_path / "map" / "base.pmtiles"
    settings.ROADS = tmp_path / "map" / "roads.tar"
    return tmp_path


@pytest.fixture(scope="module")
def small(district):
    """The same district with every regulated enterprise and a few grids of smoke detectors: the form, not the mass."""
    tingkou = [device.code for device in district.devices if device.is_gateway and device.code.startswith("S101")]
    grids = {*tingkou[:2], next(device.code for device in district.devices if device.code.startswith("S001"))}

    def kept(device):
        if device.profile == "smoke_detector":
            return device.gateway in grids
        return device.code in grids or (not device.code.startswith("S0") and not device.code.startswith("S1"))

    return replace(
        district,
        enterprises=tuple(one for n, one in enumerate(district.enterprises) if one.categories or n % 20 == 0),
        devices=tuple(device for device in district.devices if kept(device)),
    )


@pytest.fixture(scope="module")
def put(django_db_setup, django_db_blocker, small):
    """The district in the database, put there once: each test works within a transaction of its own upon it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load.put(small)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(put, db, home, small):
    return small


def test_the_registers_hold_the_whole_district_and_all_of_it_is_marked_synthetic(loaded):
    assert Region.objects.count() == len(loaded.place.parts.regions) == Boundary.objects.count()
    assert Enterprise.objects.count() == len(loaded.enterprises)
    # Places of refuge come with the slopes whose people they take in.
    assert Facility.objects.exclude(kind="shelter").count() == len(loaded.facilities)
    assert Organisation.objects.count() == len(loaded.hand.bodies)
    assert Person.objects.count() == len(loaded.hand.staff) + len(loaded.enterprise_staff)
    assert Device.objects.count() == len(loaded.devices)
    for model in (Region, Enterprise, Facility, Organisation, Person, Device):
        assert not model.objects.filter(synthetic=False).exists()
    for model in (Enterprise, Facility, Organisation, Device):
        assert not model.objects.filter(cell=None).exists()
    assert not list(verify())

    root = Region.objects.get(code=DISTRICT_CODE)
    assert root.kind == Region.Kind.ZONE
    assert root.area_km2 == pytest.approx(310, rel=0.01)
    assert RegulatedAs.objects.filter(code="fire_key_unit").count() == 196
    assert Enterprise.objects.filter(supervisors=None).count() == 0
    assert Facility.objects.filter(kind="tank", parent__kind="tank_farm").count() == 81


def test_devices_get_the_points_and_rules_of_their_profile_with_their_sources(loaded):
    tank = Device.objects.filter(profile="tank_level").first()
    point = tank.points.get()
    assert (point.key, point.unit, point.low, point.high) == ("level", "%", 0, 100)
    assert set(point.rules.values_list("kind", flat=True)) == {"LL", "L", "H", "HH", "SILENCE"}
    assert not Rule.objects.filter(source="").exists()
    assert tank.gateway.is_gateway and tank.facility.kind == "tank"
    assert Rule.objects.values("point__device").distinct().count() == Device.objects.count()
    reservoir = Device.objects.filter(profile="reservoir_level", facility__kind="reservoir").first()
    assert reservoir.points.get().rules.get(kind="H").limit == reservoir.facility.attributes["flood_limit_level_m"]
    votes = Point.objects.filter(device__profile="reactor_trip", key="votes").first()
    assert votes.computed["of"] == ["t1", "t2", "t3"] and votes.rules.get().limit == 2


def test_loading_again_changes_nothing_and_a_real_region_is_never_overwritten(loaded, home, monkeypatch):
    monkeypatch.setattr(load, "_start_map", lambda seed: None)
    monkeypatch.setattr(load, "generate", lambda seed: pytest.fail("generated a second time"))
    load.load(3)
    before = (tokens.path().read_text(), accounts.path().read_text())
    load.load(3)
    assert (tokens.path().read_text(), accounts.path().read_text()) == before
    with pytest.raises(load.NotLoaded, match="seed 4"):
        load.load(4)
    Region.objects.filter(code=DISTRICT_CODE).update(source="民政部", synthetic=False)
    with pytest.raises(load.NotLoaded, match="民政部"):
        load.load(3)
    assert load.command(3) == 1


def test_tokens_are_in_a_file_for_its_owner_alone_and_only_digests_in_the_database(loaded, home):
    assert tokens.renew_if_missing(3)
    assert tokens.path().stat().st_mode & 0o777 == 0o600
    said = json.loads(tokens.path().read_text())
    all_tokens = [one["token"] for one in said["gateways"] + said["alone"]]
    assert len(set(all_tokens)) == len(all_tokens) == Device.objects.filter(gateway=None).count()
    assert Device.objects.get(code=said["gateways"][0]["code"]).token_digest == digest(said["gateways"][0]["token"])
    assert not Device.objects.exclude(gateway=None).exclude(token_digest=None).exists()
    codes = {one["code"] for one in said["gateways"]}
    assert set(said["stage"].values()) <= codes and set(said["stage"]) == {"plant", "cold", "petrol", "grid"}
    assert not tokens.renew_if_missing(3)
    tokens.path().write_text("{}")
    assert tokens.renew_if_missing(3)


def test_every_account_opens_with_its_password_and_stands_where_it_should(loaded, home, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    assert accounts.open_if_missing(3)
    assert accounts.path().stat().st_mode & 0o777 == 0o600
    said = json.loads(accounts.path().read_text())["accounts"]
    assert len(said) == len(accounts.PARTS) >= 12
    for one in said:
        user = User.objects.get(username=one["username"])
        assert check_password(one["password"], user.password)
        assert not user.must_change_password
        assert all(one["role"].values()) and all(one["try"].values())
    assert len({one["password"] for one in said}) == len(said)

    plant = Enterprise.objects.get(categories__code="key_process")
    players = {user.username: user for user in User.objects.filter(person__synthetic=True)}
    assert may(players["safety"], "warnings.feedback", region=plant.region, organisation=plant.code)
    assert not may(players["safety2"], "warnings.see", region=plant.region, organisation=plant.code)
    assert may(players["town"], "warnings.see", region=plant.region)
    assert not may(players["town2"], "warnings.see", region=plant.region)
    assert may(players["duty"], "warnings.confirm", region=plant.region)
    assert {part.role for part in accounts.PARTS} == set(all_roles())

    accounts.path().unlink()
    assert accounts.open_if_missing(3)
    again = json.loads(accounts.path().read_text())["accounts"]
    assert again[0]["password"] != said[0]["password"]
    assert User.objects.count() == len(said)


@pytest.fixture
def stage(home, monkeypatch, settings):
    """A home with a demo district, and a simulator that answers from here."""
    (home / "demo-accounts.json").write_text("{}")
    monkeypatch.setattr(views, "LOADED", home / "demo-accounts.json")
    running = {}

    def asked(what, name=""):
        if what == "start":
            running[name] = 1.0
        if what == "stop":
            running.pop(name, None)
        return {"running": dict(running)}

    monkeypatch.setattr(views, "_asked", asked)
    return running


def test_the_duty_officer_starts_and_stops_a_scenario_by_button(cast, signed_in, stage):
    client = signed_in(cast.duty)
    page = client.get(reverse("scenarios")).content.decode()
    assert "储罐冒顶" in page and "启动" in page
    client.post(reverse("scenarios.play"), {"name": "tank-overfill", "do": "start"})
    assert stage == {"tank-overfill": 1.0}
    assert "停止" in client.get(reverse("scenarios")).content.decode()
    client.post(reverse("scenarios.play"), {"name": "tank-overfill", "do": "stop"})
    assert stage == {}


def test_nobody_without_the_right_plays_and_nothing_is_there_without_a_demo_district(cast, signed_in, stage, tmp_path):
    client = signed_in(cast.manager)
    assert client.get(reverse("scenarios")).status_code == 403
    assert client.post(reverse("scenarios.play"), {"name": "smoke", "do": "start"}).status_code == 403
    assert stage == {}
    client = signed_in(cast.duty)
    assert client.post(reverse("scenarios.play"), {"name": "no-such", "do": "start"}).status_code == 404
    assert client.get(reverse("scenarios.play")).status_code == 405
    (tmp_path / "demo-accounts.json").unlink()
    assert client.get(reverse("scenarios")).status_code == 404


def test_a_simulator_that_does_not_answer_is_said_and_the_buttons_are_off(cast, signed_in, stage, monkeypatch):
    monkeypatch.setattr(views, "_asked", lambda what, name="": {"error": "没有应答"})
    page = signed_in(cast.duty).get(reverse("scenarios")).content.decode()
    assert "disabled" in page
    assert lists.PERMISSION == "demo.play"
