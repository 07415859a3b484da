"""What a station's frame says: ``a21026-Rtd=12.0,a21026-Flag=N;…`` as samples, the rest as facts.

A key is the factor's code of 2017 with the field behind it: ``a21026-Rtd``, ``-Avg``, ``-Min``, ``-Max``, ``-Cou``,
``-ZsRtd`` …; codes of 2005 are mapped. The flag becomes quality: N is good, T out of range, all others unfit for
alarms and means.
"""

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from anlan.columns.readings import Quality
from anlan.wire.hj212.frames import Frame
from anlan.wire.samples import OUT_OF_RANGE, UNFIT, Samples, local_instant

NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})([eE][+-]?\d{1,2})?", re.ASCII)
FLAGS = {
    "N": 0,
    "T": OUT_OF_RANGE,
    "S": UNFIT | Quality.SUBSTITUTED.value,
    "F": UNFIT,
    "M": UNFIT,
    "D": UNFIT,
    "C": UNFIT,
    "B": UNFIT,
    "P": UNFIT,
}
"""HJ 212-2017 (found): normal, over range, set by hand, stopped, maintenance, fault, calibrating, no link; P, a supply
fault, of 2005 (recalled). A flag nobody knows is unfit."""
GOOD_AIR_2005 = frozenset("13")
"""HJ/T 212-2005 (recalled): air stations flag with a digit, 1 meteorological and 3 normal."""

TIMES = ("DataTime", "BeginTime", "EndTime", "RestartTime", "SystemTime")
PASSED_OVER = frozenset(("Flag", "EFlag", "SampleTime"))
UPLOADS = frozenset(("2011", "2021", "2031", "2041", "2051", "2052", "2061", "2062", "2081", "2111", "3015", "3020"))
MOST_VALUES = 2_000


class Said(NamedTuple):
    samples: Samples
    facts: dict[str, str]
    faults: list[tuple[str, str]]
    """Values that could not be taken: key and reason."""


@cache
def factors() -> dict[str, dict[str, str]]:
    """Code of 2017 -> its row: ``name``, ``old``, ``unit``; tables B.1 to B.10 of HJ 212-2017."""
    with Path(__file__).with_name("factors.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@cache
def old_codes() -> dict[str, str]:
    """Code of HJ/T 212-2005 -> code of 2017."""
    return {row["old"]: code for code, row in factors().items() if row["old"]}


def fields(cp: str) -> list[tuple[str, str]]:
    """Names and values in their order. Doubled and trailing separators are passed over; a text between ``//`` is one
    value, whatever it holds."""
    texts: list[str] = []

    def kept(found: re.Match) -> str:
        texts.append(found[1])
        return f"\0{len(texts) - 1}\0"

    given = []
    for one in re.split("[;,]", re.sub(r"//(.*?)//", kept, cp.replace("\0", ""), flags=re.DOTALL)):
        name, sign, value = one.partition("=")
        if sign and name.strip():
            value = re.sub("\0(\\d+)\0", lambda found: texts[int(found[1])], value.strip())
            given.append((name.strip(), value))
    return given


def read(frame: Frame) -> Said:
    """All values of a frame's data. Never raises."""
    given = fields(frame.cp)
    said = Said(Samples(), {}, [])
    if len(given) > MOST_VALUES:
        said.faults.append(("CP", f"{len(given)} values: the most is {MOST_VALUES}"))
        return said
    flags, sampled, of_all = {}, {}, instant(frame.qn)
    for name, value in given:
        code, _, field = name.rpartition("-")
        if field == "Flag":
            flags[code] = value
        elif field == "SampleTime" and code:
            sampled[code] = instant(value)
        elif name == "DataTime":
            of_all = instant(value) or of_all
    for name, value in given:
        code, _, field = name.rpartition("-")
        if not code:
            said.facts[name] = value
        elif field in PASSED_OVER:
            continue
        elif field in ("Info", "SN"):
            said.facts[name] = value
            if NUMBER.fullmatch(value):
                said.samples.add(name, of_all, float(value))
        else:
            _value(said, code, field, value, flags.get(code), sampled.get(code) or of_all)
    return said


def _value(said: Said, code: str, field: str, value: str, flag: str | None, ts: int | None) -> None:
    quality = quality_of(flag)
    key = f"{old_codes().get(code, code)}-{field}"
    if NUMBER.fullmatch(value):
        said.samples.add(key, ts, float(value), quality)
    elif value or not quality & UNFIT:
        # A station at fault may well send its flag and no value: then there is nothing to be missed.
        said.faults.append((key[:64], f"{value[:40]!r} is no number"))


def quality_of(flag: str | None) -> int:
    """Quality bits of a data flag (:data:`FLAGS`); a value without one is good."""
    if flag is None or flag == "" or flag in GOOD_AIR_2005:
        return 0
    return FLAGS.get(flag, UNFIT)


def instant(text: str) -> int | None:
    """Microseconds UTC of YYYYMMDDhhmmss (milliseconds may follow) on the clock of China; None when it is no time."""
    if len(text) < 14 or not (text.isascii() and text.isdecimal()):
        return None
    parts = (text[0:4], text[4:6], text[6:8], text[8:10], text[10:12], text[12:14])
    return local_instant(*map(int, parts))
