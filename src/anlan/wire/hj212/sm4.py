"""The cipher of HJ 212-2025: SM4-ECB over the whole blocks of what stands between the ``&&``, the rest in plain."""

import re

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16
PRINTED = re.compile(rb"\{((?:0[xX][0-9a-fA-F]{1,2},?)+)\}")


def opened(segment: bytes, key: bytes) -> bytes | None:
    """The plain segment; None where there is nothing between ``CP=&&`` and the ``&&`` at the end.

    The last ``&&`` is the one at the end, for the cipher's bytes may be anything. Also reads the form the standard
    prints and naive stations send: ``{0xE4,…}`` for the bytes of the cipher.
    """
    head, mark, rest = segment.partition(b"CP=&&")
    if not mark or not rest.endswith(b"&&"):
        return None
    inside = rest[:-2]
    if printed := PRINTED.match(inside):
        inside = bytes(int(one, 16) for one in printed[1].split(b",") if one) + inside[printed.end() :]
    return head + mark + _applied(inside, key, sealing=False) + b"&&"


def sealed(inside: bytes, key: bytes) -> bytes:
    """Cipher of what stands between the ``&&``, of the same length."""
    return _applied(inside, key, sealing=True)


def _applied(inside: bytes, key: bytes, sealing: bool) -> bytes:
    whole = len(inside) // BLOCK * BLOCK
    cipher = Cipher(algorithms.SM4(key), modes.ECB())
    worker = cipher.encryptor() if sealing else cipher.decryptor()
    return worker.update(inside[:whole]) + worker.finalize() + inside[whole:]
