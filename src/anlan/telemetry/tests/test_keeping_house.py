"""What goes on beside the readings: the stream is emptied behind its readers, a failing archive loses nothing, shards
share the work, TLS is served."""

import asyncio
import datetime
import ssl
import time

import duckdb
import httpx
import paho.mqtt.client as paho
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from anlan.columns import readings as pages
from anlan.telemetry import publish, streams
from anlan.telemetry.archive import writer
from anlan.telemetry.archive.clock import WatchedClock
from anlan.telemetry.archive.history import History
from anlan.telemetry.book import Beside, Device, Point, Rule, token_hash
from anlan.telemetry.computed import Computed
from anlan.telemetry.rules import worker
from anlan.telemetry.tests.conftest import Pipeline, free_port
from anlan.telemetry.tests.test_clients import until
from anlan.telemetry.tests.test_survival import alarms

pytestmark = pytest.mark.pipeline


async def filled(client, count: int) -> None:
    """Batches of one reading each in the stream."""
    js = client.jetstream()
    await streams.create(js, 64)
    for number in range(count):
        batch = pages.readings([1], [1_767_576_600_000_000 + number], [number], [0])
        await js.publish("readings.0", pages.pack(batch, {"kind": "readings", "received": 1}))


async def run_until(served, condition, seconds: float = 15.0) -> None:
    """Serve, wait for the condition, stop."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(one.run(stop)) for one in served]
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline and not any(task.done() for task in tasks), "it did not happen in time"
        await asyncio.sleep(0.1)
    stop.set()
    await asyncio.gather(*tasks)


def test_the_stream_is_emptied_of_what_archive_and_worker_have_behind_them(pipeline, monkeypatch):
    monkeypatch.setattr(writer, "PURGE_SECONDS", 0.1)
    monkeypatch.setattr(worker, "SNAPSHOT_SECONDS", 0.1)

    async def story(client):
        await filled(client, 20)
        js, settings = client.jetstream(), pipeline.settings

        async def emptied():
            return (await js.stream_info(streams.READINGS)).state.messages == 0

        await run_until([writer.Archive(client, settings)], lambda: asyncio.sleep(2, True))
        assert not await emptied()
        await run_until([writer.Archive(client, settings), worker.Worker(client, settings, 0)], emptied)

    publish.run(pipeline.url, story)
    assert History(pipeline.settings).count() == 20


def test_an_archive_that_cannot_write_tries_again_and_loses_nothing(pipeline, monkeypatch):
    failed, write = [], writer.Store.write

    def sometimes(self, batch, sequence):
        if len(failed) < 2:
            failed.append(sequence)
            raise duckdb.IOException("No space left on device")
        write(self, batch, sequence)

    monkeypatch.setattr(writer.Store, "write", sometimes)
    monkeypatch.setattr(writer, "TRY_AGAIN_SECONDS", 0.2)

    async def story(client):
        await filled(client, 20)
        archive = writer.Archive(client, pipeline.settings)
        await run_until([archive], lambda: asyncio.sleep(0, archive.counters["readings"] == 20))

    publish.run(pipeline.url, story)
    assert len(failed) == 2 and History(pipeline.settings).count() == 20


def test_nothing_is_thinned_by_a_clock_that_was_put_on(pipeline, monkeypatch):
    """By it everything is old."""
    monkeypatch.setattr(writer, "TIDY_SECONDS", 0.2)
    thinned = []
    monkeypatch.setattr(writer.Store, "thin", lambda self, now: thinned.append(now) or {})

    async def story(client):
        archive = writer.Archive(client, pipeline.settings)
        await filled(client, 20)
        await run_until([archive], lambda: asyncio.sleep(0, bool(thinned)))
        years_on = archive._clock = WatchedClock(lambda: time.time() + ahead[0])
        ahead[0], thinned[:] = 10 * 365 * 86_400.0, []
        await run_until([archive], lambda: asyncio.sleep(0, archive.counters["thinning_waits"] > 1))
        assert not years_on.trusted()

    ahead = [0.0]
    publish.run(pipeline.url, story)
    assert thinned == []


def test_two_shards_share_the_points_and_each_tells_its_own(pipeline):
    pipeline.environment["ANLAN_SHARDS"] = "2"
    low, high = Point(5, "low"), Point(5000, "high")

    async def put(client):
        await publish.put_devices(client, [Device(1, "D", token_hash("T"), points=(low, high))])
        await publish.put_all_rules(client, [Rule(1, 5, "H", 10), Rule(2, 5000, "H", 10)], 2)

    publish.run(pipeline.url, put)
    pipeline.start("first", "rules", "--shard", "0", wait=False)
    pipeline.start("second", "rules", "--shard", "1", wait=False)
    pipeline.start("gateway", "gateway")
    pipeline.health("rules-0", 30), pipeline.health("rules-1", 30)
    answer = httpx.post(
        f"http://127.0.0.1:{pipeline.settings.http_port}/api/v1/T/telemetry", content=b'{"low":11,"high":12}'
    )
    assert answer.status_code == 200
    until(lambda: len(alarms(pipeline)) == 2)
    assert sorted((one["point"], one["value"]) for one in alarms(pipeline)) == [(5, 11), (5000, 12)]


def test_silence_is_told_though_nothing_is_heard(pipeline):
    async def put(client):
        await publish.put_devices(client, [Device(1, "D", token_hash("T"), points=(Point(5, "v"),))])
        await publish.put_rules(client, 0, [Rule(1, 5, "SILENCE", silence=2)], 1)

    publish.run(pipeline.url, put)
    pipeline.start("rules", "rules", "--shard", "0")
    pipeline.start("gateway", "gateway")
    until(lambda: [one["kind"] for one in alarms(pipeline)] == ["SILENCE"])
    httpx.post(f"http://127.0.0.1:{pipeline.settings.http_port}/api/v1/T/telemetry", content=b'{"v":1}')
    until(lambda: [one["transition"] for one in alarms(pipeline)][:2] == ["raised", "cleared"])


def test_a_computed_point_whose_members_another_shard_evaluates_is_refused_before_anything_is_put(pipeline):
    astray = Beside((Computed(5, "COUNT", (6, 5000), limit=1),))
    together = Beside((Computed(5, "COUNT", (6, 2 * 4096), limit=1),))

    async def put(client):
        for attempt in (publish.put_all_rules(client, [Rule(1, 5, "H", 2)], 2, astray),
                        publish.put_rules(client, 0, [Rule(1, 5, "H", 2)], 2, astray)):  # fmt: skip
            with pytest.raises(ValueError, match=r"computed point 5: its members \[5000\] .* another of 2 shards"):
                await attempt
        await publish.put_all_rules(client, [Rule(1, 5, "H", 2)], 2, together)
        return await (await client.jetstream().key_value(streams.RULEBOOK)).keys()

    assert publish.run(pipeline.url, put) == ["page.0"]


def certificate(folder) -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_a_device_is_heard_over_tls(pipeline: Pipeline, tmp_path):
    port = free_port()
    public, private = certificate(tmp_path)
    pipeline.environment |= {"ANLAN_TLS_CERTIFICATE": public, "ANLAN_TLS_KEY": private, "ANLAN_MQTTS_PORT": str(port)}
    device = Device(1, "D", token_hash("T"), points=(Point(5, "v"),))
    publish.run(pipeline.url, lambda client: publish.put_devices(client, [device]))
    pipeline.start("gateway", "gateway")
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.username_pw_set("T")
    client.tls_set(public, cert_reqs=ssl.CERT_REQUIRED)
    client.connect("localhost", port)
    client.loop_start()
    client.publish("v1/devices/me/telemetry", b'{"v":1}', qos=1).wait_for_publish(10)
    assert pipeline.health("gateway")["counters"]["readings"] == 1
    client.disconnect(), client.loop_stop()
