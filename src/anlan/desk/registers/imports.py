"""Every ledger can be filled from a table; its columns are the fields of its type."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan import packs
from anlan.desk.exchange.declare import Import, ImportColumn
from anlan.desk.registers import importing
from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.declare import Field, RecordType, record_types


def _import(kind: RecordType) -> Import:
    written = {item["name"]: item for item in packs.section("records")[kind.code]["fields"]}
    return Import(
        name=kind.list_name,
        title=kind.title,
        permission=kind.add,
        key=kind.unique,
        columns=[*(_column(field, written[field.name]) for field in kind.entered), *_head(kind)],
        check=partial(importing.check_rows, kind),
        save=partial(importing.save_rows, kind),
        about=kind.about,
    )


def _column(field: Field, written: dict[str, Any]) -> ImportColumn:
    kinds = {"date": "date", "boolean": "flag", "number": "integer" if field.whole else "number"}
    single = field.type == "choice" and not field.many
    return ImportColumn(
        field.name,
        (field.title, written["title_en"], f"{written['title']}（{written.get('unit_title', '')}）"),
        kind="choice" if single else kinds.get(field.type, "text"),
        required=field.required,
        choices=partial(_titles, field) if single else None,
        low=field.least,
        high=field.most,
        longest=field.max_length,
        hint=field.help,
    )


def _titles(field: Field) -> dict[str, Any]:
    return {code.code: code.title for code in code_lists()[field.codes].values.values()}


def _head(kind: RecordType) -> list[ImportColumn]:
    columns = [
        ImportColumn("region", (_("辖区代码"), "区划代码"), kind="code", longest=15, hint=_("不填为本人岗位所在辖区")),
        ImportColumn("organisation", (_("单位代码"), "统一社会信用代码"), kind="code", longest=32),
    ]
    if any(field.name == "enterprise" for field in kind.fields):
        columns[1] = ImportColumn("organisation", (_("归属单位代码"),), kind="code", longest=32)
    if kind.place:
        columns += [
            ImportColumn("lon", (_("经度"), "东经"), kind="number", low=-180, high=180),
            ImportColumn("lat", (_("纬度"), "北纬"), kind="number", low=-90, high=90),
        ]
    if kind.dated:
        columns += [
            ImportColumn("valid_from", (_("有效期起"), "有效期自"), kind="date", of_period="begin"),
            ImportColumn(
                "valid_to",
                (_("有效期止"), "有效期至", "到期日期"),
                kind="date",
                required=kind.end_required,
                of_period="end",
            ),
        ]
    return columns


IMPORTS = [_import(kind) for kind in record_types().values()]
