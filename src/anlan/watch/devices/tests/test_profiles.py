"""What a device gets from its profile, and what stays there."""

from anlan.watch.devices import profiles
from anlan.watch.devices.models import Device, Rule


def test_a_rule_says_what_its_profile_says_until_somebody_writes_other_words(db):
    device = Device.objects.create(code="NH3-1", name="氨气探测器", profile="ammonia_gas", organisation="A", region="1")
    profiles.fit(device)
    rule = Rule.objects.get(point__device=device, kind="H")
    assert rule.guidance == {}
    assert profiles.guidance_of(rule)["minutes"] == 5
    rule.guidance = {"action": "先关阀"}
    assert profiles.guidance_of(rule) == {"action": "先关阀"}
    silence = Rule.objects.get(point__device=device, kind="SILENCE")
    assert profiles.guidance_of(silence) == {}
