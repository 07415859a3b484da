"""A ledger of dangers read in: rows judged and written in bulk, each with its case, its first record and its counts."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk import bulk
from anlan.desk.access.standing import may_row
from anlan.desk.audit.chain import Act, append
from anlan.desk.cases.models import Case, CaseNumber, CaseStep
from anlan.desk.exchange.declare import NEW, UNCHANGED, Row, Verdict
from anlan.desk.layers.placed import with_cells
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.prevent.hazards import counting, rules
from anlan.prevent.hazards.models import KIND, FoundBy, Hazard
from anlan.prevent.hazards.periods import end_of, terms_of
from anlan.prevent.hazards.wording import meant

TOGETHER = 400  # names asked for in one question
WIDE = str.maketrans("()", "（）")
OVER = {"done", "finished", "struck", "shut", "yes"}  # what a ledger calls a danger that is over


@dataclass
class Known:
    """What the rows speak of, asked for once."""

    enterprises: dict[str, Enterprise]  # by code and by full name
    keys: set[str]


def check(user, rows: list[Row]) -> list[Verdict]:
    known = _known(rows)
    seen: set[str] = set()
    return [_verdict(user, row, known, seen) for row in rows]


def save(user, rows: list[Row]) -> list[Verdict]:
    known = _known(rows)
    seen: set[str] = set()
    verdicts = [_verdict(user, row, known, seen) for row in rows]
    chosen = [row for row, verdict in zip(rows, verdicts, strict=True) if verdict.state == "new"]
    if chosen:
        _write(user, chosen, known)
    return verdicts


def _known(rows: list[Row]) -> Known:
    said = sorted({way for row in rows for way in _ways(str(row.values["enterprise"]))})
    enterprises: dict[str, Enterprise] = {}
    for start in range(0, len(said), TOGETHER):
        part = said[start : start + TOGETHER]
        for found in Enterprise.objects.filter(Q(code__in=part) | Q(name__in=part)):
            enterprises[found.code] = enterprises[_plain(found.name)] = found
    keys = [key for row in rows if (owner := _owner(row, enterprises)) and (key := _key(row, owner))]
    there: set[str] = set()
    for start in range(0, len(keys), TOGETHER):
        there |= set(Hazard.objects.filter(key__in=keys[start : start + TOGETHER]).values_list("key", flat=True))
    return Known(enterprises, there)


def _owner(row: Row, enterprises: dict[str, Enterprise]) -> Enterprise | None:
    return enterprises.get(_plain(str(row.values["enterprise"])))


def _plain(name: str) -> str:
    """A name as it is compared: width, case and spaces do not matter, nor how brackets are written."""
    return "".join(unicodedata.normalize("NFKC", name).split()).upper()


def _ways(name: str) -> set[str]:
    """How a name may stand in the register."""
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    return {name.strip(), plain, plain.upper(), plain.translate(WIDE)}


def _key(row: Row, owner: Enterprise) -> str:
    """What makes two rows the same danger: enterprise, day, words and place."""
    told = "\n".join(str(row.values.get(name) or "").strip() for name in ("found_on", "title", "place"))
    return f"ledger:{owner.pk}:{hashlib.blake2b(told.encode(), digest_size=16).hexdigest()}"


def _verdict(user, row: Row, known: Known, seen: set[str]) -> Verdict:
    owner, values = _owner(row, known.enterprises), row.values
    if owner is None:
        return Verdict("bad", _("没有这个企业：请写统一社会信用代码或企业档案里的全称，或先登记企业。"), "enterprise")
    if not may_row(user, "hazards.import", owner):
        return Verdict("bad", _("这个企业不在您的权限范围内。"), "enterprise")
    if values["found_on"] > timezone.localdate():
        return Verdict("bad", _("发现日期不能晚于今天。"), "found_on")
    if values.get("deadline") and values["deadline"] < values["found_on"]:
        return Verdict("bad", _("整改期限早于发现日期：若跨年，请写明年份。"), "deadline")
    closed = _closed_on(values)
    if closed and closed < values["found_on"]:
        return Verdict("bad", _("销号日期早于发现日期。"), "closed_on")
    if values.get("standing") in OVER and not closed:
        return Verdict("bad", _("台账写已整改却没有日期：请对应“销号日期”列，或填整表统一的日期。"), "closed_on")
    for field in ("kind", "cause"):
        if (said := values.get(field)) and meant(field, str(said)) is None:
            return Verdict("bad", _("没有“%(said)s”这一类，请改成平台的类别。") % {"said": said}, field)
    key = _key(row, owner)
    if key in known.keys or key in seen:
        return UNCHANGED
    seen.add(key)
    return NEW


def _closed_on(values) -> date | None:
    """The day it was over. Where the ledger says that it is not, a day given for the whole sheet does not count."""
    if values.get("standing") and values["standing"] not in OVER:
        return None
    return values.get("closed_on")


def _write(user, rows: list[Row], known: Known) -> None:
    now = timezone.now()
    first = _numbers(len(rows), now)
    owners = {owner.pk: owner for owner in known.enterprises.values()}
    sectors: dict[int, str] = {}
    for pk, code in RegulatedAs.objects.filter(enterprise__in=owners).order_by("-pk").values_list("enterprise", "code"):
        sectors[pk] = code
    terms = {region: terms_of(region) for region in {owner.region for owner in owners.values()}}
    hazards = []
    for number, row in enumerate(rows, first):
        owner = _owner(row, known.enterprises)
        said = f"HAZA-{timezone.localdate(now):%Y%m%d}-{number:05d}"
        hazards.append(_hazard(user, row, owner, said, sectors.get(owner.pk, ""), terms[owner.region].cancel_days, now))
    (last,) = Case.objects.aggregate(Max("pk", default=0)).values()
    bulk.insert(with_cells([each.case for each in hazards]))
    numbered = dict(Case.objects.filter(kind=KIND, pk__gt=last).values_list("number", "pk"))
    for each in hazards:
        each.case.pk = each.case_id = numbered[each.number]
    bulk.insert(with_cells(hazards))
    bulk.insert([step for each in hazards for step in _records(user, each, now)])
    counting.add(hazards)
    append(
        Act(
            action="hazards.import",
            words=_("导入隐患台账 %(count)d 条") % {"count": len(hazards)},
            data={"first": hazards[0].number, "last": hazards[-1].number, "count": len(hazards)},
            actor=user.username,
        )
    )


def _numbers(count: int, now: datetime) -> int:
    """Takes so many numbers of today at once; answers the first."""
    counter, _new = CaseNumber.objects.select_for_update().get_or_create(kind=KIND, day=timezone.localdate(now))
    counter.last += count
    counter.save(update_fields=["last"])
    return counter.last - count + 1


def _hazard(user, row: Row, owner: Enterprise, number: str, sector: str, days: int, now: datetime) -> Hazard:
    values = row.values
    closed = _noon(_closed_on(values))
    grade = values.get("grade") or ""
    state = "cancelled" if closed else "settling" if grade else "new"
    words = str(values["title"]).strip()
    found = min(_noon(values["found_on"]), now)
    deadline = values.get("deadline")
    due = end_of(deadline) if deadline else end_of(values["found_on"] + timedelta(days=days))
    shared = {
        "number": number,
        "title": words[:200],
        "region": owner.region,
        "organisation": owner.code,
        "level": rules.LEVEL.get(grade),
        "state": state,
        "is_open": not closed,
        "closed_at": closed,
        "lon": owner.lon,
        "lat": owner.lat,
    }
    case = Case(
        kind=KIND,
        subject=f"enterprise:{owner.pk}",
        opened_at=found,
        entered_at=now,
        due_at=None if closed else due,
        climbs_at=None if closed or due <= now else due,
        data={"candidates": [], **({"grade": grade} if grade else {})},
        **shared,
    )
    return Hazard(
        case=case,
        key=_key(row, owner),
        enterprise=owner,
        words=_said(words, values.get("rest")),
        place=str(values.get("place") or "")[:120],
        kind=_code("kind", values.get("kind"), "other"),
        cause=_code("cause", values.get("cause"), "unknown"),
        sector=sector,
        found_by=values.get("found_by") or FoundBy.SELF,
        found_at=found,
        registered_at=found,
        cancel_by=due,
        grade=grade,
        reason=_("台账原定等级") if grade else "",
        measure=str(values.get("measure") or ""),
        responsible=str(values.get("responsible") or "")[:64],
        funds=values.get("funds"),
        deadline=deadline,
        rectified_at=closed,
        changed_at=now,
        **shared,
    )


def _records(user, each: Hazard, now: datetime) -> list[CaseStep]:
    """That it was read in, by whom; and for what was over already, that the ledger says so."""
    words = _("由台账导入")
    target = each.state
    return [CaseStep(case_id=each.pk, at=now, action="open", source="", target=target, actor=user, words=words)]


def _said(words: str, rest) -> str:
    """What no column took stands below the danger's own words: nothing of the ledger is lost."""
    lines = [f"{title}：{value}" for title, value in (rest or {}).items() if value not in (None, "")]
    return "\n".join([words, *lines])


def _code(field: str, said, default: str) -> str:
    return (meant(field, str(said)) if said else None) or default


def _noon(day: date | None) -> datetime | None:
    """A ledger knows the day only: the middle of it."""
    return datetime.combine(day, time(12), timezone.get_current_timezone()) if day else None
