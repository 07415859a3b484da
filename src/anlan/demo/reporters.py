"""Who reports what: gateways with the devices behind them, devices that report alone. Pure: time in, messages out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import orjson

from anlan.demo import signals
from anlan.demo.scenarios import SCENARIOS, Scenario, reading

GATEWAY_TOPIC, OWN_TOPIC = "v1/gateway/telemetry", "v1/devices/me/telemetry"
DEVICES_A_MESSAGE = 200
"""A gateway sends 64 KiB at most in one message; 200 names with their values are some 25 KiB."""
HURRY = 2.0
"""While a scenario plays, its devices report this often, in seconds."""


@dataclass(frozen=True)
class Group:
    """Devices of one profile behind one reporter."""

    profile: str
    names: tuple[str, ...]
    numbers: np.ndarray
    datum: np.ndarray

    def read(self, t: float) -> dict[str, np.ndarray]:
        return signals.values(self.profile, self.numbers, t, self.datum)


@dataclass
class Reporter:
    """One sender: `stage` names the part it plays in scenarios; `due` is when it reports next (Unix seconds)."""

    code: str
    token: str
    groups: tuple[Group, ...]
    is_gateway: bool
    stage: str
    interval: float
    due: float = 0.0
    playing: dict[str, float] = field(default_factory=dict)  # scenario -> Unix second of its start

    @property
    def silent(self) -> bool:
        """A scenario has cut its line."""
        return any(SCENARIOS[name].script is None for name in self.playing)

    def messages(self, t: float) -> list[tuple[str, bytes]]:
        """What it says now: (topic, JSON). Device time in Unix milliseconds goes with every value."""
        ts = int(t * 1000)
        said: dict[str, list[dict]] = {}
        own: dict[str, float] = {}
        for group in self.groups:
            columns = self._laid_over(group, group.read(t), t)
            keys = list(columns)
            rows = zip(*(columns[key].tolist() for key in keys), strict=True)
            if group.profile == "gateway" or not self.is_gateway:
                own = dict(zip(keys, next(rows), strict=True))
            else:
                for name, row in zip(group.names, rows, strict=True):
                    said[name] = [{"ts": ts, "values": dict(zip(keys, row, strict=True))}]
        found = [(OWN_TOPIC, orjson.dumps({"ts": ts, "values": own}))] if own else []
        names = list(said)
        for at in range(0, len(names), DEVICES_A_MESSAGE):
            part = {name: said[name] for name in names[at : at + DEVICES_A_MESSAGE]}
            found.append((GATEWAY_TOPIC, orjson.dumps(part)))
        return found

    def _laid_over(self, group: Group, columns: dict[str, np.ndarray], t: float) -> dict[str, np.ndarray]:
        for name, start in self.playing.items():
            scenario = SCENARIOS[name]
            if scenario.profile != group.profile or scenario.key not in columns:
                continue
            column = columns[scenario.key] = columns[scenario.key].astype(float).copy()
            for place, index in self._chosen(scenario, len(group.names)):
                column[index] = reading(scenario, t - start, place, float(column[index]))
        return columns

    def _chosen(self, scenario: Scenario, count: int) -> list[tuple[int, int]]:
        """(place in the script, index in the group). A device that reports alone plays the place it was given."""
        if not self.is_gateway:
            return [(int(self.stage.rpartition("#")[2]), 0)]
        return [(place, scenario.first + place) for place in range(scenario.count) if scenario.first + place < count]


def reporters(said: Mapping) -> list[Reporter]:
    """The reporters of a devices file (see `tokens`), spread over their intervals so that none report in step."""
    role = {code: name for name, code in said["stage"].items()}
    found = []
    for entry in said["gateways"]:
        groups = (_group("gateway", [entry]), *_grouped(entry["devices"]))
        interval = min(signals.INTERVALS[group.profile] for group in groups)
        found.append(Reporter(entry["code"], entry["token"], groups, True, role.get(entry["code"], ""), interval))
    counted: dict[str, int] = {}
    for entry in said["alone"]:
        place = counted[entry["profile"]] = counted.get(entry["profile"], -1) + 1
        groups = (_group(entry["profile"], [entry]),)
        stage = f"{entry['profile']}#{place}"
        found.append(Reporter(entry["code"], entry["token"], groups, False, stage, signals.INTERVALS[entry["profile"]]))
    return found


def cast(scenario: Scenario, among: list[Reporter]) -> list[Reporter]:
    """The reporters that play in a scenario."""
    if scenario.stage:
        return [one for one in among if one.stage == scenario.stage]
    wanted = {f"{scenario.profile}#{scenario.first + n}" for n in range(scenario.count)}
    return [one for one in among if one.stage in wanted]


def _grouped(devices: list[Mapping]) -> tuple[Group, ...]:
    by_profile: dict[str, list[Mapping]] = {}
    for device in devices:
        by_profile.setdefault(device["profile"], []).append(device)
    return tuple(_group(profile, own) for profile, own in by_profile.items())


def _group(profile: str, own: list[Mapping]) -> Group:
    return Group(
        profile,
        tuple(device["name"] for device in own),
        np.array([device["number"] for device in own], np.uint64),
        np.array([device.get("datum", 0.0) for device in own]),
    )
