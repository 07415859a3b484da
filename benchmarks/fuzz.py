"""Mutated frames by the million: does any codec break, and does it find its way back?

``python -m benchmarks.fuzz 10000000 gb26875 jt808`` mutates so many frames for each codec named (for all without a
name). A frame is changed in one to four places, cut, spliced with another, doubled; of every second one the check is
made right again, so that the damage reaches the reader behind it. Streams are fed in pieces of any length, and after
each thousand a good frame must come out again. Anything raised but the error a codec declares is a crash, and is
printed with its bytes.
"""

import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from os import cpu_count

import orjson

from anlan.wire.gb26875 import frames as gb
from anlan.wire.gb26875 import objects
from anlan.wire.hj212 import data as hj_data
from anlan.wire.hj212 import frames as hj
from anlan.wire.hj212 import talk
from anlan.wire.jt808 import frames as jt
from anlan.wire.jt808 import messages, position
from anlan.wire.mqtt import packets
from anlan.wire.push import meokon, reports
from anlan.wire.samples import Samples
from anlan.wire.sparkplug import schema, session, topics
from anlan.wire.splitting import Splitter
from anlan.wire.thingsboard import payload as thingsboard

FRAMES = 100_000
ROUND = 1_000
NOON = 1_767_576_615_000_000
PHONE = "13970010203"


@dataclass(frozen=True)
class Codec:
    """``read`` raises ValueError for what makes no sense and nothing else. With a ``splitter`` frames come as a stream;
    ``right`` makes the check of a changed frame right again."""

    seeds: list[bytes]
    read: Callable[[bytes], int]
    """Values found."""
    splitter: Callable[[], Splitter] | None = None
    right: Callable[[bytes], bytes] | None = None
    longest: int = 0


# --- mutations ----------------------------------------------------------------------------------------------------
def mutated(dice: random.Random, codec: Codec) -> bytes:
    raw = bytearray(dice.choice(codec.seeds))
    for _ in range(dice.randrange(1, 5)):
        MUTATIONS[dice.randrange(len(MUTATIONS))](dice, raw, codec.seeds)
    if codec.right and dice.random() < 0.5:
        try:
            return codec.right(bytes(raw))
        except (ValueError, IndexError, OverflowError):
            return bytes(raw)
    return bytes(raw)


def _flip(dice: random.Random, raw: bytearray, seeds: list[bytes]) -> None:
    if raw:
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)


def _byte(dice: random.Random, raw: bytearray, seeds: list[bytes]) -> None:
    if raw:
        raw[dice.randrange(len(raw))] = dice.choice((0, 1, 0x23, 0x26, 0x40, 0x7D, 0x7E, 0x7F, 0x80, 0xFE, 0xFF))


def _insert(dice: random.Random, raw: bytearray, seeds: list[bytes]) -> None:
    at = dice.randrange(len(raw) + 1)
    raw[at:at] = dice.randbytes(dice.randrange(1, 9))


def _delete(dice: random.Random, raw: bytearray, seeds: list[bytes]) -> None:
    at = dice.randrange(len(raw) + 1)
    del raw[at : at + dice.randrange(1, 9)]


def _cut(dice: random.Random, raw: bytearray, seeds: list[bytes]) -> None:
    del raw[dice.randrange(len(raw) + 1) :]


def _double(dice: random.Random, raw: bytearray, seeds: list[bytes]) -> None:
    at = dice.randrange(len(raw) + 1)
    raw[at:at] = raw[at : at + dice.randrange(1, 60)]


def _splice(dice: random.Random, raw: bytearray, seeds: list[bytes]) -> None:
    other = dice.choice(seeds)
    raw[dice.randrange(len(raw) + 1) :] = other[dice.randrange(len(other)) :]


MUTATIONS = (_flip, _flip, _byte, _byte, _insert, _delete, _cut, _double, _splice)


