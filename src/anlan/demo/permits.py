"""Special works past and going on, limited spaces, contractors and small works of the district. Invented.

Some are late and some papers have lapsed on purpose, so that the lists show what they are for.
"""

from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from anlan.demo import names
from anlan.demo.dice import dice
from anlan.demo.texts import initials
from anlan.desk.access.models import User
from anlan.desk.cases.models import Case, CaseNumber, CaseStep
from anlan.desk.layers.placed import with_cells
from anlan.desk.registers.models import Record
from anlan.know.enterprises.models import Enterprise
from anlan.know.places.models import Region
from anlan.prevent.admission.models import Contractor, Entry, Staff, Violation
from anlan.prevent.permits import grading, small_works
from anlan.prevent.permits.kinds import GRAVITY, KINDS, chain
from anlan.prevent.permits.models import GasTest, Isolation, Permit, SmallWork, Space, Worker
from anlan.prevent.permits.states import KIND

PAST, DAYS, LIVE, CONTRACTORS, SMALL_WORKS = 480, 120, 36, 40, 90
SHARES = {
    "hot_work": 0.34,
    "work_at_height": 0.2,
    "temporary_power": 0.14,
    "confined_space_entry": 0.12,
    "lifting": 0.1,
    "excavation": 0.04,
    "blinding": 0.04,
    "road_closure": 0.02,
}
WORKS = {
    "hot_work": ("更换蒸汽管段焊接", "储罐平台护栏补焊", "设备支座切割"),
    "work_at_height": ("检修屋面采光带", "更换管廊照明", "塔器保温修补"),
    "temporary_power": ("检修用电焊机接电", "临时照明接线", "抽水泵临时供电"),
    "confined_space_entry": ("反应釜内部清理", "污水池清淤", "储罐内壁检测"),
    "lifting": ("换热器吊装就位", "屋面风机吊装"),
    "excavation": ("消防管线开挖抢修", "电缆沟开挖"),
    "blinding": ("物料管线加盲板", "检修后抽盲板"),
    "road_closure": ("厂区道路断路铺管",),
}
SPACES = (
    ("污水调节池", "underground", "硫化氢中毒、缺氧窒息", 3.5),
    ("反应釜内部", "equipment", "缺氧窒息、残留溶剂蒸气", 2.8),
    ("阀门井", "underground", "缺氧窒息、可燃气体", 2.2),
    ("除尘器箱体", "equipment", "粉尘爆炸、缺氧窒息", 3.0),
    ("消防水池", "underground", "缺氧窒息、淹溺", 4.0),
)
SMALL = (
    ("facade", "更换门头广告牌", 6.0),
    ("roof", "屋顶光伏板清洗", 9.0),
    ("demolition", "商铺隔墙拆除", 3.0),
    ("welding", "围栏焊接", None),
    ("pit", "化粪池清掏", 3.5),
    ("decoration", "门店室内装修", None),
    ("wiring", "夜市摊位接电", None),
    ("digging", "入户管沟开挖", 1.2),
)
TRADES = (("恒安", "设备检修"), ("宏立", "防腐保温"), ("顺达", "起重吊装"), ("通明", "电气安装"), ("固基", "土建施工"))


def load_permits(seed: int) -> None:
    """The caller holds the transaction; enterprises and certificates are there already."""
    chance, now = dice(seed, "permits"), timezone.now()
    owners = list(Enterprise.objects.filter(synthetic=True, status="operating").order_by("pk"))
    plant = Enterprise.objects.filter(synthetic=True, categories__code="key_process").order_by("pk").first()
    owners = [*([plant] if plant else []), *(owners[int(at)] for at in chance.choice(len(owners), 120, replace=False))]
    owners = list({owner.pk: owner for owner in owners}.values())
    spaces = _spaces(seed, owners[:60])
    contractors = _contractors(seed, owners[:CONTRACTORS], timezone.localdate())
    _permits(seed, chance, owners, spaces, contractors, now)
    _small_works(seed, now)


