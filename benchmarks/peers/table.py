"""How two sides are set beside each other."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    who: str
    figure: float
    """What the ratio is made of."""
    shown: str
    processor: str


def compare(work: str, ours: Side, theirs: list[Side], *, more_is_better: bool = False) -> None:
    """A block: the work, our line, a line of each peer with how many times better ours is."""
    print(f"{work}   (load {os.getloadavg()[0]:.1f})")
    print(f"  {ours.who:<26} {ours.shown:<58} processor {ours.processor}")
    for one in theirs:
        ratio = ours.figure / one.figure if more_is_better else one.figure / ours.figure
        print(f"  {one.who:<26} {one.shown:<58} processor {one.processor}   ours is {ratio:.1f} times better")
    print(flush=True)


def spread(milliseconds: list[float]) -> tuple[float, float]:
    """p50 and p99."""
    ordered = sorted(milliseconds)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
