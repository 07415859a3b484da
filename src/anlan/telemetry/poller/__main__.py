"""``python -m anlan.telemetry.poller``"""

import asyncio

from anlan.telemetry import process, settings, streams
from anlan.telemetry.poller.service import Poller


def main() -> None:
    given = settings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with streams.connected(given.nats_url, "poller") as client:
            await Poller(client, given).run(stop)

    process.start("poller", serve)


if __name__ == "__main__":
    main()