def name_people() -> None:
    """Once accounts are opened: who leads and guards the works of the plant that has accounts."""
    posts = {"guardian": "guardian", "team_leader": "leader"}
    for role, field in posts.items():
        person = User.objects.filter(posts__role=role, person__synthetic=True).order_by("pk").first()
        post = person and person.posts.first()
        if post:
            own = Permit.objects.filter(organisation=post.organisation, synthetic=True, is_open=True)
            first = own.order_by("valid_until").first()
            # One person guards one work at a time.
            named = own.filter(pk=first.pk) if first and field == "guardian" else own
            named.update(**{field: person})


def _spaces(seed: int, owners: list[Enterprise]) -> dict[str, list[Space]]:
    chance = dice(seed, "limited spaces")
    people, phones = (
        names.people(seed, "limited spaces", len(owners)),
        names.phones(seed, "limited spaces", len(owners)),
    )
    rows = []
    for owner, person, phone in zip(owners, people.tolist(), phones.tolist(), strict=True):
        for number, at in enumerate(chance.choice(len(SPACES), 2, replace=False), 1):
            name, kind, factors, depth = SPACES[int(at)]
            rows.append(
                Space(
                    enterprise=owner, organisation=owner.code, region=owner.region, code=f"YX-{number:02}", name=name,
                    initials=initials(name), kind=kind, place="厂区内", factors=factors, depth=depth,
                    signed=chance.random() < 0.92, barred=chance.random() < 0.8, gear="呼吸器、四合一检测仪、三脚架",
                    responsible=person, phone=phone, lon=_moved(owner.lon, chance), lat=_moved(owner.lat, chance),
                    synthetic=True,
                )
            )  # fmt: skip
    Space.objects.bulk_create(with_cells(rows))
    found: dict[str, list[Space]] = {}
    for row in rows:
        found.setdefault(row.organisation, []).append(row)
    return found


def _contractors(seed: int, owners: list[Enterprise], today: date) -> dict[str, Contractor]:
    chance = dice(seed, "contractors")
    certificates = list(Record.objects.filter(type="certificates", synthetic=True).order_by("pk")[: 3 * len(owners)])
    rows = []
    for number, owner in enumerate(owners):
        brand, scope = TRADES[number % len(TRADES)]
        name = f"{brand}{scope}有限公司（虚构）"
        rows.append(
            Contractor(
                organisation=owner.code, region=owner.region, code=f"DEMO9100{number:06}", name=name, scope=scope,
                initials=initials(name), qualification=f"{scope}资质二级",
                qualification_until=today + timedelta(days=int(chance.integers(-20, 900))),
                agreement_until=today + timedelta(days=int(chance.integers(-10, 360))), synthetic=True,
            )
        )  # fmt: skip
    Contractor.objects.bulk_create(rows)
    people = iter(names.people(seed, "contractors", 3 * len(rows)).tolist())
    staff = [
        Staff(
            contractor=row, organisation=row.organisation, region=row.region, name=next(people), job=row.scope,
            certificate=certificate.key, trained_on=today - timedelta(days=60),
            trained_until=today + timedelta(days=int(chance.integers(-5, 300))), synthetic=True,
        )
        for row, three in zip(rows, zip(*[iter(certificates)] * 3, strict=False), strict=False)
        for certificate in three
    ]  # fmt: skip
    Staff.objects.bulk_create(staff)
    _entries(rows, staff, today)
    Violation.objects.bulk_create(
        Violation(
            contractor=row, organisation=row.organisation, region=row.region, on=today - timedelta(days=11),
            words="登高未系安全带（虚构）", points=3, synthetic=True,
        )
        for row in rows[::7]
    )  # fmt: skip
    Contractor.objects.filter(pk__in=[row.pk for row in rows[::7]]).update(points=3)
    return {row.organisation: row for row in rows}


