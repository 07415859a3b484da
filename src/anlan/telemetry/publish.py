"""How the database above tells the pipeline: devices and rules, at once and live.

All are plain coroutines over a connected client; synchronous code calls :func:`run`::

    publish.run(settings.NATS_URL, lambda client: publish.put_devices(client, devices))

Each returns when the broker has it on disk. Calling again with the same content does no harm.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable

from nats.aio.client import Client
from nats.js.errors import BucketNotFoundError, KeyNotFoundError, KeyWrongLastSequenceError, NoKeysError
from nats.js.kv import KeyValue

from anlan.columns import page as columns_page
from anlan.telemetry import book, settings, streams
from anlan.telemetry.book import NOTHING, Beside, Device, Rule
from anlan.telemetry.computed import Computed

SIDE_BY_SIDE = 16
"""Pages written at one time."""


def run[Result](url: str, call: Callable[[Client], Awaitable[Result]], wait: float = 30.0) -> Result:
    """Connect, call and close, from synchronous code. Raises TimeoutError when the broker does not answer in ``wait``
    s."""

    async def once() -> Result:
        async with asyncio.timeout(wait), streams.connected(url, "publisher") as client:
            return await call(client)

    return asyncio.run(once())


async def put_devices(client: Client, devices: Iterable[Device]) -> None:
    """These devices are as given from now on; others stay as they are."""
    pages: dict[int, list[Device]] = defaultdict(list)
    for device in devices:
        pages[book.device_page(device.id)].append(device)

    def with_given(number: int) -> Callable[[bytes], bytes]:
        given = {device.id: device for device in pages[number]}
        return lambda data: book.pack_devices({**{old.id: old for old in book.unpack_devices(data)}, **given}.values())

    await _change_pages(client, {number: with_given(number) for number in pages})


async def remove_devices(client: Client, ids: Iterable[int]) -> None:
    """These devices are not known any more: their connections end, their messages are refused."""
    pages: dict[int, set[int]] = defaultdict(set)
    for id_ in ids:
        pages[book.device_page(id_)].add(id_)

    def without(number: int) -> Callable[[bytes], bytes]:
        gone = pages[number]
        return lambda data: book.pack_devices(old for old in book.unpack_devices(data) if old.id not in gone)

    await _change_pages(client, {number: without(number) for number in pages})


async def replace_directory(client: Client, devices: Iterable[Device]) -> None:
    """Exactly these devices, no other: for a start-up check or after a restore."""
    pages: dict[int, list[Device]] = defaultdict(list)
    for device in devices:
        pages[book.device_page(device.id)].append(device)
    bucket = await _bucket(client, streams.DIRECTORY)
    for key in await _keys(bucket):
        pages.setdefault(int(key.removeprefix("page.")), [])

    def exactly(number: int) -> Callable[[bytes], bytes]:
        return lambda data: book.pack_devices(pages[number])

    await _change_pages(client, {number: exactly(number) for number in pages})


async def put_rules(
    client: Client, page: int, rules: Iterable[Rule], shards: int | None = None, beside: Beside = NOTHING
) -> int:
    """The rules of one page (``point >> 12``) are exactly these from now on, and of ``beside`` the computed points that
    stand on it. Returns the page's new version.

    The page also goes down the stream of readings, so that every worker changes its rules between the same two
    readings. ``shards`` is ANLAN_SHARDS unless given. Errors: ValueError for a computed point of members elsewhere.
    """
    shards = shards or settings.load().shards
    computed = [one for one in beside.computed if book.rule_page(one.point) == page]
    _check_members(computed, shards)
    bucket, rules = await _bucket(client, streams.RULEBOOK), list(rules)
    js = client.jetstream(timeout=10)
    while True:
        revision, before = await _present(bucket, f"page.{page}")
        version = max(_version(before) + 1, time.time_ns() // 1000)
        data = book.pack_rules(page, version, rules, computed, beside.calendars)
        if before and _same_rules(before, data):
            return _version(before)
        await js.publish(f"readings.{page % shards}", data, headers={"Nats-Msg-Id": f"rulebook.{page}.{version}"})
        try:
            await bucket.update(f"page.{page}", data, last=revision)
            return version
        except KeyWrongLastSequenceError:
            continue


async def put_all_rules(
    client: Client, rules: Iterable[Rule], shards: int | None = None, beside: Beside = NOTHING
) -> None:
    """Exactly these rules and computed points on all pages. Errors as :func:`put_rules`, before anything is put."""
    shards = shards or settings.load().shards
    _check_members(beside.computed, shards)
    pages: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        pages[book.rule_page(rule.point)].append(rule)
    for one in beside.computed:
        pages.setdefault(book.rule_page(one.point), [])
    for key in await _keys(await _bucket(client, streams.RULEBOOK)):
        pages.setdefault(int(key.removeprefix("page.")), [])
    for number, held in sorted(pages.items()):
        await put_rules(client, number, held, shards, beside)


def _check_members(computed: Iterable[Computed], shards: int) -> None:
    for one in computed:
        if elsewhere := book.astray(one, shards):
            raise ValueError(
                f"computed point {one.point}: its members {list(elsewhere)[:5]} are evaluated by another of {shards} "
                "shards; choose points of the same device"
            )


async def _change_pages(client: Client, changes: dict[int, Callable[[bytes], bytes]]) -> None:
    bucket, turn = await _bucket(client, streams.DIRECTORY), asyncio.Semaphore(SIDE_BY_SIDE)

    async def change(number: int) -> None:
        async with turn:
            while True:
                revision, before = await _present(bucket, f"page.{number}")
                after = changes[number](before)
                if after == before:
                    return
                try:
                    await bucket.update(f"page.{number}", after, last=revision)
                    return
                except KeyWrongLastSequenceError:
                    continue

    await asyncio.gather(*map(change, sorted(changes)))


async def _bucket(client: Client, name: str) -> KeyValue:
    js = client.jetstream(timeout=10)
    try:
        return await js.key_value(name)
    except BucketNotFoundError:
        await streams.create(js)
        return await js.key_value(name)


async def _present(bucket: KeyValue, key: str) -> tuple[int, bytes]:
    try:
        entry = await bucket.get(key)
        return entry.revision, entry.value
    except KeyNotFoundError as missing:
        # A deleted key still has a revision, which a conditional write must name.
        entry = getattr(missing, "entry", None)
        return (entry.revision if entry else 0), b""


async def _keys(bucket: KeyValue) -> list[str]:
    try:
        return await bucket.keys()
    except NoKeysError:
        return []


def _version(data: bytes) -> int:
    return columns_page.unpack(data)[1]["version"] if data else 0


def _same_rules(one: bytes, other: bytes) -> bool:
    (first, said), (second, to_say) = columns_page.unpack(one), columns_page.unpack(other)
    if book.beside(said) != book.beside(to_say):
        return False
    return all(name in first and first[name].tobytes() == second[name].tobytes() for name in book.RULE_COLUMNS)
