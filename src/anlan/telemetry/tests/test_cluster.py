"""Three brokers and four rule workers on one machine; one of each is killed under load, and everything is counted."""

import asyncio
import json
import time
from collections import Counter

import pytest
from nats.errors import Error as NatsError

from anlan.telemetry import broker as broker_program
from anlan.telemetry import publish, streams
from anlan.telemetry.archive.history import History
from anlan.telemetry.book import Device, Point, Rule, token_hash
from anlan.telemetry.tests.conftest import Pipeline, free_port
from anlan.telemetry.tests.sender import Sender
from anlan.telemetry.tests.test_survival import alarms, distinct, series, told_once

pytestmark = pytest.mark.pipeline

SERVERS, SHARDS, TOKEN = 3, 4, "of-the-test"
PAGE = 1 << 12  # points of one page of the rulebook, which belongs to one shard


class Cluster(Pipeline):
    """The pipeline's processes before a cluster of brokers in one folder each."""

    def __init__(self, home):
        super().__init__(home, free_port())
        self.ports = [free_port() for _ in range(SERVERS)]
        self.routes = [free_port() for _ in range(SERVERS)]
        self.url = ",".join(f"nats://{TOKEN}@127.0.0.1:{port}" for port in self.ports)
        self.environment |= {
            "ANLAN_NATS_URL": self.url,
            "ANLAN_SHARDS": str(SHARDS),
            "ANLAN_STREAM_REPLICAS": str(SERVERS),
        }

    def start_server(self, number: int) -> None:
        folder = self.home / f"nats-{number}"
        folder.mkdir(exist_ok=True)
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self.routes)
        written = folder / "nats.conf"
        written.write_text(
            f"server_name: server-{number}\n"
            f'listen: "127.0.0.1:{self.ports[number]}"\n'
            f"max_payload: {broker_program.MAX_PAYLOAD}\n"
            f"authorization {{ token: {json.dumps(TOKEN)} }}\n"
            f"jetstream {{ store_dir: {json.dumps(str(folder))}, sync_interval: always }}\n"
            f'cluster {{ name: anlan, listen: "127.0.0.1:{self.routes[number]}", routes: [{routes}] }}\n'
        )
        self._start(f"server-{number}", [str(broker_program.program()), "-c", str(written)])

    def ready(self) -> None:
        """When streams can be made with a copy on every server."""
        deadline = time.monotonic() + 60
        while True:
            try:
                publish.run(self.url, lambda client: streams.create(client.jetstream(timeout=5), 512, SERVERS), wait=8)
                return
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    try:
        for number in range(SERVERS):
            made.start_server(number)
        made.ready()
        yield made
    finally:
        made.end()


def registered(cluster: Cluster, points: int) -> list[Device]:
    """A device a shard, each with some points on a page of its own."""
    known = [
        Device(d, f"D{d}", token_hash(f"T{d}"), points=tuple(Point(d * PAGE + k, f"k{k}") for k in range(points)))
        for d in range(SHARDS)
    ]
    limits = [Rule(d * points + k + 1, d * PAGE + k, "H", 10.0) for d in range(SHARDS) for k in range(points)]

    async def put(client):
        await publish.put_devices(client, known)
        await publish.put_all_rules(client, limits, SHARDS)

    for shard in range(SHARDS):
        cluster.start(f"rules-{shard}", "rules", "--shard", str(shard), wait=False)
    cluster.start("archive", "archive", wait=False)
    cluster.start("gateway", "gateway")
    publish.run(cluster.url, put)
    for shard in range(SHARDS):
        cluster.health(f"rules-{shard}", 60)
    cluster.health("archive", 30)
    while cluster.health("gateway")["devices"] < SHARDS:
        time.sleep(0.05)
    return known


async def kill_one_of_each(cluster: Cluster) -> None:
    await asyncio.sleep(1.5)
    await asyncio.to_thread(cluster.kill, "server-1")
    await asyncio.sleep(1.5)
    await asyncio.to_thread(cluster.kill, "rules-2")
    await asyncio.sleep(0.5)
    await asyncio.to_thread(lambda: cluster.start("rules-2", "rules", "--shard", "2", wait=False))
    await asyncio.sleep(0.5)
    await asyncio.to_thread(cluster.start_server, 1)


def told(cluster: Cluster) -> list[dict]:
    """All alarm events; none while the servers choose a leader and answer nobody."""
    try:
        return alarms(cluster)
    except (NatsError, TimeoutError):
        return []


def test_a_server_and_a_worker_die_under_load_and_nothing_is_lost_or_doubled(cluster):
    points, messages = 3, 400
    registered(cluster, points)

    async def load():
        senders = [Sender(cluster.settings.mqtt_port, f"T{d}", most=50) for d in range(SHARDS)]
        await asyncio.gather(*(sender.start() for sender in senders))
        work = [series(sender, points, messages, 0.01) for sender in senders]
        await asyncio.gather(kill_one_of_each(cluster), *work)
        await asyncio.gather(*(sender.finish(90) for sender in senders))
        return sum(sender.acknowledged for sender in senders)

    assert asyncio.run(load()) == SHARDS * messages

    history, deadline = History(cluster.settings), time.monotonic() + 60
    ids = [d * PAGE + k for d in range(SHARDS) for k in range(points)]
    while (found := distinct(history, ids, messages)) < len(ids) * messages:
        assert time.monotonic() < deadline, f"{found} of {len(ids) * messages} archived"
        time.sleep(0.5)
    expected = 2 * len(ids) * (messages // 10)
    while len(events := told(cluster)) < expected:
        if time.monotonic() > deadline:
            shards = Counter(event["point"] // PAGE for event in events)
            say = [cluster.health(f"rules-{shard}", 5) for shard in range(SHARDS)]
            pytest.fail(f"{len(events)} of {expected} events, by shard {dict(shards)}; the workers say {say}")
        time.sleep(0.5)
    told_once(events)
    assert len(events) == expected
    assert {event["point"] // PAGE for event in events} == set(range(SHARDS))
