"""What the rules cost: one pass of 60,000 readings, each held against 28 rules, with aggregates by town.

Two books: `limits` is what most plants have (limits with deadbands and delays, state bits, range, silence, a rate);
`windows` is the dearest we know (rain of 1 h to 24 h, means, changes and flat lines beside the limits). Twelve towns
have each a mean, highest, sum, count over a limit and number heard, computed every five seconds and judged by rules of
their own. Readings come as they do from the stream, in entries of 500 of different devices.
"""

import time

import numpy as np

from anlan.columns import page
from anlan.columns.readings import PAGE_BITS, readings
from anlan.telemetry import book
from anlan.telemetry.book import Rule
from anlan.telemetry.computed import Computed
from anlan.telemetry.rules import snapshot
from anlan.telemetry.rules.shard import Shard

SERIES, TOWNS, EVERY, ENTRY = 60_000, 12, 5, 500
PASSES = 45
SECOND = 1_000_000
START = 1_767_576_600 * SECOND
HOWS = ("MEAN", "MAX", "SUM", "COUNT", "HEARD")
MINUTES, HOUR = 600.0, 3600.0


def limits(point: int, other: int) -> list[dict]:
    """28 rules of a point: limits in three grades of delay, bits, range, difference, rate, silence."""
    kinds = (("LL", -40.0), ("L", -30.0), ("H", 30.0), ("HH", 40.0))
    held = [
        dict(kind=kind, limit=limit * grade, deadband=2.0, on_delay=delay, off_delay=delay * 2)
        for grade, delay in ((1.0, 0.0), (0.9, 15.0), (0.8, 60.0), (0.7, 300.0))
        for kind, limit in kinds
    ]
    bits = [dict(kind="H", of="BITS", limit=float(1 << bit)) for bit in (10, 11, 12, 13)]
    differences = [dict(kind=kind, of="DIFFERENCE", other=other, limit=60.0) for kind in ("H", "HH")]
    rates = [dict(kind=kind, of="CHANGE", window=MINUTES, limit=limit) for kind, limit in (("H", 60.0), ("L", -60.0))]
    flat = [dict(kind="L", of="SPREAD", window=HOUR, limit=0.001)]
    means = [dict(kind="H", of="MEAN", window=MINUTES, limit=25.0)]
    return [
        *held,
        *bits,
        *differences,
        *rates,
        *flat,
        *means,
        dict(kind="H", of="RANGE"),
        dict(kind="SILENCE", silence=60),
    ]


def windows(point: int, other: int) -> list[dict]:
    """28 rules of a point, 22 of them over time, in six lengths of window."""
    held = [dict(kind=kind, limit=limit) for kind, limit in (("LL", -40.0), ("L", -30.0), ("H", 30.0), ("HH", 40.0))]
    rain = [
        dict(kind=kind, of="SUM", window=hours * HOUR, limit=1e9) for hours in (1, 3, 6, 12, 24) for kind in ("H", "HH")
    ]
    changes = [
        dict(kind=kind, of="CHANGE", window=window, limit=limit)
        for window in (MINUTES, HOUR, 24 * HOUR)
        for kind, limit in (("H", 90.0), ("L", -90.0))
    ]
    means = [
        dict(kind=kind, of="MEAN", window=window, limit=25.0) for window in (MINUTES, HOUR) for kind in ("H", "HH")
    ]
    flat = [dict(kind="L", of="SPREAD", window=window, limit=0.001) for window in (MINUTES, HOUR)]
    return [*held, *rain, *changes, *means, *flat, dict(kind="H", of="RANGE"), dict(kind="SILENCE", silence=60)]


def filled(of_point) -> Shard:
    """A shard with all rules and the towns' aggregates, the aggregates on a page of their own."""
    shard, size = Shard(0, 1), 1 << PAGE_BITS
    pattern = [
        Rule(id=point * 28 + n + 1, point=point, **one)
        for point in range(size)
        for n, one in enumerate(of_point(point, point ^ 1))
    ]
    columns = page.unpack(book.pack_rules(0, 1, pattern))[0]
    for number in range(-(-SERIES // size)):
        rows = slice(0, 28 * min(size, SERIES - number * size))
        moved = {"rule": 28 * size * number, "point": size * number, "other": size * number}
        shifted = {name: column[rows] + np.array(moved.get(name, 0), column.dtype) for name, column in columns.items()}
        list(shard.replace_page(START, number, 1, shifted))
    first = (book.rule_page(SERIES) + 1) << PAGE_BITS
    towns = np.array_split(np.arange(SERIES), TOWNS)
    computed = [
        Computed(first + town * len(HOWS) + n, how, tuple(members.tolist()), limit=30.0, every=EVERY)
        for town, members in enumerate(towns)
        for n, how in enumerate(HOWS)
    ]
    held = [Rule(id=2_000_000 + n, point=one.point, kind="H", limit=1e9) for n, one in enumerate(computed)]
    columns, meta = page.unpack(book.pack_rules(book.rule_page(first), 1, held, computed))
    list(shard.replace_page(START, book.rule_page(first), 1, columns, book.beside(meta)))
    return shard


def run(name: str, of_point) -> None:
    assert len(of_point(0, 1)) == 28
    shard, dice = filled(of_point), np.random.default_rng(7)
    order, phase = dice.permutation(SERIES), dice.uniform(0, 2 * np.pi, SERIES)
    took, cost, told = [], [], 0
    for number in range(PASSES):
        now = START + number * EVERY * SECOND
        # Slow waves with noise: some point crosses a limit in every pass, as in a province some always does.
        value = (20 * np.sin(phase + number / 50) + dice.normal(0, 0.3, SERIES)).astype(np.float32)
        entries = []
        for at, rows in enumerate(np.array_split(order, SERIES // ENTRY)):
            instant = now + at * EVERY * SECOND * ENTRY // SERIES
            entries.append((instant, readings(rows, np.full(len(rows), instant), value[rows], np.zeros(len(rows)))))
        began, used = time.perf_counter(), time.process_time()
        for instant, batch in entries:
            told += sum(1 for _ in shard.entry(instant, batch, instant))
        took.append(time.perf_counter() - began)
        cost.append(time.process_time() - used)
    # The first passes compile and fill; what is told is the rest.
    took, cost = np.array(took[5:]), np.array(cost[5:])
    used = cost.mean()
    print(
        f"{name:8} {len(shard.rules['rule']):>9,} rules  pass p50 {np.median(took) * 1e3:6.1f} ms, p99 "
        f"{np.quantile(took, 0.99) * 1e3:6.1f} ms  processor {used * 1e3:6.1f} ms = {used / EVERY:.3f} core, "
        f"{used / SERIES * 1e6:.2f} ms per 1,000 readings  {told:,} transitions"
    )
    began = time.perf_counter()
    size = len(snapshot.pack(shard, 1))
    print(f"{'':8} snapshot {size / 1e6:.1f} MB in {time.perf_counter() - began:.2f} s")


def main() -> None:
    print(f"{SERIES:,} series every {EVERY} s, 28 rules each, {TOWNS} towns x {len(HOWS)} aggregates")
    run("limits", limits)
    run("windows", windows)
