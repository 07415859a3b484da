"""The ledgers of the enterprises' own desks and their self-checks: invented, dealt by seed. Grades are not loaded: the
platform reckons them itself in its first minute.

Some commitments, tables and filings are left out on purpose, so that coverage, exception list and overdue items have
something to show.
"""

from datetime import date, datetime, timedelta

from anlan.demo import names
from anlan.demo.dice import dice
from anlan.demo.divisions import DISTRICT_CODE
from anlan.demo.ledgers import DEMO, put_records, record_of
from anlan.desk.measures.models import Assessment
from anlan.desk.measures.scorecards import judge, scorecards
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.models import Record
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.prevent.onboarding.declare import templates

PROMISED, TABLED, CERTIFIED, FILED = 0.88, 0.765, 0.8, 0.8
DAILY = {"hazchem_producer", "hazchem_user", "hazchem_dealer_storage", "metal_smelting", "fireworks_producer"}
TOPICS = {
    "duties": "主要负责人在岗带班，各级责任人已到位",
    "management": "规章制度和操作规程有效执行，特殊作业按票管理",
    "investment": "安全费用按规定提取使用，设施完好投用",
    "risks": "较大以上风险管控措施全部落实",
    "dangers": "今日排查出的隐患已落实整改责任和期限",
}
BANNED = (
    ("间歇式硝化工艺", "banned"),
    ("釜式间歇氯化（无自动化控制）；人工加料氯化", "banned"),
    ("淘汰型燃煤锅炉", "limited"),
)
ASSESSED = 40


def load_desk_ledgers(seed: int, today: date) -> None:
    """The caller holds the transaction; risks, enterprises and ledgers are there already."""
    enterprises = list(Enterprise.objects.filter(synthetic=True).prefetch_related("categories").order_by("pk"))
    kinds = {one.pk: {category.code for category in one.categories.all()} for one in enterprises}
    scale = [one for one in enterprises if "above_scale" in kinds[one.pk]]
    put_records("safety_commitments", _commitments(seed, [one for one in enterprises if DAILY & kinds[one.pk]], today))
    put_records("responsibility_posts", _posts(seed, scale[:60], today))
    _tables(seed, scale, today)
    put_records("standardisation_certificates", _certificates(seed, scale, today))
    put_records("safety_expenses", _expenses(seed, scale[:120], kinds, today))
    put_records("prohibited_items", [_catalogue(*item) for item in BANNED])
    put_records("elimination_items", _eliminations(scale[:12], today))
    _filings(seed, today)
    put_records("accident_history", _accidents(seed, enterprises, today))
    put_records("credit_entries", _credit(seed, enterprises, today))


def load_assessments(seed: int, now: datetime) -> None:
    """Self-checks by the key-item list, with some gaps."""
    card = scorecards()["key_items"]
    firms = Enterprise.objects.filter(synthetic=True, categories__code="above_scale").order_by("pk")[:ASSESSED]
    rng, rows = dice(seed, "assessments"), []
    for firm in firms:
        no = set(rng.choice(len(card.items), int(rng.integers(0, 5)), replace=False).tolist())
        answers = {
            item.code: {"answer": "no"} if number in no else {"answer": "yes", "words": DEMO}
            for number, item in enumerate(card.items)
        }
        result = judge(card, answers)
        rows.append(
            Assessment(
                card=card.code, subject=f"enterprise:{firm.code}", period=f"{now:%Y}", title=firm.name,
                url=f"/enterprises/{firm.pk}/", region=firm.region, organisation=firm.code, state="submitted",
                answers=answers, result=result.as_dict(), score=result.score, grade=str(result.grade or ""),
                gaps=len(result.gaps), submitted_at=now, synthetic=True,
            )
        )  # fmt: skip
    Assessment.objects.bulk_create(rows)


def _commitments(seed: int, firms: list[Enterprise], today: date) -> list[Entry]:
    rng = dice(seed, "commitments")
    signers = names.people(seed, "commitments", len(firms))
    found = []
    for firm, signer in zip(firms, signers, strict=True):
        for back in (0, 1):
            if rng.random() < PROMISED:
                day = today - timedelta(days=back)
                found.append(record_of(firm, {"name": firm.name, "day": day, "signer": str(signer)} | TOPICS))
    return found


def _posts(seed: int, firms: list[Enterprise], today: date) -> list[Entry]:
    rng, found = dice(seed, "posts"), []
    posts = templates()["machinery_works"].posts
    people = names.people(seed, "posts", len(firms) * len(posts))
    for number, firm in enumerate(firms):
        for place, post in enumerate(posts):
            values = {"post": post.name, "person": str(people[number * len(posts) + place]), "duties": post.duties}
            values |= {"standard": post.standard}
            if rng.random() < 0.93:
                values["signed_on"] = today - timedelta(days=int(rng.integers(10, 300)))
            found.append(record_of(firm, values))
    return found


