"""``python -m anlan.telemetry.cameras``: the process that looks at the cameras. Without a camera it waits and costs
nothing: what reads video is loaded with the first one."""

import asyncio
import os

from anlan.telemetry import process, streams
from anlan.telemetry.cameras.service import Cameras
from anlan.telemetry.sealed import installation_key
from anlan.telemetry.settings import load


async def serve(stop: asyncio.Event) -> None:
    settings = load()
    async with streams.connected(settings.nats_url, "cameras") as client:
        await Cameras(client, settings, installation_key(os.environ, settings.home)).run(stop)


if __name__ == "__main__":
    process.start("cameras", serve)
