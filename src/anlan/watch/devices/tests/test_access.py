"""How a device shows who it is: its token, its identity and password in a protocol, the gateway that speaks for it."""

import pytest
from django.urls import reverse

from anlan.desk.audit.models import Entry
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from anlan.telemetry.book import secret_hash
from anlan.watch.devices.forms import DeviceForm
from anlan.watch.devices.identities import PROTOCOLS, knows_password, written
from anlan.watch.devices.models import Device, Stranger
from anlan.watch.devices.tokens import digest
from tests.cast import ENTERPRISE_A, TOWN
from tests.plant import NOON

STATION = "hj212:3604000A1B2C3D"


@pytest.fixture
def administrator(cast, signed_in):
    return signed_in(cast.system_administrator)


@pytest.fixture
def town(db) -> Region:
    return Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN)


@pytest.fixture
def gateway(town) -> Device:
    return Device.objects.create(code="GW-1", name="网关一", profile="series", is_gateway=True, region=TOWN)


def given(**changes) -> dict:
    plain = {"code": "M-1", "name": "水质站", "profile": "series", "status": "in_service", "region": TOWN}
    return plain | {"settings": "{}"} | changes


# --- the token ------------------------------------------------------------------------------------------------------
def test_a_new_token_is_asked_for_on_the_page_shown_on_the_answer_and_never_again(administrator, gauge):
    page = administrator.get(reverse("devices.item", args=[gauge.device_id])).content.decode()
    renewal = reverse("devices.renew-token", args=[gauge.device_id])
    assert renewal in page and "签发令牌" in page
    answer = administrator.post(renewal)
    token = answer.context["token"]
    gauge.device.refresh_from_db()
    assert gauge.device.token_digest == digest(token) and token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"] and not Entry.objects.filter(data__contains=token).exists()
    page = administrator.get(reverse("devices.item", args=[gauge.device_id])).content.decode()
    assert token not in page and "原来的令牌立刻失效" in page


@pytest.mark.parametrize("part, status", [("duty", 403), ("stranger", 404), ("neighbour_duty", 404)])
def test_only_who_may_change_the_device_is_offered_and_given_a_token(cast, signed_in, gauge, part, status):
    client = signed_in(getattr(cast, part))
    renewal = reverse("devices.renew-token", args=[gauge.device_id])
    assert renewal not in client.get(reverse("devices.item", args=[gauge.device_id])).content.decode()
    assert client.post(renewal).status_code == status
    assert Device.objects.get(pk=gauge.device_id).token_digest is None


def test_behind_a_gateway_no_token_is_offered_but_one_it_has_can_be_replaced(administrator, gateway, gauge):
    Device.objects.filter(pk=gauge.device_id).update(gateway=gateway)
    renewal = reverse("devices.renew-token", args=[gauge.device_id])
    item = reverse("devices.item", args=[gauge.device_id])
    assert renewal not in administrator.get(item).content.decode()
    assert administrator.post(renewal).url == item
    Device.objects.filter(pk=gauge.device_id).update(token_digest=digest("from before it was behind a gateway"))
    assert administrator.post(renewal).status_code == 200


# --- the identity ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed, kept",
    [
        (" jt808:013970010203", "jt808:13970010203"),
        ("GB26875: a1b2c3d4", "gb26875:0000A1B2C3D4"),
        (STATION, STATION),
        ("", ""),
    ],
)
def test_an_identity_is_kept_as_the_gateway_looks_for_it(typed, kept):
    assert written(typed) == kept


@pytest.mark.parametrize("typed", ["13970010203", "mqtt:abc", "jt808:ab12", "gb26875:xyz", "hj212:", "imei:12"])
def test_an_identity_nobody_could_be_known_by_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match=r"jt808|gb26875|hj212|imei"):
        written(typed)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_example_of_each_protocol_is_written_as_it_should_be(name):
    assert written(PROTOCOLS[name].example) == PROTOCOLS[name].example
    assert knows_password(PROTOCOLS[name].example) == PROTOCOLS[name].password


# --- the form -------------------------------------------------------------------------------------------------------
def test_the_form_sets_all_the_register_holds_of_how_a_device_is_heard(administrator, town, gateway):
    tank = Facility.objects.create(code="T-1", name="1号罐", kind="tank", region=TOWN, organisation=ENTERPRISE_A)
    answer = administrator.post(
        reverse("devices.new"),
        given(identity=STATION, secret="123456", facility=str(tank.pk), gateway__text="GW-1"),
    )
    device = Device.objects.get(code="M-1")
    assert answer.url == reverse("devices.item", args=[device.pk])
    assert (device.facility, device.gateway) == (tank, gateway)
    assert (device.identity, device.secret_digest) == (STATION, secret_hash(STATION, "123456"))
    assert not Entry.objects.filter(data__contains="123456").exists()
    page = administrator.get(reverse("devices.edit", args=[device.pk])).content.decode()
    assert "已设口令" in page and "123456" not in page and device.secret_digest not in page


