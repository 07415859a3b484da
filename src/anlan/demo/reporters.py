"""Who reports what: gateways with the devices behind them, devices that report alone. Pure: time in, messages out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import orjson

from anlan.demo.scenarios import SCENARIOS, Play, Scenario
from anlan.demo.signals import Signals, interval

GATEWAY_TOPIC, OWN_TOPIC = "v1/gateway/telemetry", "v1/devices/me/telemetry"
DEVICES_A_MESSAGE = 200
"""A gateway sends 64 KiB at most in one message; 200 names with their values are some 25 KiB."""
HURRY = 2.0
"""While a scenario plays, its devices report this often, in seconds."""


class Group:
    """Devices of one profile behind one reporter."""

    def __init__(self, profile: str, names: tuple[str, ...], numbers: np.ndarray, datum: np.ndarray):
        self.profile, self.names = profile, names
        self.signals = Signals(profile, numbers, datum)


@dataclass
class Reporter:
    """One sender: `stage` names the part it plays in scenarios, `place` which of the devices of its profile that report
    alone it is; `due` is when it reports next (Unix seconds)."""

    code: str
    token: str
    groups: tuple[Group, ...]
    is_gateway: bool
    stage: str
    interval: float
    place: int = 0
    due: float = 0.0
    said_at: float = 0.0
    playing: dict[str, float] = field(default_factory=dict)  # scenario -> Unix second of its start

    @property
    def silent(self) -> bool:
        """A scenario has cut its line: the gateway's, or that of a device alone."""
        return any(play.profile == "gateway" or not self.is_gateway for play in self._silences())

    def _silences(self) -> list[Play]:
        plays = (play for name in self.playing for play in SCENARIOS[name].plays)
        return [play for play in plays if play.silent and self.places(play)]

    def has(self, profile: str) -> int:
        return max((len(group.names) for group in self.groups if group.profile == profile), default=0)

    def places(self, play: Play) -> list[tuple[int, int]]:
        """(place in the play, index among its devices of the profile) of those that play here."""
        here = self.has(play.profile)
        if not self.is_gateway:
            place = self.place - play.first
            return [(place, 0)] if here and 0 <= place < len(play.shares) else []
        return [(place, play.first + place) for place in range(len(play.shares)) if play.first + place < here]

    def messages(self, t: float) -> list[tuple[str, bytes]]:
        """What it says now: (topic, JSON). Device time in Unix milliseconds goes with every value."""
        ts = int(t * 1000)
        said: dict[str, list[dict]] = {}
        own: dict[str, float] = {}
        part = min(1.0, max(0.0, t - self.said_at) / self.interval)
        for group in self.groups:
            columns = self._laid_over(group, group.signals.at(t), t)
            columns |= {key: np.round(columns[key] * part, 4) for key in group.signals.amounts}
            keys = list(columns)
            if not keys:
                continue
            rows = zip(*(columns[key].tolist() for key in keys), strict=True)
            dumb = {
                index for play in self._silences() if play.profile == group.profile for _, index in self.places(play)
            }
            if group.profile == "gateway" or not self.is_gateway:
                own = dict(zip(keys, next(rows), strict=True))
            else:
                for index, (name, row) in enumerate(zip(group.names, rows, strict=True)):
                    if index in dumb:
                        continue
                    said[name] = [{"ts": ts, "values": dict(zip(keys, row, strict=True))}]
        self.said_at = t
        found = [(OWN_TOPIC, orjson.dumps({"ts": ts, "values": own}))] if own else []
        names = list(said)
        for at in range(0, len(names), DEVICES_A_MESSAGE):
            found.append(
                (GATEWAY_TOPIC, orjson.dumps({name: said[name] for name in names[at : at + DEVICES_A_MESSAGE]}))
            )
        return found

    def _laid_over(self, group: Group, columns: dict[str, np.ndarray], t: float) -> dict[str, np.ndarray]:
        for name, start in self.playing.items():
            scenario = SCENARIOS[name]
            for play in scenario.plays:
                if play.profile != group.profile or play.point not in columns:
                    continue
                column = columns[play.point] = columns[play.point].astype(float).copy()
                for place, index in self.places(play):
                    column[index] = scenario.reading(play, t - start, place, float(column[index]))
        return columns


def reporters(said: Mapping) -> list[Reporter]:
    """The reporters of a devices file (see `tokens`), spread over their intervals so that none report in step."""
    role = {code: name for name, code in said["stage"].items()}
    found = []
    for entry in said["gateways"]:
        groups = (_group("gateway", [entry]), *_grouped(entry["devices"]))
        shortest = min(interval(group.profile) for group in groups)
        found.append(Reporter(entry["code"], entry["token"], groups, True, role.get(entry["code"], ""), shortest))
    counted: dict[str, int] = {}
    for entry in said["alone"]:
        profile = entry["profile"]
        place = counted[profile] = counted.get(profile, -1) + 1
        groups = (_group(profile, [entry]),)
        found.append(Reporter(entry["code"], entry["token"], groups, False, "", interval(profile), place))
    return found


def cast(scenario: Scenario, among: list[Reporter]) -> list[Reporter]:
    """The reporters that play in a scenario: its stage; else, for each play, those that report alone, or where there
    are none the first gateway with as many devices as play."""
    if scenario.stage:
        return [one for one in among if one.stage == scenario.stage]
    found = [one for play in scenario.plays for one in _players(play, among)]
    return list({id(one): one for one in found}.values())


def _players(play: Play, among: list[Reporter]) -> list[Reporter]:
    alone = [one for one in among if not one.is_gateway and one.places(play)]
    needed = play.first + len(play.shares)
    behind = (one for one in among if one.is_gateway and one.has(play.profile) >= needed)
    return alone or list(islice(behind, 1))


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
