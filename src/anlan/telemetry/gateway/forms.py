"""Messages whose form is known: a device says the same again with other numbers, and nothing else need be looked at.

What a message of a form means (which number is which point's value, which is an instant) is worked out once, by the
reader that understands everything; after that its numbers go straight from the socket's bytes into columns. A message
of another form, or with anything unusual in it, goes the usual way, and the answer is the same.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numba
import numpy as np
import orjson

from anlan.columns.readings import Quality
from anlan.telemetry.book import Directory, Known
from anlan.telemetry.gateway.mapping import Clock, Rows
from anlan.wire import numbers
from anlan.wire.numbers import Form
from anlan.wire.thingsboard.payload import FLOAT32_MOST, TS_MOST

FEWEST = 6
"""Numbers from which on a form pays: below, the usual reader is as quick."""
KEPT = 4
"""Forms remembered of one sender and topic; the one unused longest is forgotten."""
PATIENCE = 8
"""After so many messages in a row of forms never seen again, the sender's forms are not learned any more."""
FORMS = 50_000
"""Forms remembered in all."""
INSTANT = -1


class Meaning(NamedTuple):
    """What the numbers of a form are. ``role``: for each number the row it is the value of, or INSTANT. ``timed``: for
    each row the number that is its instant, or -1. ``scaled``: scale, offset, low, high of each row."""

    form: Form
    role: np.ndarray
    point: np.ndarray
    timed: np.ndarray
    scaled: np.ndarray
    found: np.ndarray
    whole: np.ndarray
    children: tuple[int, ...]


class Forms:
    """The forms of all senders. Dropped whole when the register of devices changes."""

    def __init__(self, directory: Directory, clock: Clock, most_bytes: int):
        self.directory, self.clock, self.most_bytes = directory, clock, most_bytes
        self._version = directory.version
        self._known: dict[tuple[int, str], list[Meaning]] = {}
        self._wasted: dict[tuple[int, str], int] = {}
        self._count = 0

    def take(self, sender: Known, topic: str, payload: bytes, received: int, rows: Rows) -> Meaning | None:
        """Append the message's readings to ``rows``; None when its form is not known or it must be looked at."""
        if self.directory.version != self._version:
            self._forget()
        known = self._known.get((sender.id, topic))
        if not known or len(payload) > self.most_bytes:
            return None
        data = np.frombuffer(payload, np.uint8)
        for place, meaning in enumerate(known):
            if self._taken(meaning, data, received, rows):
                if place:
                    known.insert(0, known.pop(place))
                self._wasted.pop((sender.id, topic), None)
                return meaning
        return None

    def _taken(self, meaning: Meaning, data: np.ndarray, received: int, rows: Rows) -> bool:
        if not numbers.read(data, meaning.form.literals, meaning.form.ends, meaning.found, meaning.whole):
            return False
        count = len(meaning.point)
        point, ts, value, quality = rows.room(count)
        limits = received, received + self.clock.future, received - self.clock.old
        good = map_numbers(
            meaning.found, meaning.whole, meaning.role, meaning.timed, meaning.scaled, *limits, ts, value, quality
        )
        if good:
            point[:] = meaning.point
            rows.filled(count)
        return good

    def learn(self, sender: Known, topic: str, payload: bytes) -> None:
        """Remember the form of a message that was taken whole the usual way."""
        place = sender.id, topic
        wasted = self._wasted.get(place, 0)
        if wasted >= PATIENCE or self._count >= FORMS:
            return
        meaning = meaning_of(self.directory, sender, payload, gateway=topic.startswith("v1/gateway/"))
        # Until a message of it comes again, learning it was in vain.
        self._wasted[place] = wasted + 1 if meaning else PATIENCE
        if meaning:
            known = self._known.setdefault(place, [])
            known.insert(0, meaning)
            self._count += 1 - len(known[KEPT:])
            del known[KEPT:]

    def _forget(self) -> None:
        self._version, self._count = self.directory.version, 0
        self._known.clear()
        self._wasted.clear()


