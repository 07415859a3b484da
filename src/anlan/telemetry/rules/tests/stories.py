"""A shard and a short way to tell it what happens: seconds instead of microseconds, one point, one page of rules."""

from anlan.columns import page
from anlan.columns.readings import EMPTY, Quality, readings
from anlan.telemetry import book
from anlan.telemetry.book import Rule
from anlan.telemetry.rules.shard import Shard, Transition

SECOND = 1_000_000
START = 1_767_576_600 * SECOND


def rules_page(*rules: Rule, number: int = 0, version: int = 1) -> dict:
    return page.unpack(book.pack_rules(number, version, rules))[0]


class Story:
    def __init__(self, *rules: Rule, point: int = 5):
        self.shard, self.point, self.version = Shard(0, 1), point, 0
        self.told: list[Transition] = []
        self.become(0, *rules)

    def become(self, at: float, *rules: Rule) -> list[Transition]:
        """The rules are these from now on."""
        self.version += 1
        now = START + round(at * SECOND)
        return self._keep(list(self.shard.replace_page(now, 0, self.version, rules_page(*rules, version=self.version))))

    def at(
        self,
        now: float,
        *rows: tuple[float, float],
        quality: Quality = Quality.GOOD,
        received: float | None = None,
        sent: float | None = None,
    ) -> list[Transition]:
        """Stream time ``now`` comes, with readings as (reading time, value), or without any."""
        batch = EMPTY
        if rows:
            times = [START + round(ts * SECOND) for ts, _ in rows]
            batch = readings([self.point] * len(rows), times, [value for _, value in rows], [quality] * len(rows))
        received = now if received is None else received
        clocks = (START + round(at * SECOND) for at in (received, received if sent is None else sent))
        return self._keep(list(self.shard.entry(START + round(now * SECOND), batch, *clocks)))

    def _keep(self, found: list[Transition]) -> list[Transition]:
        self.told += found
        return found


def short(found: list[Transition]) -> list[tuple]:
    """(transition, kind, seconds since the start) of each."""
    return [(one.transition, one.kind, (one.ts - START) / SECOND) for one in found]
