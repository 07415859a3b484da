"""Rules of packs tried on the example series that the packs give with them: `tests` of a device profile.

    tests:
      - name: gas rises over both limits and falls again
        series: {lel: [[0, 0], [10, 30], [20, 60], [60, 1]]}        # seconds, value
        alarms: [{point: lel, kind: H, raised: 13, cleared: 60}, {point: lel, kind: HH, raised: 20, cleared: 60}]
        until: 120

The alarms are all that are raised up to ``until`` seconds (60 after the last reading unless given); one that stands
then has no ``cleared``. ``of``, ``window`` and ``calendar`` are named as the rule names them. ``at`` is the local time
at which the series begins: 2026-07-01T22:00.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from anlan import packs
from anlan.columns import page
from anlan.columns.readings import Quality, Readings, readings
from anlan.telemetry import book, declared
from anlan.telemetry.calendars import LOCAL, MINUTE
from anlan.telemetry.rules.shard import Shard

SECOND = 1_000_000
START = "2026-01-05T09:30"
AFTERWARDS = 60
NAMED = ("of", "window", "calendar")


@dataclass(frozen=True, slots=True)
class Tried:
    """One example of one profile; ``faults`` says in sentences where it departs."""

    profile: str
    name: str
    faults: tuple[str, ...]


def try_all(profiles: Mapping[str, dict] | None = None) -> Iterator[Tried]:
    """All examples of all profiles in use."""
    for code, entry in (packs.section("profiles") if profiles is None else profiles).items():
        for example in entry.get("tests", ()):
            yield Tried(code, example["name"], tuple(faults(entry, example)))


def faults(profile: dict, example: dict) -> Iterator[str]:
    """Where the rules do something else than the example says."""
    points = profile["points"]
    if unknown := set(example["series"]) - set(points):
        yield f"there is no point {', '.join(sorted(unknown))}"
        return
    if made := [key for key in example["series"] if "computed" in points[key]]:
        yield f"{', '.join(made)}: a computed point is not reported; give the points it is made of"
        return
    wanted = [_told(one) for one in example["alarms"]]
    found = [_told(one) for one in raised(profile, example)]
    for one in found:
        if one not in wanted:
            yield f"raised and not expected: {one}"
    for one in wanted:
        if one not in found:
            yield f"expected and not raised: {one}"


def raised(profile: dict, example: dict) -> list[dict]:
    """What the profile's rules make of the series, in the form of an example's alarms."""
    place = {key: number for number, key in enumerate(profile["points"])}
    said = [(key, rule) for key, point in profile["points"].items() for rule in point.get("rules", ())]
    start, found, open_ = _start(example), [], {}
    shard = _shard(profile, place, said, start)
    for after, rows in _entries(example):
        for told in shard.entry(start + after, _batch(profile["points"], place, rows, start + after)):
            at = (told.ts - start) / SECOND
            if told.transition == "raised":
                key, rule = said[told.rule]
                named = {name: rule[name] for name in NAMED if name in rule}
                open_[told.rule] = {"point": key, "kind": told.kind, "raised": at} | named
                found.append(open_[told.rule])
            elif told.transition == "cleared":
                open_.pop(told.rule)["cleared"] = at
    return found


def _shard(profile: dict, place: dict[str, int], said: list[tuple[str, dict]], start: int) -> Shard:
    rules = [declared.rule(number, place, *one) for number, one in enumerate(said)]
    data = book.pack_rules(0, 1, rules, declared.all_computed(place, profile), declared.calendars().values())
    columns, meta = page.unpack(data)
    shard = Shard(0, 1, pause=None)
    list(shard.replace_page(start, 0, 1, columns, book.beside(meta)))
    return shard


def _start(example: dict) -> int:
    local = datetime.fromisoformat(example.get("at", START)).replace(tzinfo=UTC)
    return round(local.timestamp()) * SECOND - LOCAL * MINUTE


def _entries(example: dict) -> Iterator[tuple[int, list[tuple[str, float]]]]:
    """Second by second as far as something is heard or may come due; what is heard in that second."""
    heard: dict[int, list[tuple[str, float]]] = {}
    for key, rows in example["series"].items():
        for at, value in rows:
            heard.setdefault(round(at * SECOND), []).append((key, float(value)))
    last = round(example.get("until", max(heard, default=0) / SECOND + AFTERWARDS) * SECOND)
    for at in sorted({*heard, *range(0, last + 1, max(SECOND, last // 3600))}):
        if at <= last:
            yield at, heard.get(at, [])


def _batch(points: dict, place: dict[str, int], rows: list[tuple[str, float]], now: int) -> Readings:
    quality = [_quality(points[key], value) for key, value in rows]
    return readings([place[key] for key, _ in rows], [now] * len(rows), [value for _, value in rows], quality)


def _quality(point: dict, value: float) -> int:
    within = point.get("low", value) <= value <= point.get("high", value)
    return int(Quality.GOOD if within else Quality.OUT_OF_RANGE)


def _told(alarm: dict) -> str:
    """An alarm as one line, the same for what was expected and what came."""
    of = alarm.get("of", "VALUE")
    what = "" if of == "VALUE" else f" of {of}" + (f" over {alarm['window']:g} s" if "window" in alarm else "")
    what += f" in {alarm['calendar']}" if "calendar" in alarm else ""
    end = f" to {alarm['cleared']:g} s" if alarm.get("cleared") is not None else ", standing"
    return f"{alarm['point']} {alarm['kind']}{what} at {alarm['raised']:g} s{end}"


def command() -> int:
    """`anlan packs test`: exit code 1 when an example departs."""
    tried = list(try_all())
    for one in tried:
        for fault in one.faults:
            print(f"{one.profile}: {one.name}: {fault}")
    wrong = sum(bool(one.faults) for one in tried)
    print(f"{len(tried)} examples of rules, {wrong} of them wrong.")
    return int(wrong > 0)
