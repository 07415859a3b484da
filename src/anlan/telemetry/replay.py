"""A recorded series (CSV) sent as a device would send it: over MQTT, at any speed.

    python -m anlan.telemetry.replay FILE --token TOKEN --time timestamp --value value=speed --speed 60

Every row becomes one message ``{"ts": …, "values": {…}}`` of QoS 1; a row is done when the gateway has acknowledged
it. Rows that cannot be read are counted and the first few shown, with line and reason; they stop nothing.
"""

import argparse
import csv
import math
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from paho.mqtt.client import CallbackAPIVersion, Client
from paho.mqtt.reasoncodes import ReasonCode

IN_FLIGHT = 500
SHOWN = 5
TOPIC = "v1/devices/me/telemetry"


class ReplayProblem(SystemExit):
    """The series cannot be replayed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the file are what."""

    time: str
    values: tuple[tuple[str, str], ...]
    """(column, key under which it is sent)."""
    zone: ZoneInfo
    """Of times that name none."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    ts: int
    """Unix milliseconds."""
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    reason: str


@dataclass(slots=True)
class Report:
    sent: int = 0
    bad: list[BadRow] = field(default_factory=list)
    first: int | None = None
    last: int | None = None


def read(file: Path, columns: Columns, delimiter: str | None = None) -> Iterator[Row | BadRow]:
    """The file's rows in their order. A missing column is a :class:`ReplayProblem`: nothing would be sent."""
    with open(file, newline="", encoding="utf-8-sig") as opened:
        head = opened.readline()
        opened.seek(0)
        rows = csv.DictReader(opened, delimiter=delimiter or (";" if head.count(";") > head.count(",") else ","))
        names = rows.fieldnames or []
        missing = [name for name in (columns.time, *(column for column, _ in columns.values)) if name not in names]
        if missing:
            raise ReplayProblem(f"{file.name} has no column {', '.join(missing)}: it has {', '.join(names) or 'none'}")
        for row in rows:
            yield _row(rows.line_num, row, columns)


def _row(line: int, row: dict[str, str], columns: Columns) -> Row | BadRow:
    try:
        ts = _milliseconds(row[columns.time] or "", columns.zone)
    except ValueError:
        return BadRow(line, f"{columns.time} is {row[columns.time]!r}: expected a date and time")
    values = {}
    for column, key in columns.values:
        text = (row[column] or "").strip()
        if not text:
            continue
        try:
            values[key] = float(text)
        except ValueError:
            return BadRow(line, f"{column} is {text!r}: expected a number")
        if not math.isfinite(values[key]):
            return BadRow(line, f"{column} is {text}: no number that can be judged")
    return Row(line, ts, values) if values else BadRow(line, "no value in this row")


def _milliseconds(text: str, zone: ZoneInfo) -> int:
    text = text.strip()
    if text.isdecimal() and len(text) >= 9:
        return int(text) * (1000 if len(text) < 12 else 1)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone)
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def pace(rows: Iterator[Row], speed: float, now: Callable[[], float], sleep: Callable[[float], None]) -> Iterator[Row]:
    """The rows when they are due: ``speed`` times as fast as recorded, or at once when it is 0."""
    began, first = now(), None
    for row in rows:
        first = row.ts if first is None else first
        if speed > 0:
            wait = (row.ts - first) / 1000 / speed - (now() - began)
            if wait > 0:
                sleep(wait)
        yield row


class Device:
    """One MQTT connection that knows which of its messages were acknowledged."""

    def __init__(self, host: str, port: int, token: str):
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set(token)
        self._client.max_inflight_messages_set(IN_FLIGHT)
        self._refused: ReasonCode | None = None
        self._client.on_connect = self._connected
        self._waiting: deque = deque()
        try:
            self._client.connect(host, port, keepalive=60)
        except OSError as problem:
            raise ReplayProblem(f"{host}:{port} does not answer ({problem}): is the gateway running?") from problem
        self._client.loop_start()
        deadline = time.monotonic() + 10
        while not self._client.is_connected():
            if self._refused is not None:
                raise ReplayProblem(f"the gateway refused the connection ({self._refused}): is the token right?")
            if time.monotonic() > deadline:
                raise ReplayProblem(f"{host}:{port} took the connection but did not answer")
            time.sleep(0.01)

    def _connected(self, client, userdata, flags, reason: ReasonCode, properties) -> None:
        if reason.is_failure:
            self._refused = reason

    def send(self, row: Row) -> None:
        body = orjson.dumps({"ts": row.ts, "values": row.values})
        while len(self._waiting) >= IN_FLIGHT:
            self._oldest()
        self._waiting.append(self._client.publish(TOPIC, body, qos=1))

    def _oldest(self) -> None:
        message = self._waiting.popleft()
        message.wait_for_publish(30)
        if not message.is_published():
            raise ReplayProblem("the gateway acknowledged nothing for 30 s: see its log")

    def close(self) -> None:
        while self._waiting:
            self._oldest()
        self._client.disconnect()
        self._client.loop_stop()


