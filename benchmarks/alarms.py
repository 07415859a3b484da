"""The alarm desk: raising in batches and one by one, a list of 50 of 21,000, a storm of 5,000, a value to the webhook.

On a scratch SQLite database with the platform's own processes (web, work, gateway, rules, broker), each with the
processor time of the process that does the work. The load of the machine is printed: it shares its cores with these.
"""

import asyncio
import http.server
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

ACTIVE, STORM, SECONDS, BATCH = 21_000, 5_000, 10.0, 1000
FLIPS = 200
SECRET = "a-secret-of-the-benchmark"


def main() -> None:
    from anlan.telemetry.tests.conftest import Pipeline, free_port

    home = Path(tempfile.mkdtemp(prefix="anlan-bench-"))
    pipeline = Pipeline(home, free_port())
    hook, web = free_port(), free_port()
    pipeline.environment |= {
        "ANLAN_ALARM_HOOKS": f"http://127.0.0.1:{hook}/",
        "ANLAN_WEBHOOK_SECRET": SECRET,
        "ANLAN_SECOND_FACTOR": "no",
        "ANLAN_WEB_PORT": str(web),
        "ANLAN_LOG": "ERROR",
    }
    os.environ.update(pipeline.environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    print(f"load average {os.getloadavg()[0]:.1f}")
    try:
        pipeline.start_broker()
        _answer_hooks(hook)  # also in the storm: what nobody takes would stand before the flips
        events = _stage()
        _raise(events[:ACTIVE], events[ACTIVE : ACTIVE + 100])
        _list(pipeline, web)
        print(f"load average {os.getloadavg()[0]:.1f}", flush=True)
        _work(pipeline)
        _storm(pipeline, events[-STORM:])
        _hook(pipeline)
        print(f"load average {os.getloadavg()[0]:.1f}")
    finally:
        pipeline.end()


# --- what there is ----------------------------------------------------------------------------------------------------
def _stage() -> list:
    """Devices of two points with a limit each, 500 enterprises in five towns; one rising event a point."""
    from django.core.management import call_command

    from anlan.telemetry.book import token_hash
    from anlan.watch.devices.models import Device, Point, Rule
    from tests.cast import Cast

    call_command("migrate", verbosity=0)
    Cast().all()
    count = (ACTIVE + 100 + STORM) // 2
    devices = Device.objects.bulk_create(
        Device(
            code=f"D{n}", name=f"{n}号液位计", profile="tank_level", region=f"99990100{1 + n % 5}",
            organisation=f"91999901MAA{n % 500:07d}", token_digest=token_hash(f"T{n}"), lon=115.5, lat=28.5,
        )
        for n in range(count)
    )  # fmt: skip
    Device.objects.update(changed_at=datetime.now(UTC) - timedelta(hours=1))  # or the register is told of them anew
    points = Point.objects.bulk_create(
        Point(device=device, key=key, title="液位", unit="%") for device in devices for key in ("a", "b")
    )
    rules = Rule.objects.bulk_create(
        Rule(point=point, kind="H", limit=85, level=(1, 2, 3, 4, 4, 4, 4, 4)[n % 8]) for n, point in enumerate(points)
    )
    return [_event(point, rule) for point, rule in zip(points, rules, strict=True)]


def _event(point, rule) -> dict:
    now = time.time_ns() // 1000
    return {
        "episode": str(uuid4()), "transition": "raised", "rule": rule.pk, "point": point.pk, "kind": "H", "of": "VALUE",
        "level": rule.level, "value": 91.5, "limit": 85.0, "ts": now, "raised_ts": now, "received_ts": now, "count": 1,
        "reason": "",
    }  # fmt: skip


# --- raising ----------------------------------------------------------------------------------------------------------
def _raise(many: list[dict], few: list[dict]) -> None:
    from anlan.watch.alarms.models import Alarm, Telling
    from anlan.watch.alarms.recording import write
    from anlan.watch.alarms.rules import Event

    write([])
    for name, told, size in ((f"raised, {BATCH} a batch", many, BATCH), ("raised, one a transaction", few, 1)):
        began, spent = time.perf_counter(), time.process_time()
        for at in range(0, len(told), size):
            write([Event.read(one) for one in told[at : at + size]])
        took, spent = time.perf_counter() - began, time.process_time() - spent
        print(f"{name:<28} {len(told) / took:>8,.0f}/s   CPU {spent / len(told) * 1000:.3f} ms each", flush=True)
    Alarm.objects.update(annunciated_at=datetime.now(UTC) - timedelta(hours=1))  # no part of the flood to come
    Telling.objects.all().delete()  # what the other capabilities make of them is measured in the storm


# --- the list ---------------------------------------------------------------------------------------------------------
def _list(pipeline, port: int) -> None:
    import httpx
    import psutil
    from django.db import connection
    from django.test import Client

    from tests.cast import Cast

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    web = pipeline._start("web", [sys.executable, "-m", "anlan.site.command", "web"])
    signed = Client()
    signed.force_login(Cast().duty, backend="anlan.desk.access.backend.PasswordBackend")
    cookies = {name: morsel.value for name, morsel in signed.cookies.items()}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=20) as browser:
        _until_answers(browser, web)
        for name, address, rounds in (
            ("list for programs, 50", "/api/alarms/active?limit=50", 600),
            ("list for people, 50", "/alarms/", 60),
        ):
            browser.get(address)
            process = psutil.Process(web.pid)
            before, began, took = process.cpu_times(), time.perf_counter(), []
            for _ in range(rounds):
                start = time.perf_counter()
                answer = browser.get(address)
                took.append((time.perf_counter() - start) * 1000)
                assert answer.status_code == 200, answer.text[:200]
            seconds, after = time.perf_counter() - began, process.cpu_times()
            took.sort()
            cost = (after.user + after.system - before.user - before.system) / rounds * 1000
            print(
                f"{name:<28} {rounds / seconds:>8,.0f}/s   p50 {statistics.median(took):.1f} ms, "
                f"p99 {took[int(rounds * 0.99)]:.1f} ms, {len(answer.content) / 1000:.0f} kB   CPU {cost:.2f} ms each",
                flush=True,
            )
    pipeline.stop("web")