def meaning_of(directory: Directory, sender: Known, payload: bytes, gateway: bool) -> Meaning | None:
    """What a message's numbers are; None when something in it is no number of a known point or an instant of one."""
    form, found = numbers.form_of(payload)
    roles, points, timed, scaled, children = [], [], [], [], []
    try:
        said = list(_said(directory, sender, orjson.loads(payload), gateway))
    except LookupError:
        return None
    if len(found) < FEWEST or [value for value, *_ in said] != found:
        return None
    instants = {group: n for n, (_, group, known, _) in enumerate(said) if known is None}
    for _, group, known, child in said:
        roles.append(INSTANT if known is None else len(points))
        if known is not None:
            points.append(known[0])
            scaled.append(known[1:])
            timed.append(instants.get(group, -1))
            children.append(child)
    return Meaning(
        form,
        np.array(roles, np.int32),
        np.array(points, np.uint32),
        np.array(timed, np.int32),
        np.array(scaled, np.float64).reshape(-1, 4),
        np.empty(len(found)),
        np.empty(len(found), np.uint8),
        tuple(dict.fromkeys(children)) if gateway else (),
    )


def _said(directory: Directory, sender: Known, document: Any, gateway: bool) -> Iterator[tuple]:
    """(number, group, point or None for the group's instant, device id) in the order of the text.

    Errors: LookupError for anything else that is said."""
    speakers = document.items() if gateway and isinstance(document, dict) else [(None, document)]
    group = 0
    for name, sent in speakers:
        device = sender if name is None else directory.child(sender.id, name)
        if device is None:
            raise LookupError(name)
        for one in sent if isinstance(sent, list) else (sent,):
            group += 1
            yield from _one(device, one, group)


def _one(device: Known, one: Any, group: int) -> Iterator[tuple]:
    if not isinstance(one, dict) or not one:
        raise LookupError
    timed = "ts" in one and "values" in one
    if timed and len(one) != 2:
        raise LookupError
    for key, value in one.items():
        if timed and key == "values":
            yield from _one_of_values(device, value, group)
        elif timed:
            yield _number(value), group, None, device.id
        else:
            yield _number(value), group, device.points[key], device.id


def _one_of_values(device: Known, values: Any, group: int) -> Iterator[tuple]:
    if not isinstance(values, dict):
        raise LookupError
    for key, value in values.items():
        yield _number(value), group, device.points[key], device.id


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise LookupError
    return float(value)


CLOCK_FUTURE, CLOCK_OLD = np.uint8(Quality.CLOCK_FUTURE), np.uint8(Quality.CLOCK_OLD)
OUT_OF_RANGE, GOOD = np.uint8(Quality.OUT_OF_RANGE), np.uint8(0)


@numba.njit(cache=True, nogil=True)
def map_numbers(found, whole, role, timed, scaled, received, ahead, behind, ts, value, quality):
    """The same as :func:`mapping.map_samples`, for numbers of a known form; False when one must be looked at."""
    for slot in range(len(found)):
        row, number = role[slot], found[slot]
        if row < 0:
            if not whole[slot] or number < 0 or number > TS_MOST:
                return False
            continue
        if not -FLOAT32_MOST <= number <= FLOAT32_MOST:
            return False
        number = number * scaled[row, 0] + scaled[row, 1]
        if not -FLOAT32_MOST <= number <= FLOAT32_MOST:
            return False
        flags = GOOD if scaled[row, 2] <= number <= scaled[row, 3] else OUT_OF_RANGE
        at = received
        if timed[row] >= 0:
            at = np.int64(found[timed[row]]) * 1000
            if at > ahead:
                flags |= CLOCK_FUTURE
            elif at < behind:
                flags |= CLOCK_OLD
        ts[row], value[row], quality[row] = at, number, flags
    return True
