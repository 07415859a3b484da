"""A workbook of Excel 97 (BIFF8 in a compound file) as old systems write it: texts, numbers and merged cells only."""

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def workbook(name: str, rows: list[list], merged: list[tuple[int, int, int, int]] = ()) -> bytes:
    """`merged`: (first row, last row, first column, last column), from 0."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHHHB", r, c, 0, len(cell), 1) + text)
            elif cell is not None:
                sheet += _record(0x0203, struct.pack("<HHHd", r, c, 0, float(cell)))
    if merged:
        sheet += _record(
            0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *one) for one in merged)
        )
    sheet += _record(0x000A, b"")
    title = name.encode("utf-16-le")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    begin += _record(0x0042, struct.pack("<H", 1200))
    size = len(begin) + 4 + 8 + len(title) + 4
    begin += _record(0x0085, struct.pack("<IBBBB", size, 0, 0, len(name), 1) + title) + _record(0x000A, b"")
    assert len(begin) == size
    return _compound(begin + sheet)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes) -> bytes:
    """One stream called Workbook, padded so that it is no small one."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    tables = -(-(count + 2) // 128)
    chain = [*range(1, count), END, END, *[FAT] * tables]
    chain += [FREE] * (tables * 128 - len(chain))
    first_table = count + 1
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, count, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *(first_table + n if n < tables else FREE for n in range(109)))
    entries = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 0, len(stream)) + _entry("", 0) * 2
    return header + stream + entries + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, child: int = FREE, start: int = 0, size: int = 0) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
