"""The process: which cameras there are, what they found on its way, pictures and clips on request."""

import asyncio
import contextlib
import logging
import os
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from anlan.columns.readings import Quality
from anlan.telemetry import process, streams
from anlan.telemetry.book import Device, unpack_devices
from anlan.telemetry.cameras import settings as camera_settings
from anlan.telemetry.follow import follow
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.sealed import Unsealable, unseal
from anlan.telemetry.settings import Settings
from anlan.telemetry.streams import PICTURE_SUBJECT, Sending

if TYPE_CHECKING:
    from anlan.telemetry.cameras.eye import Eye, Look

# A playlist from a camera must not name a file of this machine; read by OpenCV's FFmpeg when it opens a stream.
PROTOCOLS = "protocol_whitelist;tcp,udp,rtp,tls,http,https,rtsp,rtsps,crypto|rtsp_transport;tcp"
STOP_SECONDS = 2.0
PER_CENT = {"intrusion", "fire", "smoke"}
"""Findings that are a confidence: a point gets it in per cent, as people read it."""

log = logging.getLogger(__name__)


class Cameras:
    def __init__(self, client: Client, settings: Settings, key: str):
        self.client, self.settings, self.key = client, settings, key
        self.counters: Counter = Counter()
        self.intake = Intake(client, settings.shards, self.counters)
        self.eyes: dict[int, Eye] = {}
        self.faults: dict[int, str] = {}
        self._devices: dict[int, Device] = {}
        self._pages: dict[int, set[int]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", PROTOCOLS)
        await streams.create(self.client.jetstream(timeout=5), self.settings.stream_megabytes)
        intake_stop = asyncio.Event()
        tasks = [asyncio.create_task(self.intake.run(intake_stop)), asyncio.create_task(self._keep_cameras())]
        heard = await self.client.subscribe("cameras.ask", cb=self._asked)
        state = {"cameras": self._states, "faults": lambda: self.faults}
        try:
            async with process.health(self.client, "cameras", self.counters, **state):
                await asyncio.wait([asyncio.create_task(stop.wait()), *tasks], return_when=asyncio.FIRST_COMPLETED)
                for eye in self.eyes.values():
                    eye.stop()
                intake_stop.set()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(tasks[0]), STOP_SECONDS)
        finally:
            if not self.client.is_closed:
                await heard.unsubscribe()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # --- which cameras there are ----------------------------------------------------------------------------------
    async def _keep_cameras(self) -> None:
        stream, prefix = f"KV_{streams.DIRECTORY}", f"$KV.{streams.DIRECTORY}.page."
        async for messages in follow(self.client, stream, f"{prefix}*", latest_of_each=True):
            for message in messages:
                gone = message.headers and message.headers.get("KV-Operation") in ("DEL", "PURGE")
                self._take_page(int(message.subject.removeprefix(prefix)), b"" if gone else message.data)

    def _take_page(self, number: int, body: bytes) -> None:
        found = {each.id: each for each in (unpack_devices(body) if body else ()) if each.settings.get("camera")}
        for gone in self._pages.get(number, set()) - set(found):
            self._drop(gone)
        self._pages[number] = set(found)
        for device in found.values():
            if self._devices.get(device.id) != device:
                self._drop(device.id)
                self._devices[device.id] = device
                self._open(device)

    def _drop(self, device: int) -> None:
        self._devices.pop(device, None)
        self.faults.pop(device, None)
        if eye := self.eyes.pop(device, None):
            eye.stop()

    def _open(self, device: Device) -> None:
        from anlan.telemetry.cameras.eye import Eye  # video is loaded with the first camera

        try:
            camera = camera_settings.read(device.settings["camera"])
            login = unseal(camera.login, self.key) if camera.login else ""
            watcher = self._watcher(camera)
        except (ValueError, Unsealable) as problem:
            self.faults[device.id] = str(problem)
            self.counters["unusable"] += 1
            log.warning("camera %d: %s", device.id, problem)
            return
        loop = asyncio.get_running_loop()
        tell = partial(loop.call_soon_threadsafe, self._take, device)
        eye = self.eyes[device.id] = Eye(camera, camera_settings.address(camera, login), watcher, tell)
        eye.start()

    def _watcher(self, camera: camera_settings.Camera):
        import cv2

        from anlan.vision.model import Model
        from anlan.vision.watcher import Watcher

        cv2.setNumThreads(1)
        if not camera.model:
            return Watcher({"detect": camera.detect})
        file = self.settings.home / "models" / f"{camera.model}.onnx"
        names = file.with_suffix(".txt")
        if not names.exists():
            raise ValueError(
                f"the model {camera.model} needs {names.name} beside it: the words of its classes, one a line"
            )
        return Watcher({"detect": camera.detect}, Model(file, names.read_text(encoding="utf-8").splitlines()))

    # --- what they found ------------------------------------------------------------------------------------------
    def _take(self, device: Device, look: "Look") -> None:
        """Findings become readings of the points of these keys; those the device has no point for are not asked for."""
        points = {point.key: point for point in device.points}
        rows = self.intake.pile.rows
        for finding in look.findings:
            if point := points.get(finding.key):
                value = finding.value * 100 if finding.key in PER_CENT else finding.value
                rows.append(point.id, look.at, value * point.scale + point.offset, int(Quality.GOOD))
        self.counters["looks"] += 1
        for key, picture in look.pictures.items():
            self._send_picture(device, points.get(key), look, key, picture)
        self.intake.when_safe(lambda: None)

    def _send_picture(self, device: Device, point, look: "Look", key: str, picture: bytes) -> None:
        finding = next(each for each in look.findings if each.key == key)
        said = {
            "Anlan-Device": str(device.id),
            "Anlan-Point": str(point.id if point else ""),
            "Anlan-At": str(look.at),
            "Anlan-Value": str(finding.value),
            "Anlan-Seen": orjson.dumps([[one.what, one.confidence, *one.box] for one in finding.seen[:20]]).decode(),
            "Nats-Msg-Id": f"picture-{device.id}-{key}-{look.at}",
        }
        self.intake.tell(Sending(PICTURE_SUBJECT, picture, said))
        self.counters["pictures"] += 1

    # --- requests -------------------------------------------------------------------------------------------------
    async def _asked(self, message: Msg) -> None:
        """``{"device": id, "clip": false}``: the last picture as JPEG, or the last seconds as WebM; else a reason."""
        try:
            asked = orjson.loads(message.data)
            device, clip = int(asked["device"]), bool(asked.get("clip"))
        except (ValueError, KeyError, TypeError):
            return
        eye = self.eyes.get(device)
        kept = eye.kept() if eye else []
        state = eye.state if eye else self.faults.get(device, "not watched")
        body = b""
        if kept:
            body = await asyncio.to_thread(_film, kept, eye.camera.every) if clip else kept[-1]
        await self.client.publish(message.reply, body, headers={"Anlan-State": quote(state[:200], safe=" ")})

    def _states(self) -> dict[str, object]:
        return {
            str(number): {"state": eye.state, "looks": eye.looks, "busy_seconds": round(eye.busy_seconds, 2)}
            for number, eye in self.eyes.items()
        }


def _film(kept: list[bytes], every: float) -> bytes:
    from anlan.telemetry.cameras.clip import film

    return film(kept, every)