@pytest.fixture
def station(town) -> Device:
    return Device.objects.create(
        code="M-1", name="水质站", profile="series", region=TOWN, identity=STATION, secret_digest="f" * 64
    )


def changed(cast, device, **changes) -> DeviceForm:
    form = DeviceForm(given(**changes), instance=device, user=cast.system_administrator)
    if form.is_valid():
        form.device()
    return form


def test_a_password_stays_unless_another_is_given_or_it_is_to_be_forgotten(cast, station):
    assert changed(cast, station, identity=STATION).instance.secret_digest == "f" * 64
    assert changed(cast, station, identity=STATION, forget_secret="on").instance.secret_digest == ""
    again = changed(cast, station, identity=STATION, secret="abc").instance
    assert again.secret_digest == secret_hash(STATION, "abc")
    assert changed(cast, station, identity="").instance.secret_digest == ""


@pytest.mark.parametrize(
    "changes, field, words",
    [
        ({"identity": "hj212:other"}, "secret", "重新填写"),
        ({"identity": "", "secret": "abc"}, "secret", "先填协议标识"),
        ({"identity": "gb26875:1", "secret": "abc"}, "secret", "没有口令"),
        ({"identity": "station 7"}, "identity", "协议"),
        ({"gateway": "GW-404"}, "gateway", "没有这台网关"),
        ({"gateway": "GW-1", "is_gateway": "on"}, "gateway", "不在别的网关之后"),
        ({"gateway": "GW-1", "name": "孩子"}, "name", "C-1"),
        ({"facility": "没有的罐"}, "facility", "没有这个设施"),
        ({"region": "没有的镇"}, "region", "没有"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(cast, station, gateway, changes, field, words):
    Device.objects.create(code="C-1", name="孩子", profile="series", region=TOWN, gateway=gateway)
    assert words in str(changed(cast, station, **({"identity": STATION} | changes)).errors[field])


def test_a_gateway_with_devices_behind_it_stays_one(cast, station, gateway):
    Device.objects.filter(pk=station.pk).update(gateway=gateway)
    form = DeviceForm(given(code="GW-1", name="网关一"), instance=gateway, user=cast.system_administrator)
    assert "由它代报" in str(form.errors["is_gateway"])


def test_a_device_is_put_neither_behind_itself_nor_behind_what_is_no_gateway(cast, station, gateway, gauge):
    for other in (station, gauge.device):
        assert "gateway" in changed(cast, station, identity=STATION, gateway=str(other.pk)).errors


# --- the stranger ---------------------------------------------------------------------------------------------------
def test_the_page_that_admits_a_stranger_says_so(administrator, db):
    stranger = Stranger.objects.create(
        identity="jt808:1", protocol="jt808", name="赣B12345", first_at=NOON, last_at=NOON
    )
    page = administrator.get(reverse("strangers.edit", args=[stranger.pk])).content.decode()
    assert "准入设备：赣B12345" in page and "修改" not in page.split("<main")[1]
    assert ">准入设备</a>" in administrator.get(reverse("strangers.item", args=[stranger.pk])).content.decode()


def test_the_page_of_an_admitted_stranger_says_as_what_by_whom_and_when_and_offers_nothing_more(
    cast, administrator, station
):
    stranger = Stranger.objects.create(
        identity="hj212:88888880000001",
        protocol="hj212",
        name="站",
        first_at=NOON,
        last_at=NOON,
        status=Stranger.Status.ADMITTED,
        device=station,
        decided_by=cast.system_administrator,
        decided_at=NOON,
    )
    page = administrator.get(reverse("strangers.item", args=[stranger.pk])).content.decode().split("<main")[1]
    assert "已准入" in page and cast.system_administrator.name in page
    assert reverse("devices.item", args=[station.pk]) in page
    edit = reverse("strangers.edit", args=[stranger.pk])
    assert edit not in page and "准入网关下的设备" not in page and ">拒绝</button>" not in page
    assert administrator.get(edit).status_code == 403


def test_a_stranger_who_was_refused_may_still_be_admitted_but_not_refused_again(administrator, gateway):
    waiting = Stranger.objects.create(
        identity=f"child:{gateway.pk}/a", protocol="mqtt", gateway=gateway, first_at=NOON, last_at=NOON
    )
    address = reverse("strangers.item", args=[waiting.pk])
    page = administrator.get(address).content.decode()
    assert "准入网关下的设备" in page and ">拒绝</button>" in page
    Stranger.objects.update(status=Stranger.Status.REFUSED)
    page = administrator.get(address).content.decode()
    assert "准入网关下的设备" in page and ">拒绝</button>" not in page