# --- codecs -------------------------------------------------------------------------------------------------------
def _gb() -> Codec:
    clock = gb.clock(NOON)
    text = "3号库区东门手报".encode("gb18030").ljust(31, b"\0")
    component = bytes((1, 7, 23, 0x15, 0, 2, 0, 2, 0)) + text + clock
    bodies = [
        b"\x01\x01" + bytes((1, 7, 2, 0)) + clock,
        b"\x02\x01" + component,
        b"\x02\x16" + component * 22,
        b"\x03\x01" + bytes((11, 1, 92, 5, 0, 0, 0, 2, 0xF1, 0xFF)) + clock,
        b"\x06\x01\x01\x07\x06" + "主机".encode("gb18030") + b"\0\0",
        b"\x15\x01\x03" + clock,
        b"\x1c\x01" + clock,
    ]
    seeds = [gb.encode(gb.Frame(n, 0xA1B2C3D4, 100, gb.SEND, body), NOON) for n, body in enumerate(bodies)]

    def right(raw: bytes) -> bytes:
        frame = gb.decode(raw)
        return gb.encode(gb.Frame(frame.serial, frame.source, 100, frame.command, frame.data[: gb.MOST_DATA]), NOON)

    def read(raw: bytes) -> int:
        frame = gb.decode(raw)
        return len(objects.read(frame.data, frame.sent).samples)

    return Codec(seeds, read, gb.splitter, right, gb.LONGEST)


def _jt() -> Codec:
    place = bytes.fromhex("00000002000c000301b5abc006e7da2a0016028d007d260105093015")
    safety = bytes.fromhex(
        "652f00000011010102060000000041001601b5abc006e7da2a260105093012040157533030303432260105093012000200"
    )
    bodies = [
        (messages.POSITION, place + bytes.fromhex("0104000004e830011931010c")),
        (messages.POSITION, place + safety),
        (messages.BATCH, b"\0\2\1" + (b"\0\x1c" + place) * 2),
        (messages.REGISTER, bytes.fromhex("002400643730313131") + b"JX-VT20".ljust(20, b"\0") + b"WS00042\2A5R318"),
        (messages.AUTHENTICATE, b"K9f27e"),
        (messages.HEARTBEAT, b""),
        (messages.PARAMETERS, bytes.fromhex("000701000000290400000001e0")),
        (0x0801, bytes(3_000)),
    ]
    editions = (jt.Edition(), jt.Edition(True, 1))
    seeds = [
        raw
        for edition in editions
        for n, (number, body) in enumerate(bodies)
        for raw in jt.encode(jt.Frame(number, PHONE, n, body, edition))
    ]
    parts = jt.Parts()

    def right(raw: bytes) -> bytes:
        inside = bytearray(jt.unescaped(raw[1:-1]) or raw[1:-1])
        head = 17 if inside[2] & 0x40 else 12
        size = len(inside) - 1 - head - (4 if inside[2] & 0x20 else 0)
        inside[2:4] = ((inside[2] << 8) & 0xFC00 | max(size, 0) & 0x3FF).to_bytes(2)
        inside[-1] = jt.xor(bytes(inside[:-1]))
        return jt.FLAG + jt.escaped(bytes(inside)) + jt.FLAG

    def read(raw: bytes) -> int:
        frame = parts.add(jt.decode(raw), 0.0)
        if frame is None:
            return 0
        samples = Samples()
        if frame.id == messages.BATCH:
            position.batch(frame.body, samples)
        else:
            position.read(frame.body, samples)
        messages.authentication(frame.body, frame.edition)
        for one in (messages.registration, lambda body, edition: messages.told(frame.id, body, edition)):
            try:
                one(frame.body, frame.edition)
            except ValueError:
                continue
        return len(samples)

    return Codec(seeds, read, jt.splitter, right, jt.LONGEST)


