"""MQTT 5 properties (5.0 §2.2.2): read to be stepped over, for the server acts on few; written for a reason text."""

from anlan.wire.mqtt.text import MALFORMED, ProtocolFault, number, read_binary, read_number, read_text, text

BYTE, TWO, FOUR, VARIABLE, BINARY, TEXT, PAIR = range(7)

TYPES = {
    **dict.fromkeys((0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A), BYTE),
    **dict.fromkeys((0x13, 0x21, 0x22, 0x23), TWO),
    **dict.fromkeys((0x02, 0x11, 0x18, 0x27), FOUR),
    0x0B: VARIABLE,
    **dict.fromkeys((0x09, 0x16), BINARY),
    **dict.fromkeys((0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F), TEXT),
    0x26: PAIR,
}
FIXED = {BYTE: 1, TWO: 2, FOUR: 4}

REASON, MAX_PACKET, ALIASES, RETAIN_AVAILABLE, SHARED_AVAILABLE = 0x1F, 0x27, 0x22, 0x25, 0x2A


def read_properties(body: bytes, at: int) -> tuple[dict[int, object], int]:
    """``({identifier: last value}, where the packet goes on)``."""
    length, at = read_number(body, at)
    end = at + length
    if end > len(body):
        raise ProtocolFault(MALFORMED, "the properties are cut")
    found: dict[int, object] = {}
    while at < end:
        identifier = body[at]
        found[identifier], at = _value(TYPES.get(identifier), body, at + 1)
        if at > end:
            raise ProtocolFault(MALFORMED, f"property 0x{identifier:02x} runs past the properties' end")
    return found, end


def _value(kind: int | None, body: bytes, at: int) -> tuple[object, int]:
    if kind is None:
        raise ProtocolFault(MALFORMED, "an unknown property")
    if kind in FIXED:
        end = at + FIXED[kind]
        if end > len(body):
            raise ProtocolFault(MALFORMED, "a property is cut")
        return int.from_bytes(body[at:end], "big"), end
    if kind == VARIABLE:
        return read_number(body, at)
    if kind == BINARY:
        return read_binary(body, at)
    first, at = read_text(body, at)
    if kind == TEXT:
        return first, at
    second, at = read_text(body, at)
    return (first, second), at


def write_properties(values: dict[int, int | str]) -> bytes:
    """Properties with their length before them; texts and numbers of the types above."""
    out = b""
    for identifier, value in values.items():
        kind = TYPES[identifier]
        out += bytes([identifier])
        out += value.to_bytes(FIXED[kind], "big") if kind in FIXED else text(str(value)[:256])
    return number(len(out)) + out
