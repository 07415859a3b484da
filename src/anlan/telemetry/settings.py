"""Settings of the pipeline's processes, from ANLAN_* variables. A wrong value stops the start with its name and a
hint."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROTOCOLS = ("gb26875", "jt808", "hj212")
"""Protocols of frames without tokens: fire units, vehicles, environment stations."""


class SettingProblem(SystemExit):
    """The process cannot start with this environment; the text says which variable and what it may be."""

    def __init__(self, name: str, value: str, hint: str):
        super().__init__(f"{name}={value!r} cannot be used: {hint}")


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    """Folder of everything that is written (ANLAN_HOME)."""
    # The URL may hold the broker's token: it is never printed.
    nats_url: str = field(repr=False)
    shards: int
    """Rule workers side by side; every process must be given the same number (ANLAN_SHARDS)."""
    device_host: str
    """Address on which devices are heard (ANLAN_DEVICE_HOST); this machine only, unless said otherwise."""
    mqtt_port: int
    http_port: int
    tls_certificate: str
    tls_key: str
    mqtts_port: int
    """MQTT over TLS, served when a certificate and key are named (ANLAN_TLS_CERTIFICATE, ANLAN_TLS_KEY)."""
    protocols: frozenset[str]
    """Framed protocols that are heard (ANLAN_PROTOCOLS), each on its own port."""
    gb26875_port: int
    jt808_port: int
    hj212_port: int
    payload_limit: int
    """Most bytes of one message (ANLAN_PAYLOAD_LIMIT)."""
    batch_limit: int
    """Most bytes of one HTTP batch of many devices, unpacked (ANLAN_BATCH_LIMIT)."""
    push_sources: str
    """File of the platforms that may push, with their secrets (ANLAN_PUSH_SOURCES)."""
    clock_future_seconds: int
    clock_old_days: int
    """Readings further ahead or older than this are kept and flagged (ANLAN_CLOCK_FUTURE_SECONDS,
    ANLAN_CLOCK_OLD_DAYS)."""
    stream_megabytes: int
    """Most the stream of readings may take on disk before devices are made to wait (ANLAN_STREAM_MB)."""
    stream_replicas: int
    """On how many servers of a broker cluster each stream is kept (ANLAN_STREAM_REPLICAS): 3 outlive a loss."""
    archive_url: str = field(repr=False)
    """Catalogue: ``sqlite:PATH`` or ``postgresql://…`` (ANLAN_ARCHIVE_URL)."""
    archive_data: str
    """Folder or object-store address of the Parquet files (ANLAN_ARCHIVE_DATA)."""
    archive_seconds: float
    archive_memory_megabytes: int
    archive_raw_days: int
    archive_minute_days: int
    archive_hour_days: int
    """How long readings stay as they came, then as minutes, then as hours (ANLAN_ARCHIVE_RAW_DAYS, …); 0 is for
    ever."""


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings this environment says."""
    given = os.environ if environment is None else environment
    home = Path(given.get("ANLAN_HOME", "var")).resolve()
    return Settings(
        home=home,
        nats_url=given.get("ANLAN_NATS_URL", "nats://127.0.0.1:4222"),
        shards=_whole(given, "ANLAN_SHARDS", 1, 1, 1024),
        device_host=given.get("ANLAN_DEVICE_HOST", "127.0.0.1"),
        mqtt_port=_whole(given, "ANLAN_MQTT_PORT", 1883, 0, 65_535),
        http_port=_whole(given, "ANLAN_DEVICE_HTTP_PORT", 8081, 0, 65_535),
        tls_certificate=given.get("ANLAN_TLS_CERTIFICATE", ""),
        tls_key=given.get("ANLAN_TLS_KEY", ""),
        mqtts_port=_whole(given, "ANLAN_MQTTS_PORT", 8883, 0, 65_535),
        protocols=_some(given, "ANLAN_PROTOCOLS", PROTOCOLS),
        gb26875_port=_whole(given, "ANLAN_GB26875_PORT", 26_875, 0, 65_535),
        jt808_port=_whole(given, "ANLAN_JT808_PORT", 10_808, 0, 65_535),
        hj212_port=_whole(given, "ANLAN_HJ212_PORT", 10_212, 0, 65_535),
        payload_limit=_whole(given, "ANLAN_PAYLOAD_LIMIT", 65_536, 1_024, 4_194_304),
        batch_limit=_whole(given, "ANLAN_BATCH_LIMIT", 4_194_304, 1_024, 67_108_864),
        push_sources=given.get("ANLAN_PUSH_SOURCES", ""),
        clock_future_seconds=_whole(given, "ANLAN_CLOCK_FUTURE_SECONDS", 300, 1, 86_400),
        clock_old_days=_whole(given, "ANLAN_CLOCK_OLD_DAYS", 7, 1, 36_500),
        stream_megabytes=_whole(given, "ANLAN_STREAM_MB", 4_096, 64, 10_000_000),
        stream_replicas=_whole(given, "ANLAN_STREAM_REPLICAS", 1, 1, 5),
        archive_url=given.get("ANLAN_ARCHIVE_URL") or f"sqlite:{home / 'archive' / 'catalogue.sqlite'}",
        archive_data=given.get("ANLAN_ARCHIVE_DATA") or str(home / "archive" / "readings"),
        archive_seconds=float(_whole(given, "ANLAN_ARCHIVE_SECONDS", 2, 1, 60)),
        archive_memory_megabytes=_whole(given, "ANLAN_ARCHIVE_MEMORY_MB", 250, 100, 1_000_000),
        archive_raw_days=_whole(given, "ANLAN_ARCHIVE_RAW_DAYS", 180, 0, 36_500),
        archive_minute_days=_whole(given, "ANLAN_ARCHIVE_MINUTE_DAYS", 1_825, 0, 36_500),
        archive_hour_days=_whole(given, "ANLAN_ARCHIVE_HOUR_DAYS", 0, 0, 36_500),
    )


def _some(given: Mapping[str, str], name: str, of: tuple[str, ...]) -> frozenset[str]:
    """Of these names those that are given, separated by commas; all unless given, none for ``none``."""
    value = given.get(name, "").strip()
    if not value or value == "none":
        return frozenset(of if not value else ())
    named = frozenset(one.strip() for one in value.split(","))
    if not named <= set(of):
        raise SettingProblem(name, value, f"write some of {', '.join(of)}, separated by commas, or none")
    return named


def _whole(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = given.get(name)
    if value is None or value == "":
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise SettingProblem(name, value, f"write a whole number from {low} to {high}")
    return int(value)
