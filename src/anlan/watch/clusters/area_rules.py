"""Area rules as packs state them (`area_rules.yaml`), and the arithmetic that finds clusters. Pure.

An alarm completes a cluster when, counting itself, alarms of at least `count` devices were raised within `metres` of it
and in the `minutes` before it. Clusters that share an alarm are one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np

from anlan import packs
from anlan.desk.wording import title

DEGREE = 111_320.0  # metres of a degree of latitude; over the reach of a rule a plane is exact to a few in a thousand


@dataclass(frozen=True, kw_only=True)
class AreaRule:
    """`devices`: profiles; `kinds`: of alarm (H, HH, L, LL), none: every kind but silence; `level`: of the warning."""

    code: str
    title: Any
    devices: frozenset[str]
    kinds: frozenset[str]
    count: int
    metres: float
    minutes: float
    level: int
    source: str
    status: str

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    def counts(self, profile: str, kind: str) -> bool:
        return profile in self.devices and (kind in self.kinds if self.kinds else kind != "SILENCE")


@dataclass(frozen=True)
class Seen:
    """Alarms as columns: whose, when (seconds), where (degrees)."""

    device: np.ndarray
    ts: np.ndarray
    lon: np.ndarray
    lat: np.ndarray

    def near(self, at: int, rule: AreaRule) -> np.ndarray:
        """The alarms within reach of this one and not after it, itself among them, as their numbers."""
        north = (self.lat - self.lat[at]) * DEGREE
        east = (self.lon - self.lon[at]) * DEGREE * np.cos(np.radians(self.lat[at]))
        age = self.ts[at] - self.ts
        return np.flatnonzero((north**2 + east**2 <= rule.metres**2) & (age >= 0) & (age <= rule.minutes * 60))


def clusters(seen: Seen, rule: AreaRule) -> list[np.ndarray]:
    """The numbers of the alarms of each cluster, in order of time; clusters in the order of their first alarm."""
    found: list[set[int]] = []
    for at in np.argsort(seen.ts, kind="stable"):
        near = seen.near(at, rule)
        if len(np.unique(seen.device[near])) >= rule.count:
            found = _joined(found, set(near.tolist()))
    ordered = [np.array(sorted(one, key=lambda at: (seen.ts[at], at))) for one in found]
    return sorted(ordered, key=lambda one: (seen.ts[one[0]], one[0]))


def _joined(found: Sequence[set[int]], new: set[int]) -> list[set[int]]:
    apart = [one for one in found if not one & new]
    return [*apart, new.union(*(one for one in found if one & new))]


@cache
def area_rules() -> tuple[AreaRule, ...]:
    return tuple(_read(code, entry) for code, entry in packs.section("area_rules").items())


def _read(code: str, entry: dict) -> AreaRule:
    unknown = set(entry["devices"]) - packs.section("profiles").keys()
    if unknown:
        raise packs.PackError(f"area_rules.yaml: '{code}': no pack has the profile {', '.join(sorted(unknown))}")
    return AreaRule(
        code=code,
        title=title(entry),
        devices=frozenset(entry["devices"]),
        kinds=frozenset(entry.get("kinds", ())),
        count=entry["count"],
        metres=entry["metres"],
        minutes=entry["minutes"],
        level=entry["level"],
        source=entry["source"],
        status=entry["status"],
    )
