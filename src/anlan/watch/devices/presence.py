"""Who is connected and when each device was last heard, gathered in memory and written in few statements."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from django.db import connection, transaction

from anlan.telemetry.gateway.presence import LEFT
from anlan.watch.devices.models import Device

TIMES_EVERY = 60.0


class Presence:
    def __init__(self) -> None:
        self.online: dict[int, bool] = {}
        self._moved: set[int] = set()
        self._seen: dict[int, int] = {}
        self._written = 0.0

    def take(self, columns: Mapping[str, np.ndarray]) -> None:
        """One page of the gateway: device, state, seen."""
        for device, state, seen in zip(
            columns["device"].tolist(), columns["state"].tolist(), columns["seen"].tolist(), strict=True
        ):
            online = state != LEFT
            if self.online.get(device) is not online:
                self.online[device] = online
                self._moved.add(device)
            self._seen[device] = seen

    def write(self) -> None:
        """Those who came or went, each time; when the others were heard, once a minute. Neither counts as a change of
        the register: `changed_at` stays."""
        moved, self._moved = self._moved, set()
        if moved:
            for online in (True, False):
                ids = [device for device in moved if self.online[device] is online]
                for start in range(0, len(ids), 500):
                    Device.objects.filter(pk__in=ids[start : start + 500]).update(online=online)
        if self._seen and time.monotonic() - self._written > TIMES_EVERY:
            seen, self._seen, self._written = self._seen, {}, time.monotonic()
            rows = [(datetime.fromtimestamp(at / 1e6, UTC), device) for device, at in seen.items()]
            table = connection.ops.quote_name(Device._meta.db_table)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(f"UPDATE {table} SET seen_at = %s WHERE id = %s", rows)