def _entries(contractors: list[Contractor], staff: list[Staff], today: date) -> None:
    now = timezone.now()
    rows = []
    for number, contractor in enumerate(contractors):
        lapsed = contractor.agreement_until < today
        reason = {
            "about": contractor.name,
            "words": {
                "zh": f"安全生产管理协议已于 {contractor.agreement_until} 到期",
                "en": f"safety agreement expired on {contractor.agreement_until}",
            },
            "clause": None,
        }
        state = Entry.State.REFUSED if lapsed else Entry.State.ASKED if number % 6 == 0 else Entry.State.ADMITTED
        rows.append(
            Entry(
                contractor=contractor, organisation=contractor.organisation, region=contractor.region,
                work=contractor.scope, starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=5),
                state=state, reasons=[reason] if lapsed else [], asked_at=now - timedelta(days=2, hours=number),
                synthetic=True,
            )
        )  # fmt: skip
    Entry.objects.bulk_create(rows)
    of = {row.contractor_id: row for row in rows}
    through = Entry.staff.through
    through.objects.bulk_create(through(entry_id=of[one.contractor_id].pk, staff_id=one.pk) for one in staff)


def _permits(seed, chance: np.random.Generator, owners, spaces, contractors, now: datetime) -> None:
    people = names.people(seed, "permits", PAST + LIVE).tolist()
    counted: Counter[date] = Counter()
    rows = []
    for number in range(PAST + LIVE):
        live = number >= PAST
        owner = owners[0] if live and number - PAST < 3 else owners[int(chance.integers(len(owners)))]
        kind = str(chance.choice(list(SHARES), p=list(SHARES.values())))
        if kind == "confined_space_entry" and owner.code not in spaces:
            kind = "hot_work"
        begun = (
            now - timedelta(hours=float(chance.uniform(0.4, 5)))
            if live
            else now - timedelta(days=float(chance.uniform(1, DAYS)))
        )
        rows.append(_permit(chance, owner, kind, begun, live, number, spaces, contractors, counted, now))
    cases = Case.objects.bulk_create(with_cells([row.case for row in rows]))
    for row, case in zip(rows, cases, strict=True):
        row.case = case
    Permit.objects.bulk_create(with_cells(rows))
    CaseNumber.objects.bulk_create(CaseNumber(kind=KIND, day=day, last=last) for day, last in counted.items())
    Worker.objects.bulk_create(Worker(permit=row, name=name) for row, name in zip(rows, people, strict=True))
    _evidence(rows)


def _permit(chance, owner, kind, begun, live, number, spaces, contractors, counted, now) -> Permit:
    levels = KINDS[kind].levels
    level = levels[min(int(chance.exponential(0.6)), len(levels) - 1)]
    hours = float(chance.uniform(2.5, 8 if level in ("special", "first") else 10))
    ends = begun + timedelta(hours=hours)
    state = "closed"
    if live:
        state = ("working", "working", "working", "issued", "interrupted", "finished")[number % 6]
    day = timezone.localdate(begun)
    counted[day] += 1
    running = f"{day:%Y%m%d}-{counted[day]:05}"
    work = WORKS[kind][number % len(WORKS[kind])]
    place = f"{owner.short_name or owner.name}厂区"
    space = spaces[owner.code][number % 2] if kind == "confined_space_entry" else None
    shared = {
        "region": owner.region,
        "organisation": owner.code,
        "lon": _moved(owner.lon, chance),
        "lat": _moved(owner.lat, chance),
        "state": state,
        "is_open": live,
    }
    case = Case(
        **shared, kind=KIND, number=f"PERM-{running}", title=f"{KINDS[kind].title} {place} {work}"[:200],
        level=GRAVITY[level], opened_at=begun - timedelta(hours=1), entered_at=begun, due_at=ends if live else None,
        climbs_at=ends if live and ends > now else None, closed_at=None if live else ends,
        data={"kind": kind, "level": level, "chain": list(chain(kind, level, toxic=bool(space and space.toxic)))},
    )  # fmt: skip
    contractor = contractors.get(owner.code) if number % 3 == 0 else None
    return Permit(
        **shared, case=case, number=f"{KINDS[kind].letters}-{running}", kind=kind, level=level, gravity=GRAVITY[level],
        enterprise=owner, space=space, contractor=contractor, work=work, place=place,
        hazards="火灾、高处坠落、物体打击等（虚构）", facts={"asked": level, "occasions": ["night", "rest_day"]},
        starts_at=begun, valid_until=ends, begun_at=None if state == "issued" else begun,
        paused_at=now if state == "interrupted" else None, ended_at=ends if not live else None,
        measures=[{**one, "done": True, "by": "班组长", "at": begun.isoformat()} for one in grading.measures(kind)],
        token=chance.bytes(12).hex(), synthetic=True,
    )  # fmt: skip


