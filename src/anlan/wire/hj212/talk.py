"""Who answers what: replies to a station, and requests of the centre with their QN."""

from collections.abc import Callable
from typing import NamedTuple

from anlan.wire.hj212.data import fields, instant
from anlan.wire.hj212.frames import BEFORE_2017, Frame
from anlan.wire.samples import local_fields

REQUEST_ANSWER, RESULT, NOTICE_ANSWER, DATA_ANSWER = "9011", "9012", "9013", "9014"
INTERACTION = "91"
NOTICES = frozenset(("1013", "9015"))
"""A station asks for the time to be set; a heart-beat of 2025. All else with bit 0 of the flag is data."""

READY = 1
QN_RESULTS = {
    1: "ready", 2: "refused", 3: "wrong PW", 4: "wrong MN", 5: "wrong ST", 6: "wrong Flag", 7: "wrong QN",
    8: "wrong CN", 9: "wrong CRC", 100: "unknown",
}  # fmt: skip
DONE = 1
RESULTS = {
    1: "done", 2: "failed", 3: "wrong condition", 4: "time-out", 5: "busy", 6: "system fault", 100: "no data",
}  # fmt: skip


def reply(to: Frame) -> Frame | None:
    """What a station waits for; None when it wants nothing, or is itself an answer."""
    if not to.wants_answer or (to.cn.startswith("90") and to.cn not in NOTICES):
        return None
    answer = NOTICE_ANSWER if to.cn in NOTICES else DATA_ANSWER
    if to.edition == BEFORE_2017:
        # The form of 2005: what is answered is named inside.
        return Frame(cn=answer, st=INTERACTION, cp=f"QN={to.qn};CN={to.cn}", check=to.check)
    return Frame(cn=answer, st=INTERACTION, mn=to.mn, pw=to.pw, qn=to.qn, flag=to.edition << 2, check=to.check)


def answered_qn(frame: Frame) -> str:
    """The exchange an answer belongs to: in its head, or, as in 2005, inside."""
    return frame.qn or dict(fields(frame.cp)).get("QN", "")


def result(frame: Frame) -> int | None:
    """QnRtn of a 9011, ExeRtn of a 9012; None when it says none."""
    said = dict(fields(frame.cp))
    value = said.get("QnRtn" if frame.cn == REQUEST_ANSWER else "ExeRtn", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else None


def stamp(now: int, milliseconds: bool = True) -> str:
    """QN (17 digits) or a time (14), on the clock of China."""
    year, *rest = local_fields(now)
    text = f"{year:04d}" + "".join(f"{n:02d}" for n in rest)
    return f"{text}{now // 1000 % 1000:03d}" if milliseconds else text


# --- requests -----------------------------------------------------------------------------------------------------
class Order(NamedTuple):
    cn: str
    cp: Callable[[dict, int], str]
    brings: str = ""
    """The command under which the station brings what was asked for; empty when it only reports a result."""


def order(name: str, parameters: dict, now: int) -> tuple[Order, str]:
    """Errors: ValueError, with what is wrong."""
    known = ORDERS.get(name)
    if known is None:
        raise ValueError(f"{name!r} is none of {', '.join(sorted(ORDERS))}")
    return known, known.cp(parameters, now)


def _nothing(parameters: dict, now: int) -> str:
    return ""


def _pollutant(parameters: dict, now: int) -> str:
    """PolId is optional in time commands and names the instrument in others."""
    code = str(parameters.get("factor", ""))
    if code and not (code.isascii() and code.isalnum() and len(code) <= 8):
        raise ValueError("factor: the code of a factor")
    return f"PolId={code}" if code else ""


def _time(parameters: dict, now: int) -> str:
    return ";".join(filter(None, (_pollutant(parameters, now), f"SystemTime={stamp(now, milliseconds=False)}")))


def _seconds(parameters: dict, now: int) -> str:
    value = _whole(parameters, "seconds")
    if not 30 <= value <= 3600:
        raise ValueError("seconds: a whole number from 30 to 3600")
    return f"RtdInterval={value}"


MINUTES = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)


def _minutes(parameters: dict, now: int) -> str:
    value = _whole(parameters, "minutes")
    if value not in MINUTES:
        raise ValueError(f"minutes: one of {', '.join(map(str, MINUTES))}")
    return f"MinInterval={value}"


def _span(parameters: dict, now: int) -> str:
    begin, end = (str(parameters.get(name, "")) for name in ("begin", "end"))
    if len(begin) != 14 or len(end) != 14 or not instant(begin) or not instant(end) or begin > end:
        raise ValueError("begin, end: 14 digits each, year to second, in their order")
    return f"BeginTime={begin};EndTime={end}"


def _whole(parameters: dict, name: str) -> int:
    value = parameters.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 8:
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name}: a whole number")
    return value


ORDERS = {
    "read_time": Order("1011", _pollutant, "1011"),
    "set_time": Order("1012", _time),
    "read_interval": Order("1061", _nothing, "1061"),
    "set_interval": Order("1062", _seconds),
    "read_minutes": Order("1063", _nothing, "1063"),
    "set_minutes": Order("1064", _minutes),
    "start_data": Order("2011", _nothing),
    "stop_data": Order("2012", _nothing),
    "bring_days": Order("2031", _span, "2031"),
    "bring_minutes": Order("2051", _span, "2051"),
    "bring_hours": Order("2061", _span, "2061"),
    "calibrate": Order("3011", _pollutant),
    "sample": Order("3012", _pollutant),
    "clean": Order("3013", _pollutant),
    "read_serial": Order("3019", _pollutant, "3019"),
}
