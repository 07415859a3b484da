"""`anlan scenario [NAME] [--stop]`: start a scenario in the running simulator, stop it, or list what there is."""

import asyncio
import sys

from nats.errors import Error as NatsError

from anlan.demo.scenarios import SCENARIOS
from anlan.demo.simulator import ask
from anlan.telemetry import settings, streams

NOBODY = "No simulator answers. Start the platform with: anlan run   (or the simulator alone with: anlan simulate)"


def command(name: str = "", stop: bool = False) -> int:
    """Exit code 1 when nothing answers or there is no such scenario."""
    try:
        answer = asyncio.run(asyncio.wait_for(request("stop" if stop else "start" if name else "list", name), 5))
    except (NatsError, OSError, TimeoutError):
        print(NOBODY, file=sys.stderr)
        return 1
    if "error" in answer:
        print(answer["error"], file=sys.stderr)
        return 1
    for one in SCENARIOS.values():
        running = answer["running"].get(one.name)
        mark = f"running for {running:.0f} of {one.seconds} s" if running is not None else ""
        print(f"{one.name:<16} {one.title_zh} / {one.title_en}  {mark}".rstrip())
        if one.name == name and not stop:
            print(f"{'':<16} {one.about_zh}\n{'':<16} {one.about_en}")
    return 0


async def request(what: str, name: str = "") -> dict:
    """The same for a web page: {"running": {…}} or {"error": …}. Errors: NatsError, OSError, TimeoutError."""
    async with streams.connected(settings.load().nats_url, "scenario") as client:
        return await ask(client, what, name)