def _tables(seed: int, firms: list[Enterprise], today: date) -> None:
    rng = dice(seed, "two tables")
    fillers = names.people(seed, "two tables", len(firms))
    one, two = [], []
    for firm, filler in zip(firms, fillers, strict=True):
        day = today.replace(day=1) + timedelta(days=int(rng.integers(0, max(today.day, 1))))
        if rng.random() < TABLED + 0.1:
            one.append(record_of(firm, {"day": day, "posts": int(rng.integers(3, 30)), "filled_by": str(filler)}))
        if rng.random() < TABLED:
            two.append(record_of(firm, {"day": day, "checks": int(rng.integers(1, 8)), "filled_by": str(filler)}))
    put_records("table_one", one)
    put_records("table_two", two)


def _certificates(seed: int, firms: list[Enterprise], today: date) -> list[Entry]:
    rng, found = dice(seed, "standardisation"), []
    for number, firm in enumerate(firms):
        if rng.random() >= CERTIFIED:
            continue
        ends = today + timedelta(days=int(rng.integers(-30, 1050)))
        issued = ends - timedelta(days=1095)
        grade = str(rng.choice(["level_1", "level_2", "level_3"], p=[0.05, 0.35, 0.6]))
        values = {"number": f"DEMO-BZ{number:05d}", "grade": grade, "issued_on": issued, "issuer": DEMO}
        found.append(record_of(firm, values | {"score": int(rng.integers(62, 97))}, valid_from=issued, valid_to=ends))
    return found


def _expenses(seed: int, firms: list[Enterprise], kinds: dict, today: date) -> list[Entry]:
    rng, found = dice(seed, "expenses"), []
    for firm in firms:
        sector = "hazchem" if DAILY & kinds[firm.pk] else "machinery"
        revenue = float(round(firm.output or rng.integers(2000, 60000)))
        due = revenue * 0.01
        used = round(due * float(rng.uniform(0.4, 1.3)), 1)
        found.append(record_of(firm, {"year": today.year, "sector": sector, "revenue": revenue, "used": used}))
    return found


def _catalogue(name: str, kind: str) -> Entry:
    return Entry(values={"name": name, "kind": kind, "basis": DEMO}, region=DISTRICT_CODE, synthetic=True)


def _eliminations(firms: list[Enterprise], today: date) -> list[Entry]:
    found = []
    for number, firm in enumerate(firms):
        due = today + timedelta(days=60 * (number - 4))
        values = {"object": f"{number + 1}号生产线", "measure": "automate", "due_on": due, "basis": DEMO}
        found.append(record_of(firm, values | {"price": 120 + 10 * number, "share": 0.08}))
    return found


def _filings(seed: int, today: date) -> None:
    rng = dice(seed, "filings")
    hazards = list(Facility.objects.filter(synthetic=True, hazard_level__isnull=False).select_related("enterprise"))
    keepers = names.people(seed, "filings", len(hazards))
    entries, filed = [], set()
    for number, (hazard, keeper) in enumerate(zip(hazards, keepers, strict=True)):
        if number == len(hazards) - 1:  # one is left out: the exception list
            continue
        day = today - timedelta(days=int(rng.integers(30, 900)))
        values = {"code": hazard.code, "name": hazard.name, "grade": str(hazard.hazard_level), "filed_on": day}
        values |= {"r_value": hazard.r_value or 0, "keeper": str(keeper), "shutoffs": 4, "shutoffs_in_use": 4}
        entries.append(
            Entry(
                values=values, region=hazard.region, organisation=hazard.organisation, lon=hazard.lon,
                lat=hazard.lat, synthetic=True,
            )
        )  # fmt: skip
        if rng.random() < FILED:
            filed.add(f"{hazard.organisation}|{hazard.code}")
    put_records("hazard_filings", entries)
    Record.objects.filter(type="hazard_filings", key__in=filed).update(stage="filed", stage_on=today)


def _accidents(seed: int, firms: list[Enterprise], today: date) -> list[Entry]:
    rng, found = dice(seed, "accidents"), []
    for number in range(9):
        firm = firms[int(rng.integers(len(firms)))]
        day = today - timedelta(days=int(rng.integers(20, 1000)))
        found.append(
            record_of(firm, {"title_words": f"虚构事故{number + 1}", "day": day, "deaths": int(number % 4 == 0)})
        )
    return found


def _credit(seed: int, firms: list[Enterprise], today: date) -> list[Entry]:
    rng, found = dice(seed, "credit"), []
    for number in range(6):
        firm = firms[int(rng.integers(len(firms)))]
        decided = today - timedelta(days=int(rng.integers(20, 300)))
        values = {"reason": f"虚构失信事由{number + 1}", "decided_on": decided, "authority": DEMO}
        found.append(record_of(firm, values, valid_from=decided, valid_to=decided + timedelta(days=365)))
    return found
