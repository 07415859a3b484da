"""Who is not registered: seen, admitted or refused; what he had sent is read afterwards; floods fill nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.telemetry.book import secret_hash
from anlan.telemetry.gateway.quarantine import Stranger as Told
from anlan.telemetry.gateway.quarantine import of_token
from anlan.watch.devices import quarantine
from anlan.watch.devices.forms import AdmitForm
from anlan.watch.devices.gates import strangers
from anlan.watch.devices.models import Device, KeptMessage, Stranger
from anlan.watch.devices.quarantine import Terms, admit, admit_children, keep, refuse, settle, to_give
from tests.cast import ENTERPRISE_A, TOWN

AT = 1_767_576_600_000_000
TRUCK = Told("jt808:013800138000", "10.1.2.3:4000", "jt808", AT, b"\x7e\x02\x00", 3, "赣B12345")
NEW = Terms("V-1", "槽车", "series", TOWN, ENTERPRISE_A)


def later(one: Told, seconds: int, **changes) -> Told:
    return replace(one, received=AT + seconds * 1_000_000, **changes)


@pytest.fixture
def truck(db) -> Stranger:
    keep([TRUCK])
    return Stranger.objects.get()


@pytest.fixture
def gateway(db) -> Device:
    place = {"region": TOWN, "organisation": ENTERPRISE_A}
    return Device.objects.create(code="GW-1", name="网关", profile="series", is_gateway=True, **place)


def child(gateway: Device, name="Gauge 乙", payload=b'{"Gauge \xe4\xb9\x99":[{"level":40}]}') -> Told:
    return Told(f"child:{gateway.pk}/{name}", "10.1.2.4:1", "v1/gateway/telemetry", AT, payload, 1, name)


def test_a_stranger_is_one_row_however_often_he_speaks(truck):
    keep([TRUCK])
    keep([later(TRUCK, 60, count=5, address="10.1.2.9:1")])
    truck.refresh_from_db()
    assert (truck.count, truck.address, truck.name, truck.protocol) == (8, "10.1.2.9:1", "赣B12345", "jt808")
    assert truck.last_at - truck.first_at == timedelta(minutes=1) and truck.messages.count() == 2


def test_of_one_stranger_only_the_newest_messages_stay(truck):
    keep([later(TRUCK, n, payload=b"x" * 1000) for n in range(1, 60)])
    kept = list(truck.messages.order_by("received_at").values_list("received_at", flat=True))
    assert len(kept) == quarantine.MOST_MESSAGES and kept[-1] == datetime.fromtimestamp(AT / 1e6 + 59, UTC)
    keep([later(TRUCK, 100 + n, payload=b"x" * 60_000) for n in range(3)])
    assert truck.messages.count() == 1


def test_a_flood_of_strangers_fills_nothing(truck, monkeypatch):
    monkeypatch.setattr(quarantine, "MOST_WAITING", 10)
    keep([later(TRUCK, n, identity=f"jt808:{n}") for n in range(1, 60)])
    assert Stranger.objects.count() == 10 and not Stranger.objects.filter(pk=truck.pk).exists()
    assert KeptMessage.objects.count() == 10


@pytest.mark.parametrize(
    "part", ["duty", "manager", "leader", "security_administrator", "audit_administrator", "stranger"]
)
def test_only_who_operates_the_platform_sees_admits_and_refuses(cast, truck, part):
    user = getattr(cast, part)
    assert not strangers(user).exists()
    with pytest.raises(Refused):
        admit(user, truck, NEW)
    with pytest.raises(Refused):
        refuse(user, [truck])


def test_admitted_he_is_a_device_with_the_points_of_its_kind(cast, truck):
    admit(cast.system_administrator, truck, replace(NEW, profile="combustible_gas", secret="123456"))
    device = Device.objects.get(code="V-1")
    assert (device.identity, device.secret_digest) == (TRUCK.identity, secret_hash(TRUCK.identity, "123456"))
    assert device.points.exists() and Stranger.objects.get().device == device
    assert Stranger.objects.get().decided_by == cast.system_administrator
    entry = Entry.objects.filter(action="devices.admit").get()
    assert TRUCK.identity in entry.data and "123456" not in entry.data
    with pytest.raises(ValidationError, match="已经准入"):
        admit(cast.system_administrator, truck, NEW)


def test_a_registered_device_is_given_the_identity_and_stays_what_it_is(cast, truck, gauge):
    admit(cast.system_administrator, truck, Terms("LT-101"))
    gauge.device.refresh_from_db()
    assert (gauge.device.identity, gauge.device.name) == (TRUCK.identity, "1号储罐液位计")


def test_one_identity_is_of_one_device(cast, truck, gauge):
    Device.objects.filter(pk=gauge.device_id).update(identity=TRUCK.identity)
    with pytest.raises(ValidationError, match="LT-101"):
        admit(cast.system_administrator, truck, NEW)
    assert Stranger.objects.get().status == "waiting"


def test_the_bearer_of_a_token_is_admitted_with_it_unless_it_could_be_guessed(cast, db):
    for token in ("abcdefghijklmnop", "short"):
        identity, weak = of_token(token)
        keep([Told(identity, "10.0.0.1:1", "mqtt", AT, b"", 1, "", weak)])
    good, weak = Stranger.objects.order_by("weak")
    assert good.name.startswith("令牌指纹") and not good.messages.exists()
    admit(cast.system_administrator, good, NEW)
    assert "token:" + Device.objects.get().token_digest == of_token("abcdefghijklmnop")[0]
    with pytest.raises(ValidationError, match="太短"):
        admit(cast.system_administrator, weak, replace(NEW, code="V-2"))


def test_children_of_a_gateway_are_admitted_together_as_what_their_keys_say(cast, gateway):
    keep([child(gateway), child(gateway, "Gauge 丙", b'{"Gauge \xe4\xb8\x99":{"level":3}}')])
    assert admit_children(cast.system_administrator, list(Stranger.objects.all())) == 2
    device = Device.objects.get(name="Gauge 乙")
    assert (device.gateway, device.code, device.organisation) == (gateway, "GW-1-Gauge 乙", ENTERPRISE_A)
    assert device.points.filter(key="level").exists()


def test_who_is_behind_no_gateway_or_of_no_known_kind_needs_a_person(cast, truck, gateway):
    with pytest.raises(ValidationError, match="不在网关之后"):
        admit_children(cast.system_administrator, [truck])
    keep([child(gateway, "X", b'{"X":{"nobody-knows":3}}')])
    with pytest.raises(ValidationError, match="哪一类"):
        admit_children(cast.system_administrator, [Stranger.objects.get(name="X")])


def test_the_form_of_a_new_device_demands_what_it_needs_and_of_a_registered_one_does_not(cast, truck, gauge):
    form = AdmitForm({"code": "V-9"}, instance=truck, user=cast.system_administrator)
    assert set(form.errors) == {"name", "profile", "region"}
    assert AdmitForm({"code": "LT-101"}, instance=truck, user=cast.system_administrator).is_valid()


def test_refused_he_is_counted_and_nothing_of_him_is_kept(cast, truck):
    assert refuse(cast.system_administrator, [truck]) == 1
    keep([later(TRUCK, 5)])
    truck.refresh_from_db()
    assert (truck.status, truck.count, truck.messages.count()) == ("refused", 6, 0)


# --- what was kept ------------------------------------------------------------------------------------------------
def test_only_messages_of_the_admitted_are_given_to_the_gateway(cast, truck):
    assert to_give() == []
    admit(cast.system_administrator, truck, NEW)
    assert [bytes(one.payload) for one in to_give()] == [TRUCK.payload]


@pytest.mark.parametrize(
    "answer, minutes, outcome",
    [
        ({"accepted": 1, "refused": []}, 0, "taken"),
        ({"error": "the device is not registered", "accepted": 0, "refused": []}, 0, "kept"),
        ({"error": "the device is not registered", "accepted": 0, "refused": []}, 11, "refused"),
        ({"error": "not JSON", "accepted": 0, "refused": []}, 0, "refused"),
    ],
)
def test_a_message_waits_until_the_gateway_knows_the_device(cast, truck, answer, minutes, outcome):
    admit(cast.system_administrator, truck, NEW)
    messages = to_give()
    settle(messages, [answer], messages[0].stranger.decided_at + timedelta(minutes=minutes))
    assert KeptMessage.objects.get().outcome == outcome


@pytest.mark.parametrize("path", ["/strangers/", "/strangers/{pk}/", "/strangers/{pk}/edit/"])
def test_the_pages_are_for_the_administrator(cast, truck, client, path):
    for part, status in (("system_administrator", 200), ("duty", 403)):
        client.force_login(getattr(cast, part), backend="anlan.desk.access.backend.PasswordBackend")
        assert client.get(path.format(pk=truck.pk)).status_code == status
