"""Some thousand hidden dangers of two years, with summers, repetitions and what stands together. Invented.

Written in bulk like an imported ledger; each major one has its steps, reports and listing, so that its page is whole.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from anlan.demo.dice import dice
from anlan.demo.district import District
from anlan.desk.cases.models import Case, CaseStep
from anlan.desk.layers.placed import with_cells
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.prevent.hazards import counting
from anlan.prevent.hazards.models import KIND, FirePromise, Hazard, Listing, Report, SelfCheck
from anlan.prevent.hazards.periods import end_of

HOW_MANY = 4_000
DAYS = 720
OPEN_DAYS = 20  # what was found longer ago is cancelled, but for a few
BATCH = 500


@dataclass(frozen=True)
class Told:
    """One thing that is found again and again: kind, cause, where, by whose post, and in which months most."""

    title: str
    kind: str
    cause: str
    place: str
    post: str
    months: tuple[int, ...] = ()
    category: str = ""  # only of enterprises of this category


TELLINGS = (
    Told("消防通道堆放杂物", "fire", "management", "车间通道", "库管员"),
    Told("灭火器压力不足", "fire", "thing", "仓库", "库管员"),
    Told("应急照明灯不亮", "fire", "thing", "疏散楼梯", "电工"),
    Told("配电箱未接地", "electric", "thing", "配电间", "电工"),
    Told("临时用电线路拖地", "electric", "person", "检修现场", "电工"),
    Told("高温天气电缆过热未降负荷", "electric", "environment", "配电间", "电工", (7, 8)),
    Told("除尘管道积尘未清扫", "dust", "management", "打磨车间", "打磨工", (7, 8), "dust"),
    Told("打磨工位未使用防爆电器", "dust", "thing", "打磨车间", "电工", (), "dust"),
    Told("储罐液位计示值不准", "alarm", "thing", "罐区", "仪表工", (), "hazchem_producer"),
    Told("装卸鹤管静电接地夹锈蚀", "chemicals", "thing", "装卸区", "操作工", (), "hazchem_producer"),
    Told("可燃气体探测器未标定", "alarm", "management", "泵房", "仪表工", (), "petrol_station"),
    Told("氨机房洗眼器无水", "emergency", "thing", "氨机房", "制冷工", (), "ammonia"),
    Told("氨管道保温层破损结霜", "equipment", "thing", "氨机房", "制冷工", (6, 7, 8), "ammonia"),
    Told("动火作业未清理周边可燃物", "special_work", "person", "检修现场", "焊工"),
    Told("叉车驾驶员无证上岗", "training", "person", "厂区道路", "叉车工"),
    Told("高处作业未系安全带", "height", "person", "厂房屋面", "维修工", (4, 5)),
    Told("岗位操作规程未张贴", "management", "management", "操作室", "班组长"),
    Told("燃气软管老化未更换", "gas", "thing", "食堂", "炊事员", (11, 12, 1)),
    Told("安全阀超期未校验", "special_equipment", "management", "锅炉房", "司炉工"),
    Told("厂房排水沟堵塞", "building", "environment", "厂区", "维修工", (5, 6)),
)
MAJOR = (
    Told("涉爆粉尘除尘系统未设置泄爆装置", "dust", "thing", "打磨车间", "设备员", (), "dust"),
    Told("罐区未设置紧急切断装置", "process", "thing", "罐区", "设备员", (), "hazchem_producer"),
    Told("快速冻结装置未设在单独作业间", "building", "management", "加工车间", "制冷工", (), "ammonia"),
    Told("疏散通道被封堵且无法立即恢复", "fire", "management", "商场二层", "保安", (), "crowded_place"),
)


def load_hazards(district: District, enterprises: dict[str, Enterprise]) -> int:
    """Answers how many. The caller holds the transaction."""
    seed, now = district.place.seed, timezone.now()
    chance = dice(seed, "hazards")
    owners = sorted(enterprises.values(), key=lambda each: each.code)
    categories = _categories(owners)
    of = {
        told.category: [each for each in owners if told.category in categories.get(each.pk, ())]
        for told in (*TELLINGS, *MAJOR)
        if told.category
    }
    hazards: list[Hazard] = []
    last: dict[tuple, int] = {}
    for number in range(HOW_MANY):
        major = chance.random() < 0.008
        found, told = _found(chance, now, MAJOR if major else TELLINGS)
        choice = of.get(told.category) or owners
        owner = choice[int(len(choice) * chance.random() ** 2)]  # some have many: they repeat
        hazards.append(_hazard(chance, number, owner, told, found, now, major, categories.get(owner.pk, ())))
    hazards.sort(key=lambda each: each.found_at)
    cases = Case.objects.bulk_create([each.case for each in hazards], batch_size=BATCH)
    for each, case in zip(hazards, cases, strict=True):
        each.case = case
        place = (each.organisation, each.kind, each.place)
        each.repeats_id = last.get(place)
        last[place] = case.pk
    Hazard.objects.bulk_create(with_cells(hazards), batch_size=BATCH)
    _steps(hazards)
    _majors([each for each in hazards if each.grade == "major"])
    _self_checks(chance, owners, categories, now)
    counting.rebuild()
    return len(hazards)


def _categories(owners) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for pk, code in RegulatedAs.objects.filter(enterprise__in=owners).order_by("pk").values_list("enterprise", "code"):
        found[pk] = (*found.get(pk, ()), code)
    return found


def _found(chance, now: datetime, tellings: tuple[Told, ...]) -> tuple[datetime, Told]:
    """A day of the two years and what was found on it: what has its months is found there three times as often."""
    while True:
        found = now - timedelta(days=float(chance.random()) * DAYS, hours=1)
        told = tellings[int(chance.random() * len(tellings))]
        if not told.months or found.month in told.months or chance.random() < 1 / 3:
            return found, told


def _hazard(chance, number, owner, told: Told, found: datetime, now: datetime, major: bool, categories) -> Hazard:
    days = 3 + chance.random() * (60 if major else 14)
    old = now - found > timedelta(days=OPEN_DAYS)
    closed = found + timedelta(days=days)
    running = closed > now or (old and chance.random() < 0.01)
    due = end_of(timezone.localdate(found) + timedelta(days=60 if major else 15))
    state = ("rectifying" if chance.random() < 0.7 else "verifying") if running else "cancelled"
    if running and now - found < timedelta(days=2):
        state = "new"
    graded = state != "new"
    level, grade = (1, "major") if major else (3, "general")
    data = {"candidates": []}
    if graded:
        data |= {"grade": grade, "criterion": "none"}
    if state in ("verifying", "cancelled"):
        data |= {"treated": True}
    if graded and major and state != "rectifying":
        data |= {"reported": ["department", "congress"], "received": ["department", "congress"]}
    if state == "rectifying":
        data |= {"ends": due.isoformat()}
    shared = {
        "number": f"HAZD-{found:%Y%m%d}-{number:05}",
        "title": told.title,
        "region": owner.region,
        "organisation": owner.code,
        "level": level if graded else None,
        "state": state,
        "is_open": running,
        "closed_at": None if running else closed,
        "lon": owner.lon,
        "lat": owner.lat,
    }
    case = Case(
        kind=KIND,
        subject=f"enterprise:{owner.pk}",
        opened_at=found,
        entered_at=found if running else closed,
        due_at=due if running else None,
        climbs_at=due if running and due > now else None,
        data=data,
        **shared,
    )
    return Hazard(
        case=case,
        enterprise=owner,
        words=f"{told.place}：{told.title}。（虚构演示数据）",
        place=told.place,
        post=told.post,
        kind=told.kind,
        cause=told.cause,
        sector=categories[0] if categories else "",
        found_by=("self", "self", "check", "patrol", "inspection", "report")[int(chance.random() * 6)],
        found_at=found,
        registered_at=found,
        cancel_by=due,
        told_overdue_at=due if running and due < now else None,
        grade=grade if graded else "",
        reason="按本行业判定标准" if graded else "",
        measure="立即整改并举一反三" if graded else "",
        responsible=owner.safety_officer[:64] if graded else "",
        funds=round(0.1 + float(chance.random()) * (50 if major else 2), 1) if graded else None,
        deadline=timezone.localdate(due - timedelta(seconds=1)) if graded else None,
        plan="设警示、专人看护，必要时停用" if graded else "",
        rectified_at=_rectified(state, found, closed),
        extensions=1 if chance.random() < 0.03 else 0,
        synthetic=True,
        changed_at=found,
        **shared,
    )


def _rectified(state: str, found: datetime, closed: datetime) -> datetime | None:
    """Before it was verified; of what is not yet rectified there is no time."""
    return {"cancelled": closed - timedelta(days=1), "verifying": found + timedelta(hours=12)}.get(state)


def _steps(hazards: list[Hazard]) -> None:
    """The records people read on the page: opened, and for what is over also treated, verified and cancelled."""
    steps = []
    for each in hazards:
        before = ""
        for action, target, at in _course(each):
            steps.append(
                CaseStep(case_id=each.pk, at=at, action=action, source=before, target=target, words="（虚构演示数据）")
            )
            before = target
    CaseStep.objects.bulk_create(steps, batch_size=BATCH)


def _course(each: Hazard):
    yield "open", "new", each.registered_at
    if each.state == "new":
        return
    yield "grade", "settling", each.registered_at + timedelta(minutes=30)
    yield "settle", "rectifying", each.registered_at + timedelta(hours=1)
    if each.state == "rectifying":
        return
    yield "rectify", "verifying", each.rectified_at
    if each.state == "cancelled":
        yield "verify", "verified", each.closed_at - timedelta(hours=2)
        if each.grade == "major":
            yield "accept", "accepted", each.closed_at - timedelta(hours=1)
        yield ("strike" if each.grade == "major" else "cancel"), "cancelled", each.closed_at


def _majors(majors: list[Hazard]) -> None:
    reports, listings, listed = [], [], []
    for number, each in enumerate(majors):
        day = timedelta(days=1)
        reports += [
            Report(
                hazard=each, receiver=receiver, sent_at=each.found_at + day,
                received_at=each.found_at + 2 * day if each.state != "rectifying" or receiver == "department" else None,
                words="现状及成因、危害程度和治理难易程度、治理方案（虚构演示数据）",
            )
            for receiver in ("department", "congress")
        ]  # fmt: skip
        if number % 3 == 0 and each.state != "new":
            listed.append(each)
            listings.append(
                Listing(
                    hazard=each, region=each.region, organisation=each.organisation, rank="county",
                    ordered_at=each.found_at + 2 * day, supervisor="区应急管理局（虚构）",
                    requirements="限期治理，每周报告进度",
                    deadline=each.deadline, percent=60 if each.is_open else 100, published_at=each.found_at + 4 * day,
                    delisted_at=each.closed_at, passed=None if each.is_open else True, assessed_at=each.closed_at,
                )
            )  # fmt: skip
    Report.objects.bulk_create([each for each in reports if each.hazard.state != "new"], batch_size=BATCH)
    Listing.objects.bulk_create(listings, batch_size=BATCH)
    for each in listed:
        each.listed, each.published = each.is_open, True
        each.case.supervised = each.is_open
        done = {} if each.is_open else {"delisted": True}
        sent = {"reported": ["department", "congress"], "received": ["department"]} if each.is_open else {}
        each.case.data |= {"listed": True, "published": True, **sent, **done}
    open_majors = [each for each in majors if each.state == "rectifying"]
    for each in open_majors:
        each.case.data |= {"reported": ["department", "congress"], "received": ["department"]}
    Hazard.objects.bulk_update(listed, ["listed", "published"], batch_size=BATCH)
    changed = {each.pk: each.case for each in (*listed, *open_majors)}
    Case.objects.bulk_update(changed.values(), ["supervised", "data"], batch_size=BATCH)


def _self_checks(chance, owners, categories, now: datetime) -> None:
    """Most have checked within the interval, some have not; most fire units have promised this year."""
    checks, promises, year = [], [], timezone.localdate(now).year
    for owner in owners:
        if chance.random() < 0.9:
            at = now - timedelta(days=float(chance.random()) * 17)
            checks.append(SelfCheck(enterprise=owner, region=owner.region, organisation=owner.code, at=at))
        if {"fire_key_unit", "crowded_place"} & set(categories.get(owner.pk, ())) and chance.random() < 0.85:
            promises.append(
                FirePromise(
                    enterprise=owner, region=owner.region, organisation=owner.code, year=year,
                    published_at=now - timedelta(days=200), risks="用火用电、疏散（虚构演示数据）",
                    words="落实自知、自查、自改（虚构演示数据）",
                )
            )  # fmt: skip
    SelfCheck.objects.bulk_create(checks, batch_size=BATCH)
    FirePromise.objects.bulk_create(promises, batch_size=BATCH)
