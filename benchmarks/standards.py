"""GB 18218 for a million units at once: how many a second, from chemicals to levels."""

import os
import time
from datetime import date

import numpy as np

from anlan.standards.dating import When
from anlan.standards.major_hazards import many_units

UNITS = 1_000_000
ROUNDS = 5


def main() -> None:
    dice = np.random.default_rng(18218)
    offsets = np.concatenate([[0], np.cumsum(dice.integers(1, 6, UNITS))])
    chemicals = int(offsets[-1])
    codes = dice.integers(0, len(many_units.catalogue().keys), chemicals)
    tonnes = np.round(dice.exponential(30, chemicals), 1)
    residents = dice.integers(0, 200, UNITS)
    when, times, busy = When(date(2026, 11, 24)), [], []
    for _ in range(ROUNDS):
        began, cpu = time.perf_counter(), time.process_time()
        found = many_units.grade_units(offsets, codes, tonnes, residents, when)
        times.append(time.perf_counter() - began)
        busy.append(time.process_time() - cpu)
    levels = ", ".join(f"level {n}: {count:,}" for n, count in enumerate(np.bincount(found.level)) if n)
    print(f"{UNITS:,} units of {chemicals:,} chemicals; {levels}")
    print(f"{UNITS / sorted(times)[ROUNDS // 2]:,.0f} units a second (median of {ROUNDS}; slowest {max(times):.3f} s)")
    print(f"{UNITS / sorted(busy)[ROUNDS // 2]:,.0f} units a second of processor time; load {os.getloadavg()[0]:.0f}")


if __name__ == "__main__":
    main()
