"""``python -m anlan.telemetry.archive``"""

import asyncio

from anlan.telemetry import process, settings, streams
from anlan.telemetry.archive.writer import Archive


def main() -> None:
    given = settings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with streams.connected(given.nats_url, "archive") as client:
            await Archive(client, given).run(stop)

    process.start("archive", serve)


if __name__ == "__main__":
    main()
