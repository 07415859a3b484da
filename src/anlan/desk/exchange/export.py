"""Tables out: CSV that Excel opens as UTF-8, and XLSX. The file is written whole before its first byte is sent, so
that an error half-way gives an error page and not half a file, and the audit entry knows how many rows left."""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from anlan.desk.access.models import User
from anlan.desk.audit.chain import Act, append
from anlan.desk.documents.sending import send

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHEET_ROWS = 1_048_575  # what one Excel sheet holds below its heading
IN_MEMORY = 4_000_000
ACTIVE_START = ("=", "+", "-", "@", "\t", "\r")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class ExportColumn:
    title: Any
    value: Callable[[Any], Any]
    width: int = 0  # characters; 0: from the title


def export(
    user: User, name: str, rows: Iterable, columns: Sequence[ExportColumn], fmt: str, *, data: dict | None = None
) -> StreamingHttpResponse:
    """The rows as a download, recorded as `exchange.export`. `rows` come narrowed by their gate (a queryset's
    `.iterator()`); `name` is that of the list and of the file; `data` (filters …) is recorded. fmt: csv or xlsx.

    Errors: ValidationError for an unknown format or more rows than a sheet holds.
    """
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    count = write(file, rows, columns, fmt)
    append(
        Act(
            action="exchange.export",
            subject=f"list:{name}",
            data={"rows": count, "format": fmt, **(data or {})},
            actor=user.username,
        )
    )
    size = file.tell()
    file.seek(0)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
    return send(file, name=f"{name}-{stamp}.{fmt}".replace("/", "-"), media_type=MEDIA_TYPES[fmt], size=size)


def write(file: BinaryIO, rows: Iterable, columns: Sequence[ExportColumn], fmt: str) -> int:
    """Writes the table and answers the number of rows; the file stands at its end."""
    if fmt not in WRITERS:
        raise ValidationError(_("不支持的导出格式“%(format)s”，可用 csv 或 xlsx。") % {"format": fmt})
    return WRITERS[fmt](file, rows, columns)


def _write_csv(file: BinaryIO, rows: Iterable, columns: Sequence[ExportColumn]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([harmless(str(column.title)) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_value(column.value(row)) for column in columns])
        count += 1
    text.flush()
    text.detach()
    return count


def _write_xlsx(file: BinaryIO, rows: Iterable, columns: Sequence[ExportColumn]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        width = column.width or min(40, max(12, 2 * len(str(column.title)) + 4))
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_heading(sheet, str(column.title)) for column in columns])
    count = 0
    for row in rows:
        count += 1
        if count > SHEET_ROWS:
            raise ValidationError(_("超过一张工作表的行数（%(rows)d），请先筛选，或导出 CSV。") % {"rows": SHEET_ROWS})
        sheet.append([_xlsx_value(sheet, column.value(row)) for column in columns])
    book.save(file)
    return count


WRITERS = {"csv": _write_csv, "xlsx": _write_xlsx}


def harmless(text: str) -> str:
    """A text that a spreadsheet program will not take for a formula: such a start gets an apostrophe before it."""
    return f"'{text}" if text.startswith(ACTIVE_START) else text


def plain(value: Any) -> Any:
    """A value as a cell can hold it: numbers and times as such (times in the region's zone), the rest as text."""
    if value is None or isinstance(value, (int, float, Decimal)):
        return value if not isinstance(value, bool) else (_("是") if value else _("否"))
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, (date, time)):
        return value
    return str(value)


def _csv_value(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return harmless(value) if isinstance(value, str) else value


def _xlsx_value(sheet, value: Any) -> Any:
    value = plain(value)
    if isinstance(value, float) and value != value:
        return None
    if not isinstance(value, str):
        return value
    value = NOT_IN_XML.sub("", value)[:32_767]
    return _as_text(sheet, value) if value.startswith(ACTIVE_START) else value


def _as_text(sheet, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _heading(sheet, value: str) -> WriteOnlyCell:
    cell = _as_text(sheet, value)
    cell.font = Font(bold=True)
    return cell
