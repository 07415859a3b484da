"""Strings, binary fields and variable numbers as MQTT writes them (3.1.1 §1.5, 5.0 §1.5)."""


class ProtocolFault(ValueError):
    """A client broke the protocol. ``code`` is the MQTT 5 reason code, the text says what was wrong."""

    def __init__(self, code: int, reason: str):
        super().__init__(reason)
        self.code, self.reason = code, reason


MALFORMED = 0x81


def read_binary(body: bytes, at: int) -> tuple[bytes, int]:
    """A field with two bytes of length before it, and where the next one begins."""
    if len(body) < at + 2:
        raise ProtocolFault(MALFORMED, "a length is cut")
    end = at + 2 + (body[at] << 8 | body[at + 1])
    if len(body) < end:
        raise ProtocolFault(MALFORMED, f"a field of {end - at - 2} bytes is cut")
    return body[at + 2 : end], end


def read_text(body: bytes, at: int) -> tuple[str, int]:
    """A string, and where the next field begins. Errors: ProtocolFault when it is cut, not UTF-8, or holds U+0000."""
    raw, end = read_binary(body, at)
    try:
        text = raw.decode()
    except UnicodeDecodeError as problem:
        raise ProtocolFault(MALFORMED, "a string is not UTF-8") from problem
    if "\0" in text:
        raise ProtocolFault(MALFORMED, "a string holds the character U+0000")
    return text, end


def read_number(body: bytes, at: int) -> tuple[int, int]:
    """A number of one to four bytes, seven bits each."""
    value = 0
    for place in range(4):
        if at + place >= len(body):
            raise ProtocolFault(MALFORMED, "a variable number is cut")
        value |= (body[at + place] & 127) << (7 * place)
        if body[at + place] < 128:
            return value, at + place + 1
    raise ProtocolFault(MALFORMED, "a variable number takes more than four bytes")


def number(value: int) -> bytes:
    """The same number as bytes; up to 268,435,455."""
    out = bytearray()
    while True:
        value, digit = value >> 7, value & 127
        out.append(digit | (128 if value else 0))
        if not value:
            return bytes(out)


def text(value: str) -> bytes:
    """A string as bytes, its length in two bytes before it. Errors: OverflowError beyond 65,535 bytes."""
    raw = value.encode()
    return len(raw).to_bytes(2, "big") + raw
