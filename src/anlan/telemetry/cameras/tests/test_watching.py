"""The real process before a real broker and a camera that streams over HTTP."""

import asyncio
import time

import cv2
import nats
import numpy as np
import orjson
import pytest

from anlan.columns import readings
from anlan.telemetry import publish, streams
from anlan.telemetry.book import Device, Point
from anlan.telemetry.cameras.tests.streaming import StreamingCamera, intruder
from anlan.telemetry.sealed import seal
from anlan.telemetry.tests.conftest import pipeline  # noqa: F401 - a fixture

pytestmark = pytest.mark.pipeline
KEYS = ("intrusion", "view")
RIGHT = [[0.5, 0.3], [1, 0.3], [1, 1], [0.5, 1]]


@pytest.fixture
def camera():
    made = StreamingCamera(intruder(), login="admin:p@ss")
    yield made
    made.close()


def device(number: int, url: str, **more) -> Device:
    points = tuple(Point(number * 100 + place, key) for place, key in enumerate(KEYS))
    settings = {"camera": {"url": url, "every": 0.2, "detect": {"intrusion": {"zone": RIGHT}}, **more}}
    return Device(number, f"camera {number}", points=points, settings=settings)


async def heard(url: str, seconds: float = 40) -> tuple[list, list]:
    """Readings and pictures until there is a picture with a reading beside it, or the time is over."""
    client = await nats.connect(url)
    js = client.jetstream()
    batches, pictures = [], []
    of_readings = await js.subscribe("readings.*", ordered_consumer=True)
    of_pictures = await js.subscribe(streams.PICTURE_SUBJECT, ordered_consumer=True)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not (pictures and batches):
        for subscription, kept in ((of_readings, batches), (of_pictures, pictures)):
            try:
                kept.append(await subscription.next_msg(timeout=0.2))
            except TimeoutError:
                continue
    answer = await client.request("cameras.ask", orjson.dumps({"device": 1}), timeout=5)
    clip = await client.request("cameras.ask", orjson.dumps({"device": 1, "clip": True}), timeout=15)
    nobody = await client.request("cameras.ask", orjson.dumps({"device": 77}), timeout=5)
    await client.close()
    return batches, pictures, answer, clip, nobody


def test_an_intruder_becomes_readings_and_one_picture_and_faulty_cameras_hold_nobody_up(pipeline, camera):  # noqa: F811
    pipeline.environment["ANLAN_SECRET_KEY"] = "of this installation"
    given = [
        device(1, camera.url, login=seal("admin:p@ss", "of this installation")),
        device(2, "file:///etc/passwd"),
        device(3, camera.url, login=seal("admin:p@ss", "of another")),
        device(4, "http://127.0.0.1:9/none"),
    ]
    pipeline.start("cameras", "cameras")
    publish.run(pipeline.url, lambda client: publish.put_devices(client, given))
    batches, pictures, now, clip, nobody = asyncio.run(heard(pipeline.url))

    got = [readings.unpack(message.data)[0] for message in batches if len(message.data)]
    values = {int(point): float(value) for batch in got for point, value in zip(batch.point, batch.value, strict=True)}
    assert set(values) <= {100, 101} and values[101] == 0
    picture = pictures[0]
    assert picture.headers["Anlan-Point"] == "100" and float(picture.headers["Anlan-Value"]) >= 0.5
    what, confidence, left, _top, width, _height = orjson.loads(picture.headers["Anlan-Seen"])[0]
    assert what == "moving" and confidence > 0.5 and left + width / 2 > 0.4
    assert cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_COLOR).shape[2] == 3
    assert now.data[:3] == b"\xff\xd8\xff" and now.headers["Anlan-State"] == "watching"
    assert clip.data[:4] == b"\x1aE\xdf\xa3"
    assert nobody.data == b"" and nobody.headers["Anlan-State"] == "not watched"

    health = pipeline.health("cameras")
    assert set(health["faults"]) == {"2", "3"} and "begins with" in health["faults"]["2"]
    assert health["cameras"]["4"]["looks"] == 0
    log = (pipeline.home / "cameras.log").read_text()
    assert "p@ss" not in log and "p%40ss" not in log
    assert pipeline.stop("cameras") == 0