def _until_answers(browser, web: subprocess.Popen) -> None:
    import httpx

    until = time.monotonic() + 60
    while time.monotonic() < until and web.poll() is None:
        try:
            browser.get("/api/alarms/active")
            return
        except httpx.TransportError:
            time.sleep(0.3)
    raise SystemExit("the web process did not answer")


# --- the storm --------------------------------------------------------------------------------------------------------
def _work(pipeline) -> None:
    """Started, and quiet: it has read its packs and told the pipeline of the register."""
    import psutil

    pipeline._start("work", [sys.executable, "-m", "anlan.site.command", "work"])
    process = psutil.Process(pipeline.processes["work"].pid)
    _until(lambda: _consumers(pipeline), 60)
    _until(lambda: process.cpu_percent(interval=3) < 25, 120)


def _storm(pipeline, events: list[dict]) -> None:
    """One message an alarm, as the rule worker sends them when they come one by one; one in ten is sent twice."""
    import psutil

    from anlan.watch.alarms.models import Alarm, Flood, Telling

    episodes = [one["episode"] for one in events]
    process = psutil.Process(pipeline.processes["work"].pid)
    Flood.objects.all().delete()
    before, began = process.cpu_times(), time.perf_counter()
    sender = threading.Thread(target=lambda: asyncio.run(_publish(pipeline.url, events)))
    sender.start()
    flooded = _until(lambda: Flood.objects.filter(started_at__gt=datetime.now(UTC) - timedelta(minutes=2)).exists(), 60)
    absorbed = _until(lambda: _of(episodes) >= len(events), 120)
    sender.join()
    after = process.cpu_times()
    told = _until(lambda: not Telling.objects.exists(), 300)
    whole = process.cpu_times()
    cost = (after.user + after.system - before.user - before.system) / len(events) * 1000
    print(
        f"storm of {len(events):,} in {SECONDS:.0f} s: on the desk after {absorbed - began:.1f} s, flood named after "
        f"{flooded - began:.1f} s, {_of(episodes):,} alarms of {len(events):,}, CPU {cost:.2f} ms each; "
        f"all warnings opened after {told - began:.1f} s, CPU "
        f"{(whole.user + whole.system - before.user - before.system) / len(events) * 1000:.2f} ms each, "
        f"{Alarm.objects.count():,} alarms in all",
        flush=True,
    )


