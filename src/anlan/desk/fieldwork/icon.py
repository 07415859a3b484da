"""The app's icon as PNG, drawn here in every size a phone asks for: the mark of the platform, white waves on blue."""

import struct
import zlib
from functools import cache

import numpy as np

GROUND, WAVE = (18, 57, 95), (255, 255, 255)
SIZES = (180, 192, 512)
FINER = 3  # samples a pixel in each direction


@cache
def png(size: int) -> bytes:
    """A square opaque picture; the waves keep to the middle, so that a phone may cut any shape out of it."""
    fine = size * FINER
    y, x = np.mgrid[0:fine, 0:fine] / fine
    inside = np.zeros((fine, fine), bool)
    half, left, right = 0.034, 0.24, 0.76
    for middle in (0.41, 0.59):
        along = np.clip(x, left, right)
        wave = middle - 0.045 * np.sin((along - left) / (right - left) * 2 * np.pi)
        slope = 0.045 * 2 * np.pi / (right - left) * np.cos((along - left) / (right - left) * 2 * np.pi)
        inside |= np.hypot((y - wave) / np.hypot(1, slope), x - along) <= half
    share = inside.reshape(size, FINER, size, FINER).mean(axis=(1, 3))[..., None]
    pixels = np.rint(np.array(WAVE) * share + np.array(GROUND) * (1 - share)).astype(np.uint8)
    rows = np.concatenate([np.zeros((size, 1), np.uint8), pixels.reshape(size, -1)], axis=1).tobytes()
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _part(b"IHDR", head) + _part(b"IDAT", zlib.compress(rows, 9)) + _part(b"IEND", b"")


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