def replay(
    file: Path, columns: Columns, device: Device, speed: float, end_now: bool, told: Callable[[Report], None]
) -> Report:
    """Send the whole file; ``end_now`` shifts all times so that the last row is of this moment."""
    report, shift = Report(), 0
    if end_now:
        last = max((row.ts for row in read(file, columns) if isinstance(row, Row)), default=0)
        shift = int(time.time() * 1000) - last

    def good() -> Iterator[Row]:
        for row in read(file, columns):
            if isinstance(row, BadRow):
                report.bad.append(row)
            else:
                yield Row(row.line, row.ts + shift, row.values)

    for row in pace(good(), speed, time.monotonic, time.sleep):
        device.send(row)
        report.sent += 1
        report.first = row.ts if report.first is None else report.first
        report.last = row.ts
        told(report)
    device.close()
    return report


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options, for ``anlan replay`` as well."""
    parser.add_argument("file", type=Path, help="CSV with a line of column names")
    parser.add_argument("--token", default=os.environ.get("ANLAN_DEVICE_TOKEN", ""), help="or ANLAN_DEVICE_TOKEN")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("ANLAN_MQTT_PORT") or 1883))
    parser.add_argument("--time", default="timestamp", help="column of the time (default: timestamp)")
    parser.add_argument(
        "--value", action="append", default=[], help="column, or column=key under which it is sent (default: value)"
    )
    parser.add_argument("--zone", default="Asia/Shanghai", help="zone of times that name none")
    parser.add_argument("--speed", type=float, default=1.0, help="times as fast as recorded; 0 as fast as it goes")
    parser.add_argument("--end-now", action="store_true", help="shift all times so that the last row is now")


def command(given: argparse.Namespace) -> int:
    """Run with parsed options; the exit code."""
    try:
        zone = ZoneInfo(given.zone)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise ReplayProblem(f"--zone {given.zone}: no such time zone; write for example Asia/Shanghai") from problem
    if not given.file.is_file():
        raise ReplayProblem(f"{given.file}: no such file")
    if not given.token:
        raise ReplayProblem("--token is missing: the device's token, as its page shows it")
    named = [column.partition("=") for column in given.value or ["value"]]
    columns = Columns(given.time, tuple((column, key or column) for column, _, key in named), zone)
    shown_at = 0.0

    def progress(report: Report) -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at >= 0.5 and sys.stderr.isatty():
            shown_at = time.monotonic()
            sys.stderr.write(f"\r{report.sent} sent, {len(report.bad)} bad, at {_shown(report.last, zone)} ")

    next(read(given.file, columns), None)
    device = Device(given.host, given.port, given.token)
    report = replay(given.file, columns, device, given.speed, given.end_now, progress)
    if sys.stderr.isatty():
        sys.stderr.write("\r")
    print(
        f"{given.file.name}: {report.sent} rows sent and acknowledged, {len(report.bad)} bad; "
        f"{_shown(report.first, zone)} to {_shown(report.last, zone)} ({zone.key})"
    )
    for bad in report.bad[:SHOWN]:
        print(f"  line {bad.line}: {bad.reason}")
    return 0 if report.sent else 1


def _shown(ts: int | None, zone: ZoneInfo) -> str:
    return "nothing" if ts is None else f"{datetime.fromtimestamp(ts / 1000, zone):%Y-%m-%d %H:%M:%S}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="anlan replay", description="Sends a recorded series as a device would.")
    arguments(parser)
    raise SystemExit(command(parser.parse_args()))


if __name__ == "__main__":
    main()
