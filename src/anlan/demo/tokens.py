"""What the simulator must know: who reports with which token. Kept in a file that only its owner may read."""

import json
import os
import zlib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from anlan.know.enterprises.models import RegulatedAs
from anlan.watch.devices.models import Device
from anlan.watch.devices.tokens import digest, new_token

NAME = "demo-devices.json"


def path() -> Path:
    return Path(settings.HOME) / NAME


def number_of(code: str) -> int:
    """The number that a device's signals are drawn from."""
    return zlib.crc32(code.encode())


def renew_if_missing(seed: int) -> bool:
    """New tokens for every demo device that reports by itself, when the file is missing or no longer fits the database.
    Answers whether it wrote."""
    if _fits():
        return False
    own = list(Device.objects.filter(synthetic=True, gateway=None).order_by("pk"))
    fresh = {device.code: new_token() for device in own}
    now = timezone.now()
    for device in own:
        device.token_digest, device.changed_at = digest(fresh[device.code]), now
    with transaction.atomic():
        Device.objects.bulk_update(own, ["token_digest", "changed_at"], batch_size=500)
        write_secret(path(), json.dumps(_said(own, fresh), ensure_ascii=False))
    return True


def _fits() -> bool:
    try:
        said = json.loads(path().read_text())
        tokens = [one["token"] for one in said["gateways"] + said["alone"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    sample = [digest(token) for token in tokens[:: max(1, len(tokens) // 20)]]
    return bool(sample) and Device.objects.filter(token_digest__in=sample).count() == len(set(sample))


def _said(own: list[Device], fresh: dict[str, str]) -> dict:
    """Gateways with the devices behind them, and devices that report alone: code, name, profile, datum of levels."""
    datum = _datums()

    def one(code: str, name: str, profile: str) -> dict:
        return {
            "code": code,
            "name": name,
            "profile": profile,
            "number": number_of(code),
            **({"datum": datum[code]} if code in datum else {}),
        }

    behind: dict[int, list[dict]] = {}
    children = Device.objects.filter(synthetic=True).exclude(gateway=None).order_by("pk")
    for gateway, *facts in children.values_list("gateway_id", "code", "name", "profile").iterator(chunk_size=5000):
        behind.setdefault(gateway, []).append(one(*facts))
    said = {"stage": _stage(), "note": "虚构演示设备的令牌 tokens of invented devices", "gateways": [], "alone": []}
    for device in own:
        entry = {**one(device.code, device.name, device.profile), "token": fresh[device.code]}
        if device.is_gateway:
            said["gateways"].append({**entry, "devices": behind.get(device.pk, [])})
        else:
            said["alone"].append(entry)
    return said


def _stage() -> dict[str, str]:
    """Where the scenarios play: the gateway of the chemical works, a cold store, a petrol station, a grid."""
    gateways = Device.objects.filter(synthetic=True, is_gateway=True).order_by("pk")

    def of(category: str) -> str:
        enterprise = RegulatedAs.objects.filter(code=category, enterprise__synthetic=True).earliest("pk").enterprise
        return gateways.filter(organisation=enterprise.code, name__endswith="监测网关").values_list("code", flat=True)[
            0
        ]

    plant = of("key_process")
    region = Device.objects.get(code=plant).region[:9]
    grid = gateways.filter(region__startswith=region, name__endswith="感烟网关").values_list("code", flat=True)[0]
    return {"plant": plant, "cold": of("ammonia"), "petrol": of("petrol_station"), "grid": grid}


def _datums() -> dict[str, float]:
    """The resting level of each level gauge: three metres below its first limit."""
    rules = Device.objects.filter(synthetic=True, profile="reservoir_level", points__rules__kind="H")
    return {code: round(limit - 3, 2) for code, limit in rules.values_list("code", "points__rules__limit")}


def write_secret(file: Path, text: str) -> None:
    """Replaces a file at once; only its owner may read it."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    os.replace(draft, file)