def _hj() -> Codec:
    values = "DataTime=20260105093000;a24088-Rtd=12.640,a24088-Flag=N;a00000-Rtd=3.2,a00000-Flag=T;011-Avg=5"
    given = {"st": "31", "mn": "3604A1B200C300D400E50007", "pw": "654321", "qn": "20260105093000125"}
    seeds = [
        hj.encode(hj.Frame(cn, flag=flag, cp=cp, **given))
        for cn, flag, cp in (
            ("2011", 5, values),
            ("2061", 4, values.replace("Rtd", "Max") + ";;" + values),
            ("2051", None, values),
            ("3020", 5, "DataTime=20260105093000;i11001-Info=//更换试剂;校准//"),
            ("9012", 4, "ExeRtn=1"),
            ("2011", 9, ";".join(f"a{n:05d}-Rtd={n}.5,a{n:05d}-Flag=N" for n in range(60))),
        )
    ]

    def right(raw: bytes) -> bytes:
        segment = raw[6:].rpartition(b"&&")[0] + b"&&"
        return b"##%04d%b%04X\r\n" % (len(segment) % 10_000, segment, hj.standard_crc(segment))

    def read(raw: bytes) -> int:
        frame = hj.decode(raw)
        talk.reply(frame)
        talk.result(frame)
        return len(hj_data.read(frame).samples)

    key = bytes.fromhex("00112233445566778899aabbccddeeff")
    return Codec(seeds, read, lambda: hj.splitter(lambda mn: key), right, hj.LONGEST)


def _mqtt() -> Codec:
    seeds = [
        bytes.fromhex("101600044d5154540482003c00026431000454310001" + "20"),
        bytes.fromhex("101000044d51545405c2003c00") + b"\0\2d1\0\2T1",
        bytes.fromhex("320d0003612f6200017b2261223a317d"),
        bytes.fromhex("330f0003612f620001022300") + b'{"a":1}',
        bytes.fromhex("82080001000361") + b"/b\1",
        bytes.fromhex("c000e000"),
    ]

    def read(raw: bytes) -> int:
        found = 0
        for version in (4, 5):
            at = 0
            while at < len(raw):
                packet, used = packets.decode(raw, at, version, 65_536)
                if packet is None:
                    break
                at, found = at + used, found + 1
        return found

    return Codec(seeds, read)


def _thingsboard() -> Codec:
    seeds = [
        b'{"level":1500,"o2":20.9,"x":true,"y":"3.5"}',
        b'[{"ts":1767576615000,"values":{"level":1.5e3,"o2":-0.0}},{"ts":1767576616000,"values":{"a":null}}]',
        b'{"Gauge A":[{"ts":1767576615000,"values":{"p":0.61}},{"p":1}],"Gauge B":[{"q":2}]}',
    ]

    def read(raw: bytes) -> int:
        found = 0
        for one in (thingsboard.decode_telemetry, thingsboard.decode_gateway_telemetry, thingsboard.decode_attributes):
            try:
                found += len(one(raw).samples if one is thingsboard.decode_telemetry else one(raw))
            except thingsboard.Unreadable:
                continue
        return found

    return Codec(seeds, read)