async def _publish(url: str, events: list[dict]) -> None:
    import nats
    import orjson

    client = await nats.connect(url)
    js, began = client.jetstream(), time.perf_counter()
    for number, one in enumerate(events):
        if (early := number * SECONDS / len(events) - (time.perf_counter() - began)) > 0:
            await asyncio.sleep(early)
        now = time.time_ns() // 1000
        body = orjson.dumps([{**one, "ts": now, "raised_ts": now, "received_ts": now}])
        await client.publish("alarms.0", body)
        if number % 10 == 0:
            await client.publish("alarms.0", body)
    await js.account_info()
    await client.close()


def _consumers(pipeline) -> bool:
    async def ask() -> int:
        import nats

        client = await nats.connect(pipeline.url)
        try:
            return len(await client.jetstream().consumers_info("ALARMS"))
        except nats.js.errors.NotFoundError:
            return 0
        finally:
            await client.close()

    return asyncio.run(ask()) >= 2


def _of(episodes: list[str]) -> int:
    from anlan.watch.alarms.models import Alarm

    return sum(Alarm.objects.filter(episode__in=episodes[at : at + 500]).count() for at in range(0, len(episodes), 500))


def _until(true, seconds: float) -> float:
    """When it became true. Errors: SystemExit when it did not."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        if true():
            return time.perf_counter()
        time.sleep(0.1)
    raise SystemExit("it did not come in time")


# --- the hook ---------------------------------------------------------------------------------------------------------
class Other(http.server.BaseHTTPRequestHandler):
    """The other system: it checks the signature and notes when it heard of which value."""

    protocol_version = "HTTP/1.1"
    heard: dict[int, float] = {}

    def do_POST(self):
        import orjson

        from anlan.desk.notices.channels.webhook import signed

        now, body = time.perf_counter(), self.rfile.read(int(self.headers["Content-Length"]))
        assert signed(SECRET, body, self.headers["X-Anlan-Signature"], time.time())
        for event in orjson.loads(body)["events"]:
            self.heard.setdefault(event["ts"] // 1000, now)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_words):
        return


def _answer_hooks(port: int) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _hook(pipeline) -> None:
    pipeline.start("rules", "rules", "--shard", "0")
    pipeline.start("gateway", "gateway")
    time.sleep(5)
    sent = asyncio.run(_flip(pipeline.settings.mqtt_port))
    _until(lambda: all(ts in Other.heard for ts in sent), 60)
    took = sorted((Other.heard[ts] - at) * 1000 for ts, at in sent.items())
    print(
        f"value flip to webhook: {len(took)} flips, p50 {statistics.median(took):.0f} ms, "
        f"p99 {took[int(len(took) * 0.99)]:.0f} ms, most {took[-1]:.0f} ms"
    )


async def _flip(port: int) -> dict[int, float]:
    """A value goes over its limit and back, ten times a second; when each was sent, by its instant in ms."""
    import orjson

    from anlan.telemetry.tests.sender import Sender

    sender = Sender(port, "T1")
    await sender.start()
    await sender.send(orjson.dumps({"ts": int(time.time() * 1000), "values": {"a": 1}}))
    await asyncio.sleep(2)
    sent: dict[int, float] = {}
    for number in range(FLIPS):
        ts = int(time.time() * 1000)
        sent[ts] = time.perf_counter()
        await sender.send(orjson.dumps({"ts": ts, "values": {"a": 1 if number % 2 else 99}}))
        await asyncio.sleep(0.1)
    await sender.finish()
    return sent


if __name__ == "__main__":
    main()
