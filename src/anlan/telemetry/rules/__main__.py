"""``python -m anlan.telemetry.rules --shard 0``"""

import argparse
import asyncio

from anlan.telemetry import process, settings, streams


def main() -> None:
    parser = argparse.ArgumentParser(prog="anlan.telemetry.rules", description="Judges the readings of one shard.")
    parser.add_argument("--shard", type=int, default=0)
    number = parser.parse_args().shard
    given = settings.load()
    if not 0 <= number < given.shards:
        raise SystemExit(f"--shard {number}: there are {given.shards} shards (ANLAN_SHARDS), numbered from 0")

    # Only now: the kernel brings the compiler with it.
    from anlan.columns.readings import readings
    from anlan.telemetry.rules.shard import Shard
    from anlan.telemetry.rules.worker import Worker

    list(Shard(0, 1).entry(1, readings([0], [0], [0.0], [0])))

    async def serve(stop: asyncio.Event) -> None:
        async with streams.connected(given.nats_url, f"rules-{number}") as client:
            await Worker(client, given, number).run(stop)

    process.start(f"rules-{number}", serve)


if __name__ == "__main__":
    main()
