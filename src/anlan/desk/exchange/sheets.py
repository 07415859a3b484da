"""Reading a table out of what people send: xlsx, xls, xlsb, ods, CSV, or a page of tables named .xls. Cells come as
Excel holds them: text, number, truth, date; a formula as its value. Merged cells are filled with what stands in their
first."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import python_calamine
from django.utils.translation import gettext as _

from anlan.desk.exchange import markup

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_UNPACKED = 400_000_000
ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_CELL = 2_000


class Unreadable(ValueError):
    """The file is no table we can read; the text says what to do."""


@dataclass(frozen=True)
class Sheet:
    """`rows[0]` is the first row of the sheet, so a row's Excel number is its index + 1."""

    name: str
    rows: list[list[Any]]


def read(file: BinaryIO) -> list[Sheet]:
    """The sheets that hold anything. Errors: Unreadable."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head[:4] == b"PK\x03\x04" or head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        sheets = _workbook(file, packed=head[:2] == b"PK")
    else:
        data = file.read()
        sheets = _markup(data) if markup.is_markup(data) else [Sheet("CSV", _csv(data))]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise Unreadable(_("文件里没有数据。请填写后再上传。"))
    return sheets


def _workbook(file: BinaryIO, packed: bool) -> list[Sheet]:
    if packed:
        _refuse_bomb(file)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        return [Sheet(name, _cells(book.get_sheet_by_name(name))) for name in book.sheet_names if _visible(book, name)]
    except Unreadable:
        raise
    except python_calamine.PasswordError:
        raise Unreadable(_("工作簿有密码保护。请去掉密码后再上传。")) from None
    except Exception as error:  # the reader has many error types of its own, and a hostile file finds the others
        raise Unreadable(_("打不开这个工作簿，文件可能已损坏。请用 Excel 或 WPS 另存为 xlsx 后再上传。")) from error


def _markup(data: bytes) -> list[Sheet]:
    """What many systems call a workbook: a page with tables, named .xls."""
    try:
        tables = markup.tables(_text(data), MOST_ROWS + 50, MOST_COLUMNS)
    except markup.TooLarge:
        raise Unreadable(_("工作表超过 %(rows)d 行，请分成几个文件上传。") % {"rows": MOST_ROWS}) from None
    plain = [[[_plain(cell) for cell in row] for row in table] for table in tables]
    return [Sheet(f"{number}", _trimmed(rows)) for number, rows in enumerate(plain, 1)]


def _visible(book, name: str) -> bool:
    return all(
        meta.name != name or meta.visible == python_calamine.SheetVisibleEnum.Visible for meta in book.sheets_metadata
    )


def _refuse_bomb(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(_("打不开这个工作簿，文件可能已损坏。请用 Excel 或 WPS 另存为 xlsx 后再上传。")) from error
    if unpacked > MOST_UNPACKED:
        raise Unreadable(_("工作簿展开后过大，请分成几个文件上传。"))
    file.seek(0)


def _cells(sheet) -> list[list[Any]]:
    if sheet.total_height > MOST_ROWS + 50 or sheet.total_width > MOST_COLUMNS * 100:
        raise Unreadable(_("工作表超过 %(rows)d 行，请分成几个文件上传。") % {"rows": MOST_ROWS})
    rows = [[_plain(cell) for cell in row[:MOST_COLUMNS]] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _fill(rows, top, left, bottom, right)
    return _trimmed(rows)


def _fill(rows: list[list[Any]], top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(rows) or left >= len(rows[top]):
        return
    value = rows[top][left]
    for row in rows[top : bottom + 1]:
        for column in range(left, min(right + 1, len(row))):
            row[column] = value


def _text(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Unreadable(_("这不是表格文件。请上传 xlsx、xls 或 CSV。"))
        return text
    raise Unreadable(_("认不出文件的编码。请用 Excel 另存为 xlsx，或另存为“CSV UTF-8”。"))


def _csv(data: bytes) -> list[list[Any]]:
    text = _text(data)
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",\t;，", key=first.count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([_plain(cell) for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS + 50:
                raise Unreadable(_("工作表超过 %(rows)d 行，请分成几个文件上传。") % {"rows": MOST_ROWS})
    except csv.Error as error:
        raise Unreadable(_("CSV 的格式不对。请用 Excel 另存为 xlsx 后再上传。")) from error
    return _trimmed(rows)


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell.strip()[:LONGEST_CELL] or None
    if isinstance(cell, timedelta):
        return str(cell)
    return cell if isinstance(cell, (int, float, bool, date, datetime, time)) else None


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without the empty rows at the end; all rows equally wide."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    width = max((number + 1 for row in rows for number, cell in enumerate(row) if cell is not None), default=0)
    return [row[:width] + [None] * (width - len(row)) for row in rows]