def _evidence(rows: list[Permit]) -> None:
    """Steps, gas analyses and isolation, so that a page is whole."""
    steps, tests, points = [], [], []
    for row in rows:
        told = [("open", "", "applied", -60), ("submit", "applied", f"sign_{row.case.data['chain'][0]}", -50)]
        told += [("start", "issued", "working", 0)] if row.state != "issued" else []
        told += [("accept", "finished", "closed", 180)] if row.state == "closed" else []
        steps += [
            CaseStep(
                case=row.case, at=row.starts_at + timedelta(minutes=after), action=action, source=before, target=then
            )
            for action, before, then, after in told
        ]
        if row.kind in ("hot_work", "confined_space_entry"):
            readings = {"oxygen": 20.8, "flammable": 0} | ({"H2S": 0} if row.kind == "confined_space_entry" else {})
            at = row.starts_at - timedelta(minutes=12)
            finding = grading.gas(row, readings, at)
            tests.append(
                GasTest(
                    permit=row, at=at, place="作业点", readings=readings, passed=finding.value is True,
                    explanation=finding.as_dict(),
                )
            )  # fmt: skip
            points.append(
                Isolation(
                    permit=row, kind="blind", tag="MB-01", position="进料管法兰", medium="物料", set_at=at,
                    removed_at=row.ended_at,
                )
            )  # fmt: skip
    CaseStep.objects.bulk_create(steps, batch_size=500)
    GasTest.objects.bulk_create(tests, batch_size=500)
    Isolation.objects.bulk_create(points, batch_size=500)


def _small_works(seed: int, now: datetime) -> None:
    chance, today = dice(seed, "small works"), timezone.localdate()
    villages = list(Region.objects.filter(synthetic=True, level=Region.Level.VILLAGE).order_by("code"))
    owners = names.people(seed, "small works", SMALL_WORKS).tolist()
    phones = names.phones(seed, "small works", SMALL_WORKS).tolist()
    near = list(Enterprise.objects.filter(synthetic=True).order_by("pk")[:SMALL_WORKS])
    rows = []
    for number, (owner, phone, beside) in enumerate(zip(owners, phones, near, strict=False)):
        kind, title, height = SMALL[number % len(SMALL)]
        village = next(
            (one for one in villages if beside.region.startswith(one.code)), villages[number % len(villages)]
        )
        starts = today - timedelta(days=int(chance.integers(0, 9)))
        finding = small_works.grade(
            small_works.Described(kind=kind, height=height, certified=number % 3 > 0, crowded=number % 5 == 0)
        )
        every = small_works.EVERY_DAYS[finding.value]
        running = number % 4 > 0
        rows.append(
            SmallWork(
                region=village.code, kind=kind, title=title, place=f"{village.name}", owner=owner, phone=phone,
                builder="零工（虚构）", workers=int(chance.integers(1, 6)), height=height, certified=number % 3 > 0,
                crowded=number % 5 == 0, starts_on=starts, ends_on=starts + timedelta(days=12), level=finding.value,
                explanation=finding.as_dict(), every_days=every, is_open=running,
                next_check=today + timedelta(days=int(chance.integers(-1, every + 1))) if running else None,
                lon=_moved(beside.lon, chance), lat=_moved(beside.lat, chance), registered_at=now, synthetic=True,
            )
        )  # fmt: skip
    SmallWork.objects.bulk_create(with_cells(rows))


def _moved(degrees: float | None, chance: np.random.Generator) -> float | None:
    """Some ten metres aside, so that marks do not lie upon one another."""
    return None if degrees is None else degrees + float(chance.uniform(-6e-4, 6e-4))
