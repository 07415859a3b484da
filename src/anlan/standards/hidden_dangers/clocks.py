"""Clocks of hidden dangers: double report, review, listing, statistics, and the windows that end in closing.

What the "two 15-day" limits mean was not found in any text; both are timers with a documented default (register within
15 days of finding, clear within 15 days of registering), and each region gives its own number. Local rules (Qingdao,
Hubei) are patterns to choose from, never national law.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from anlan.standards import deadlines, schemas
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.deadlines import Deadline
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "安全生产事故隐患排查治理暂行规定"
LAW = "安全生产法"


def clocks() -> dict[str, Deadline]:
    """Every clock by its id."""
    return deadlines.read(__file__)


def due(id: str, event: date, is_workday: Callable[[date], bool] | None = None, amount: int | None = None) -> Finding:
    """The last day of a clock that began on `event`."""
    return deadlines.find(clocks(), id).due(event, is_workday, amount)


def statistics_due(year: int, quarter: int = 0) -> Finding:
    """The last day for a unit's statistics: before the 15th after a quarter, by 31 January after a year (quarter 0)."""
    if quarter not in range(5):
        raise OutsideTable(Text("季度", "quarter"), quarter, "0–4")
    month = 3 * quarter % 12 + 1
    day = date(year + 1, 1, 31) if quarter == 0 else date(year + (quarter == 4), month, 14)
    rule = Text("隐患统计分析表报送期限", "statistics of hidden dangers are due")
    return Finding(day, rule, Clause(DOCUMENT, "第14条", Status.RECALLED), {"year": year, "quarter": quarter})


RECIPIENTS = {
    "department": Text("负有安全生产监督管理职责的部门", "the department in charge of work safety"),
    "workers": Text("职工大会或职工代表大会", "the workers' congress or meeting"),
}


def double_report(reported_to: Iterable[str]) -> Finding:
    """Whether a major danger was reported to both; those missing are named as reasons."""
    given = set(reported_to)
    if strange := given - set(RECIPIENTS):
        raise OutsideTable(Text("报告对象", "recipient"), ", ".join(sorted(strange)), ", ".join(RECIPIENTS))
    clause = Clause(LAW, "第41条")
    reasons = tuple(Finding(key in given, words, clause) for key, words in RECIPIENTS.items())
    return Finding(all(one.value for one in reasons), Text("双报告", "double report"), clause, {}, reasons)


PLAN = (
    Text("治理的目标和任务", "goal and task"),
    Text("采取的方法和措施", "methods and measures"),
    Text("经费和物资的落实", "funds and goods"),
    Text("负责治理的机构和人员", "body and people responsible"),
    Text("治理的时限和要求", "time limit"),
    Text("安全措施和应急预案", "safety measures and contingency plan"),
)
PLAN_CLAUSE = Clause(DOCUMENT, "第15条", Status.PARTIAL)


def closing_proposed(penalties: Iterable[date], today: date) -> Finding:
    """Whether penalties for major dangers call for a proposal to close: 3 within 180 days or 4 within one year."""
    days = [day for day in penalties if day <= today]
    half = sum(day > today - timedelta(days=180) for day in days)
    year = sum(day > deadlines.months_later(today, -12) for day in days)
    rule = Text("应提请关闭", "closing is to be proposed")
    return Finding(half >= 3 or year >= 4, rule, Clause(LAW, "第113条"), {"in_180_days": half, "in_a_year": year})


COVERAGE = (
    Part(Text("双报告、提请关闭", "double report, proposal to close"), "第41、113条", Status.VERIFIED, "", LAW),
    Part(Text("治理方案六项内容", "six parts of a treatment plan"), "第15条", Status.PARTIAL, ""),
    Part(Text("复查、季报与年报期限", "review and statistics"), "第14、23条", Status.RECALLED, ""),
    Part(Text("“两个15天”", "two 15-day limits"), "", Status.ABSENT, "a setting with a default", "两个15天登记销号"),
    Part(
        Text("煤矿复产与公告", "coal: resuming and announcing"), "第48、49条", Status.VERIFIED, "", "煤矿安全生产条例"
    ),
    Part(
        Text("地方挂牌与延期", "local listing and extension"), "", Status.PARTIAL, "a pattern", "青岛市隐患排查治理规定"
    ),
)
PLAIN = {id: row.words for id, row in clocks().items() if row.unit != "workday"}
QUESTION = Question(
    name="hidden-danger-clock",
    title=Text("隐患治理期限", "Clocks of hidden dangers"),
    about=Text(
        "按起算日给出最后一日；按工作日计的期限由平台日历计算。", "The last day of a clock that counts calendar days."
    ),
    clause=Clause(DOCUMENT, "", Status.PARTIAL),
    schema=schemas.record(
        clock=schemas.choice(Text("期限", "clock"), PLAIN),
        event=schemas.day(Text("起算日", "day of the event")),
        amount=schemas.maybe(schemas.integer(Text("本地规定的数", "the region's own number"), least=1)),
    ),
    answer=lambda given, when: due(given["clock"], date.fromisoformat(given["event"]), None, given.get("amount")),
    examples=(Example(Text("发现后登记", "register"), {"clock": "register_15", "event": "2026-11-24"}),),
)
