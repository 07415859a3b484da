"""``python -m anlan.telemetry.gateway``"""

import asyncio

from anlan.telemetry import process, settings, streams
from anlan.telemetry.gateway.service import Gateway


def main() -> None:
    given = settings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with streams.connected(given.nats_url, "gateway") as client:
            await Gateway(client, given).run(stop)

    process.start("gateway", serve)


if __name__ == "__main__":
    main()
