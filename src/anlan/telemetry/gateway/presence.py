"""Who is connected and when each device was last heard; told once a second on ``presence``, whole on ``presence.get``.

The page's columns: ``device`` u32, ``state`` u8 (0 left, 1 connected, 2 heard without a connection of its own),
``seen`` i64 microseconds UTC.
"""

import numpy as np

from anlan.columns import page

LEFT, CONNECTED, HEARD = range(3)


class Presence:
    def __init__(self) -> None:
        self.seen: dict[int, int] = {}
        self.state: dict[int, int] = {}
        self._sessions: dict[int, int] = {}
        self._changed: set[int] = set()
        self._noted: dict[int, tuple[tuple[int, ...], int]] = {}

    def joined(self, device: int, now: int) -> None:
        self._sessions[device] = self._sessions.get(device, 0) + 1
        self._set(device, CONNECTED, now)

    def left(self, device: int, now: int) -> None:
        """One connection less; the device is gone with its last."""
        remaining = max(0, self._sessions.get(device, 0) - 1)
        self._sessions[device] = remaining
        if not remaining:
            self._set(device, LEFT, now)

    def told(self, device: int, here: bool, now: int) -> None:
        """What another says of it: no connection of ours is counted."""
        self._set(device, CONNECTED if here else LEFT, now)

    def heard(self, device: int, now: int) -> None:
        if self.state.get(device, LEFT) == LEFT:
            self.state[device] = HEARD
        self.seen[device] = now
        self._changed.add(device)

    def heard_all(self, devices: tuple[int, ...], now: int) -> None:
        """As :meth:`heard`, for the many devices of one message. The same ones are heard again and again: it is noted
        here and settled before anybody is told."""
        self._noted[id(devices)] = devices, now

    def _settle(self) -> None:
        noted, self._noted = self._noted, {}
        for devices, now in noted.values():
            for device in devices:
                if self.seen.get(device, now) <= now:  # else it has left since, or was heard later
                    self.heard(device, now)

    def _set(self, device: int, state: int, now: int) -> None:
        self.state[device], self.seen[device] = state, now
        self._changed.add(device)

    def changes(self) -> bytes | None:
        """A page of what changed since the last call; None when nothing did."""
        self._settle()
        changed, self._changed = self._changed, set()
        return self.pack(sorted(changed)) if changed else None

    def all(self) -> bytes:
        self._settle()
        return self.pack(sorted(self.seen))

    def pack(self, devices: list[int]) -> bytes:
        return page.pack(
            {
                "seen": np.array([self.seen[device] for device in devices], np.int64),
                "device": np.array(devices, np.uint32),
                "state": np.array([self.state[device] for device in devices], np.uint8),
            }
        )
