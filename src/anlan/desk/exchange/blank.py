"""The sheet to fill in: the headings, the required ones marked, choices to pick from, codes as text."""

import tempfile
from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from anlan.desk.exchange.declare import KINDS, Import, ImportColumn

ROWS = 2_000
TEXTUAL = {"text", "code", "choice", "flag"}


def template(entry: Import) -> tuple[BinaryIO, int]:
    """The sheet, and how long it is."""
    book = Workbook()
    sheet = book.active
    sheet.title = str(entry.title)[:30].translate({ord(mark): "-" for mark in "[]:*?/\\"})
    sheet.freeze_panes = "A2"
    for number, column in enumerate(entry.columns, 1):
        _prepare(sheet, number, column)
    file = tempfile.SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 - the response closes it
    book.save(file)
    return file, file.tell()


def _prepare(sheet, number: int, column: ImportColumn) -> None:
    letter = get_column_letter(number)
    cell = sheet[f"{letter}1"]
    cell.value = f"{column.title}*" if column.required else str(column.title)
    cell.font = Font(bold=True)
    if column.required:
        cell.fill = PatternFill("solid", fgColor="FFF3CD")
    cell.comment = Comment(_explained(column), "Anlan")
    sheet.column_dimensions[letter].width = max(14, 2 * len(str(column.title)) + 4)
    if column.kind in TEXTUAL:
        sheet.column_dimensions[letter].number_format = "@"
    words = [str(words) for words in column.options().values()] if column.kind == "choice" else []
    if words and len(",".join(words)) < 250 and not any('"' in word or "," in word for word in words):
        validation = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=not column.required)
        sheet.add_data_validation(validation)
        validation.add(f"{letter}2:{letter}{ROWS}")


def _explained(column: ImportColumn) -> str:
    return " ".join(
        part for part in (_("必填。") if column.required else "", str(column.hint), kind_words(column)) if part
    )


def kind_words(column: ImportColumn) -> str:
    """How to fill a column in, for people."""
    if column.kind == "choice":
        return _("可填：%(options)s。") % {"options": "、".join(str(words) for words in column.options().values())}
    sentences = {
        "code": _("编码，按文本填写。"),
        "integer": _("整数。"),
        "number": _("数字。"),
        "date": _("日期，如 2026-01-31。"),
        "datetime": _("时间，如 2026-01-31 08:30。"),
        "flag": _("填“是”或“否”。"),
        "text": "",
    }
    assert set(sentences) | {"choice"} == set(KINDS)
    return sentences[column.kind]
