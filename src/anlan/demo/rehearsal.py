"""Scenarios and ordinary days before the real rule kernel: which alarms come of them. What a pack's author tries.

The simulator's own reporters speak, their messages are taken apart as the gateway would, and the packs' rules judge
them on a shard like any other. No socket, no database, no waiting.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import orjson

from anlan import packs
from anlan.columns.readings import Readings, readings
from anlan.demo.reporters import HURRY, OWN_TOPIC, cast, reporters
from anlan.demo.scenarios import Scenario
from anlan.demo.signals import Signals, interval
from anlan.telemetry import declared
from anlan.telemetry.book import Beside, Rule
from anlan.telemetry.computed import Computed
from anlan.telemetry.rules.backtest import Episode, backtest

START = 1_790_000_000  # Unix second of the curtain; 2026-09-21 in China
BEFORE = 300  # seconds of an ordinary day before it
READ = 150  # so many times each scenario is read at most
SECOND = 1_000_000


@dataclass(frozen=True)
class Raised:
    """An alarm: of which scenario's or profile's device, by which rule, so many seconds after the start."""

    of: str
    profile: str
    device: int
    point: str
    rule: Mapping
    after: float


class _Desk:
    """Numbers points and rules as they come and keeps what each was."""

    def __init__(self):
        self.points: dict[tuple, int] = {}
        self.rules: list[Rule] = []
        self.meant: list[tuple] = []
        self.computed: list[Computed] = []

    def device(self, of: str, profile: str, place: int) -> None:
        entry = packs.section("profiles")[profile]
        own = {key: self.points.setdefault((of, profile, place, key), len(self.points)) for key in entry["points"]}
        self.computed += declared.all_computed(own, entry)
        for key, point in entry["points"].items():
            for rule in point.get("rules", ()):
                self.meant.append((of, profile, place, key, rule))
                self.rules.append(declared.rule(len(self.meant), own, key, rule))

    def curtain(self, t: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A reading of nobody at the end: who is silent till then is found silent."""
        number = self.points.setdefault(("curtain",), len(self.points))
        self.meant.append(("curtain", "", 0, "", {}))
        self.rules.append(Rule(id=len(self.meant), point=number, kind="H", limit=1.0))
        return np.array([number]), np.array([t * SECOND]), np.zeros(1, np.float32)

    def judged(self, columns: Iterable[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> list[Raised]:
        point, ts, value = (np.concatenate(column) for column in zip(*columns, strict=True))
        batch: Readings = readings(point, ts, value, np.zeros(len(point), np.uint8))
        beside = Beside(tuple(self.computed), tuple(declared.calendars().values()))
        return [self._raised(one) for one in backtest(self.rules, [batch], beside=beside).episodes]

    def _raised(self, episode: Episode) -> Raised:
        return Raised(*self.meant[episode.rule - 1], after=(episode.raised / SECOND) - START)


def rehearse(scenarios: Iterable[Scenario]) -> list[Raised]:
    """Every alarm that comes of these scenarios, each played for itself from its start to its end."""
    desk, scenarios = _Desk(), list(scenarios)
    columns = [column for scenario in scenarios for column in _played(desk, scenario)]
    return desk.judged([*columns, desk.curtain(START + max(scenario.seconds for scenario in scenarios))])


def _played(desk: _Desk, scenario: Scenario) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    said = _stage(scenario)
    for one in said["alone"] + [child for gateway in said["gateways"] for child in (gateway, *gateway["devices"])]:
        desk.device(scenario.name, one["profile"], one["place"])
    place = {one["code"]: one for one in said["alone"] + said["gateways"]}
    place |= {child["name"]: child for gateway in said["gateways"] for child in gateway["devices"]}
    players = cast(scenario, reporters(said))
    for one in players:
        one.playing[scenario.name] = float(START)
    rows = []
    for t in _times(scenario):
        for one in players:
            if t >= START and one.silent:
                continue
            playing, one.playing = one.playing, one.playing if t >= START else {}
            rows += [(desk.points[(scenario.name, *whose)], t, value) for whose, value in _heard(one, place, t)]
            one.playing = playing
    point, ts, value = zip(*rows, strict=True)
    yield np.array(point), np.round(np.array(ts) * SECOND).astype(np.int64), np.array(value, np.float32)


def _times(scenario: Scenario) -> np.ndarray:
    usual = max(interval(play.profile) for play in scenario.plays)
    step = max(HURRY, scenario.seconds / READ)
    return np.concatenate((np.arange(START - BEFORE, START, usual), np.arange(START, START + scenario.seconds, step)))


def _heard(one, place: Mapping[str, Mapping], t: float) -> Iterator[tuple[tuple, float]]:
    for topic, payload in one.messages(float(t)):
        said = orjson.loads(payload)
        told = {one.code: said["values"]} if topic == OWN_TOPIC else {n: rows[0]["values"] for n, rows in said.items()}
        for name, values in told.items():
            who = place[name]
            yield from (((who["profile"], who["place"], key), value) for key, value in values.items())


def _stage(scenario: Scenario) -> dict:
    """Just the devices the scenario needs, as `tokens` would write them; `place` counts those that play from 0."""
    needed = {play.profile: play.first + len(play.shares) for play in scenario.plays}
    first = {play.profile: play.first for play in scenario.plays}
    own = [
        {**_entry(profile, n), "place": n - first[profile]}
        for profile, count in needed.items()
        for n in range(count)
        if profile != "gateway"
    ]
    if not scenario.stage:
        return {"stage": {}, "gateways": [], "alone": [{**one, "token": one["code"]} for one in own]}
    gateway = {**_entry("gateway", 0), "place": 0, "token": "stage", "devices": own}
    return {"stage": {scenario.stage: gateway["code"]}, "gateways": [gateway], "alone": []}


def _entry(profile: str, n: int) -> dict:
    return {"code": f"{profile}-{n}", "name": f"{profile} {n}", "profile": profile, "number": 2_654_435 * (n + 1)}


def broken_promises(scenarios: Iterable[Scenario]) -> list[str]:
    """What the scenarios promise and do not keep, a sentence each; empty when all is well."""
    scenarios = list(scenarios)
    raised: dict[str, list[Raised]] = {one.name: [] for one in scenarios}
    for one in rehearse(scenarios):
        raised[one.of].append(one)
    return [fault for scenario in scenarios for fault in _broken(scenario, raised[scenario.name])]


def _broken(scenario: Scenario, raised: list[Raised]) -> Iterator[str]:
    for wanted in scenario.raises:
        times = [one.after for one in raised if _meant(one, wanted)]
        if not any(0 <= after <= wanted["within"] for after in times):
            found = f"raised at {times}" if times else "never raised"
            yield f"{scenario.name}: {_said(wanted)} within {wanted['within']} s was promised; {found}"
    for unwanted in scenario.spares:
        if times := [one.after for one in raised if _meant(one, unwanted)]:
            yield f"{scenario.name}: {_said(unwanted)} must not be raised; raised at {times}"


def _meant(one: Raised, alarm: Mapping) -> bool:
    same = (one.profile, one.point, one.device) == (alarm["profile"], alarm["point"], alarm.get("device", 0))
    return same and declared.kind_of(one.rule) == declared.kind_of(alarm)


def _said(alarm: Mapping) -> str:
    over = f" over {alarm['window']} s" if "window" in alarm else ""
    over += f" in {alarm['calendar']}" if "calendar" in alarm else ""
    return f"{alarm['kind']} of {alarm.get('of', 'VALUE')}{over} at {alarm['profile']}/{alarm['point']}"


def ordinary(profiles: Iterable[str], devices: int = 2, seconds: int = 86_400) -> list[Raised]:
    """Every alarm of an ordinary day: there should be none."""
    desk = _Desk()
    columns = []
    for profile in profiles:
        for place in range(devices):
            desk.device("", profile, place)
        times = np.arange(START, START + seconds, interval(profile))
        number = np.arange(1, devices + 1, dtype=np.uint64) * np.uint64(2_654_435)
        for key, value in Signals(profile, number).at(times[:, None].astype(float)).items():
            point = [desk.points["", profile, place, key] for place in range(devices)]
            columns.append(
                (np.tile(point, len(times)), np.repeat(times, devices) * SECOND, value.ravel().astype(np.float32))
            )
    return desk.judged(columns)
