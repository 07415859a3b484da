"""What the gateway tells of itself becomes rows: unreadable messages, comings and goings."""

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from anlan.desk.access.standing import Refused
from anlan.telemetry.deadletters import DeadLetter as Letter
from anlan.watch.devices.actions import discard
from anlan.watch.devices.gates import dead_letters
from anlan.watch.devices.letters import keep, retry, shown
from anlan.watch.devices.models import DeadLetter, Device
from anlan.watch.devices.presence import Presence


def letter(device=None, payload=b'{"level": NaN') -> Letter:
    return Letter(
        "unreadable", "not JSON", device, "10.0.0.9", "v1/devices/me/telemetry", 1_700_000_000_000_000, payload
    )


def test_a_letter_is_kept_once_with_its_bytes_and_device(gauge):
    keep([(1, letter(gauge.device_id)), (2, letter(999_999))])
    keep([(1, letter(gauge.device_id))])
    first, second = DeadLetter.objects.order_by("sequence")
    assert (first.device, bytes(first.payload), second.device) == (gauge.device, b'{"level": NaN', None)


@pytest.mark.parametrize("part", ["duty", "manager", "security_administrator", "audit_administrator", "stranger"])
def test_only_who_operates_the_platform_sees_and_treats_letters(cast, gauge, part):
    keep([(1, letter())])
    user = getattr(cast, part)
    assert not dead_letters(user).exists()
    for act in (retry, discard):
        with pytest.raises(Refused):
            act(user, list(DeadLetter.objects.all()))


def test_discarding_marks_and_keeps(cast, gauge):
    keep([(1, letter())])
    assert discard(cast.system_administrator, list(DeadLetter.objects.all())) == 1
    assert DeadLetter.objects.get().outcome == "discarded"


@override_settings(NATS_URL="nats://127.0.0.1:9")
def test_a_retry_without_gateway_says_so_and_loses_nothing(cast, gauge, monkeypatch):
    keep([(1, letter())])
    monkeypatch.setattr("anlan.watch.devices.letters.WAIT", 0.5)
    with pytest.raises(ValidationError, match="没有丢失"):
        retry(cast.system_administrator, list(DeadLetter.objects.all()))
    assert DeadLetter.objects.get().outcome == "kept"


def test_bytes_that_are_no_text_are_shown_in_hexadecimal():
    assert shown(DeadLetter(payload=b"\xff\x00A")) == "ff 00 41"
    assert shown(DeadLetter(payload="液位".encode())) == "液位"


def page(device, state, seen=1_700_000_000_000_000):
    return {"device": np.array([device]), "state": np.array([state]), "seen": np.array([seen])}


def test_coming_and_going_is_written_without_counting_as_a_change_of_the_register(gauge):
    before = Device.objects.get().changed_at
    presence = Presence()
    presence.take(page(gauge.device_id, 1))
    presence.write()
    device = Device.objects.get()
    assert (device.online, device.changed_at) == (True, before)
    assert device.seen_at.year == 2023
    presence.take(page(gauge.device_id, 0))
    presence.write()
    assert Device.objects.get().online is False


def test_the_history_of_a_point_is_closed_to_others_and_refuses_nonsense(cast, gauge, client):
    address = f"/points/{gauge.pk}/history"
    for part, status in (("other_manager", 404), ("stranger", 404), ("manager", 400)):
        client.force_login(getattr(cast, part), backend="anlan.desk.access.backend.PasswordBackend")
        assert client.get(address, {"start": 5, "end": 1, "rows": 10}).status_code == status
    for wrong in (
        {},
        {"start": "x", "end": 1, "rows": 1},
        {"start": 0, "end": 10**15, "rows": 10},
        {"start": 0, "end": 9, "rows": 10**9},
    ):
        assert client.get(address, wrong).status_code == 400
