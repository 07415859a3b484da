"""Checks what somebody typed or imported against a record type. Pure: code lists and references are given."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from anlan.desk.registers.codes import CodeList
from anlan.desk.registers.declare import Field, RecordType

EMPTY = (None, "", [], ())
YES = {"1", "true", "yes", "y", "是", "有", "√", "on"}
NO = {"0", "false", "no", "n", "否", "无", "×", "off"}

Wrong = dict[str, str]


class Mistake(ValueError):
    """One value cannot be used; the text says why and what to write."""


def clean(
    kind: RecordType,
    raw: Mapping[str, Any],
    *,
    codes: Mapping[str, CodeList],
    day: date,
    refers: Callable[[str, str], bool],
    standing: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], Wrong]:
    """(data ready to be kept as JSON, what is wrong by field). `refers(type, key)`: is there such a record?
    What stands already in `standing` may stay, though its code or its reference has since gone out of force."""
    data, wrong = {}, {}
    for field in kind.entered:
        try:
            value = _value(field, raw.get(field.name), codes, day, refers, (standing or {}).get(field.name))
        except Mistake as mistake:
            wrong[field.name] = str(mistake)
            continue
        if value in EMPTY:
            if field.required:
                wrong[field.name] = _("必填。")
            continue
        data[field.name] = value
    for name in raw:
        if name not in kind.by_name:
            wrong[name] = _("“%(type)s”没有字段 %(name)s。") % {"type": kind.title, "name": name}
    return with_reckoned(kind, data), wrong


def with_reckoned(kind: RecordType, data: dict[str, Any]) -> dict[str, Any]:
    """The data with what is reckoned from it; nothing stands where something is missing. Below its `min` a value is
    cut off there: who has spent more than he must has a gap of nothing."""
    for field in kind.fields:
        if field.reckoned is None:
            continue
        value = field.reckoned.value(data)
        data.pop(field.name, None)
        if value is not None:
            value = max(value, field.least) if field.least is not None else value
            data[field.name] = int(value) if value == int(value) else round(value, 6)
    return data


def _value(field: Field, raw: Any, codes: Mapping[str, CodeList], day: date, refers, kept: Any) -> Any:
    if isinstance(raw, str):
        raw = raw.strip()
    if raw in EMPTY:
        return None
    match field.type:
        case "text":
            return _text(field, raw)
        case "number":
            return _number(field, raw)
        case "date":
            return _date(raw).isoformat()
        case "boolean":
            return _boolean(raw)
        case "choice":
            return _choice(field, raw, codes[field.codes], day, kept if isinstance(kept, list) else [kept])
        case "reference":
            return kept if raw == kept else _reference(field, raw, refers)
    raise ValueError(f"unknown type '{field.type}'")


def _text(field: Field, raw: Any) -> str:
    text = str(raw)
    if "\x00" in text:
        raise Mistake(_("含有不可用的字符。"))
    if len(text) > field.max_length:
        raise Mistake(_("最多 %(most)d 个字，现有 %(count)d 个。") % {"most": field.max_length, "count": len(text)})
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise Mistake(_("“%(text)s”格式不对。%(help)s") % {"text": text[:60], "help": field.help})
    return text


def _number(field: Field, raw: Any) -> float | int:
    if isinstance(raw, bool):
        raise Mistake(_("应为数字。"))
    try:
        number = float(str(raw).replace(",", "").replace("，", ""))
    except ValueError:
        raise Mistake(_("“%(text)s”不是数字。") % {"text": str(raw)[:60]}) from None
    if not math.isfinite(number):
        raise Mistake(_("“%(text)s”不是数字。") % {"text": str(raw)[:60]})
    if field.whole and number != int(number):
        raise Mistake(_("应为整数。"))
    if field.least is not None and number < field.least:
        raise Mistake(_("不能小于 %(least)g。") % {"least": field.least})
    if field.most is not None and number > field.most:
        raise Mistake(_("不能大于 %(most)g。") % {"most": field.most})
    return int(number) if number == int(number) and abs(number) < 2**53 else number


def _date(raw: Any) -> date:
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day)
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", str(raw))
    if not parts:
        raise Mistake(_("“%(text)s”不是日期，请写成 2026-11-24。") % {"text": str(raw)[:60]})
    try:
        return date(*map(int, parts.groups()))
    except ValueError:
        raise Mistake(_("没有“%(text)s”这一天。") % {"text": str(raw)[:60]}) from None


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).lower()
    if word in YES | NO:
        return word in YES
    raise Mistake(_("请写“是”或“否”。"))


def _choice(field: Field, raw: Any, codes: CodeList, day: date, kept: list) -> str | list[str]:
    if field.many:
        given = raw if isinstance(raw, (list, tuple)) else re.split(r"[;；、,，]", str(raw))
        return list(dict.fromkeys(_code(str(item), codes, day, kept) for item in given if str(item).strip()))
    if isinstance(raw, (list, tuple)):
        raise Mistake(_("只能选一项。"))
    return _code(str(raw), codes, day, kept)


def _code(words: str, codes: CodeList, day: date, kept: list) -> str:
    code = codes.find(words)
    if code is None:
        raise Mistake(_("“%(text)s”不在“%(list)s”中。") % {"text": words[:60], "list": codes.title})
    if code not in kept and not codes.values[code].in_force(day):
        raise Mistake(_("“%(text)s”已不再使用。") % {"text": codes.titled(code)})
    return code


def _reference(field: Field, raw: Any, refers: Callable[[str, str], bool]) -> str:
    key = str(raw)[:200]
    if not refers(field.to, key):
        raise Mistake(_("没有找到“%(key)s”，请先登记它，或改为已有的编号。") % {"key": key[:60]})
    return key


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list]:
    """What changed: field -> [before, after]; None for absent."""
    names = [*old, *(name for name in new if name not in old)]
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


def conflict(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, list]:
    """Where two people changed one record from the same base: field -> [what stands now, what I wanted].

    A field that only I changed is no conflict; one that both changed alike is none either."""
    return {
        name: [now, mine.get(name)]
        for name, (_before, now) in difference(base, theirs).items()
        if mine.get(name) != now
    }