def _sparkplug() -> Codec:
    def payload(names: Iterator[tuple[str, float]]) -> bytes:
        made = schema.Payload(timestamp=NOON // 1000, seq=0)
        for alias, (name, value) in enumerate(names):
            made.metrics.add(name=name, alias=alias, datatype=10, double_value=value)
        made.metrics.add(name="bdSeq", datatype=8, long_value=1)
        return made.SerializeToString()

    seeds = [payload((f"k{n}", n / 2) for n in range(size)) for size in (0, 1, 20)]
    topic = topics.read_topic("spBv1.0/plant/NBIRTH/node")
    return Codec(seeds, lambda raw: len(session.Node().hear(topic, raw).samples))


def _push() -> Codec:
    ctwing = {
        "deviceId": "D1", "productId": "P1", "timestamp": NOON // 1000, "messageType": "dataReport",
        "payload": {"smoke": 1, "APPdata": "AQID"},
    }  # fmt: skip
    huawei = {
        "deviceId": "D1",
        "service": {"serviceId": "s", "eventTime": "20260105T013015Z", "data": {"smoke": 1, "t": 2.5}},
    }
    seeds = [orjson.dumps(one) for one in (ctwing, huawei, {"msg": orjson.dumps(ctwing).decode()})]
    seeds.append(bytes.fromhex("aa5500010203040506070809"))

    def read(raw: bytes) -> int:
        found = 0
        for form in reports.FORMS:
            try:
                found += len(reports.read(form, raw))
            except thingsboard.Unreadable:
                continue
        return found + (len(meokon.read(raw)) if meokon.is_frame(raw) else 0)

    return Codec(seeds, read)


CODECS: dict[str, Callable[[], Codec]] = {
    "gb26875": _gb,
    "jt808": _jt,
    "hj212": _hj,
    "mqtt": _mqtt,
    "thingsboard": _thingsboard,
    "sparkplug": _sparkplug,
    "push": _push,
}


# --- the campaign -------------------------------------------------------------------------------------------------
def campaign(name: str, count: int, seed: int) -> Counter:
    """Counts: frames fed, whole, damaged, refused, values found, crashes, times the way back was not found."""
    codec, dice, found = CODECS[name](), random.Random(seed), Counter()
    while found["frames"] < count:
        share = [mutated(dice, codec) for _ in range(min(ROUND, count - found["frames"]))]
        found["frames"] += len(share)
        if codec.splitter is None:
            for raw in share:
                _read(codec, raw, name, found)
        else:
            _stream(codec, share, dice, name, found)
    return found


def _stream(codec: Codec, share: list[bytes], dice: random.Random, name: str, found: Counter) -> None:
    one, stream, at = codec.splitter(), b"".join(share), 0
    try:
        while at < len(stream):
            step = dice.randrange(1, 1_500)
            _pieces(codec, one.feed(stream[at : at + step]), name, found)
            at += step
            found["longest"] = max(found["longest"], len(one))
        _pieces(codec, one.end(), name, found)
        good = codec.seeds[0]
        found["lost"] += [piece.data for piece in one.feed(good) if not piece.fault] != [good]
    except Exception:
        _crash(name, stream[max(0, at - 1_500) : at + 1_500], found)
    found["too_long"] += found["longest"] > codec.longest


def _pieces(codec: Codec, pieces: list, name: str, found: Counter) -> None:
    for piece in pieces:
        if piece.fault:
            found["damaged"] += 1
        else:
            _read(codec, piece.data, name, found)


def _read(codec: Codec, raw: bytes, name: str, found: Counter) -> None:
    try:
        found["values"] += codec.read(raw)
        found["whole"] += 1
    except ValueError as refusal:
        # A Unicode error is a ValueError too, but none that a codec declares.
        if isinstance(refusal, UnicodeError):
            _crash(name, raw, found)
        found["refused"] += 1
    except Exception:
        _crash(name, raw, found)


def _crash(name: str, raw: bytes, found: Counter) -> None:
    found["crashes"] += 1
    if found["crashes"] <= 3:
        print(f"{name} broke at {raw.hex()}\n{traceback.format_exc()}", flush=True)


def main(count: int = FRAMES, names: tuple[str, ...] = ()) -> None:
    workers, seed = min(cpu_count() or 1, 8), 20_260_105
    head = ("mutated", 11), ("whole", 10), ("damaged", 10), ("refused", 9), ("values", 11), ("crashes", 7), ("lost", 4)
    print(f"{'codec':<12} " + " ".join(f"{word:>{width}}" for word, width in head) + "  a second")
    for name in names or CODECS:
        began = time.perf_counter()
        shares = [(name, count * (n + 1) // workers - count * n // workers, seed + n) for n in range(workers)]
        with Pool(workers) as pool:
            total: Counter = sum(pool.starmap(campaign, shares), Counter())
        rate = total["frames"] / (time.perf_counter() - began)
        print(
            f"{name:<12} {total['frames']:>11,} {total['whole']:>10,} {total['damaged']:>10,} {total['refused']:>9,} "
            f"{total['values']:>11,} {total['crashes'] + total['too_long']:>7,} {total['lost']:>4,} {rate:>9,.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES, tuple(sys.argv[2:]))
