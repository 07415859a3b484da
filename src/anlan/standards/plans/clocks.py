"""Clocks of emergency plans: filing, evaluation, drills; and the six events after which a plan is revised at once.

Two drill clocks meet: a listed unit (dangerous goods, mines, smelters, metros, builders, crowded places) exercises each
half-year by Order 708; the yearly rule of the older measures is for all others.
"""

from collections.abc import Callable, Iterable
from datetime import date

from anlan.standards import deadlines, schemas
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.deadlines import Deadline
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "生产安全事故应急条例"
REVISE = {
    "law": Text("法律、法规、规章、标准或上位预案变化", "law, standards or the plan above changed"),
    "command": Text("应急指挥机构及其职责调整", "command or its duties changed"),
    "risk": Text("安全生产面临的风险重大变化", "the risk changed greatly"),
    "resources": Text("重要应急资源重大变化", "key resources changed greatly"),
    "drill": Text("演练或救援中发现重大问题", "a drill or a rescue showed a big problem"),
    "other": Text("其他应当修订的情形", "another reason to revise"),
}
LISTED = {
    "dangerous_goods": Text("易燃易爆物品、危险化学品生产经营储存运输", "dangerous goods"),
    "mine": Text("矿山", "mine"),
    "smelter": Text("金属冶炼", "metal smelter"),
    "metro": Text("城市轨道交通运营", "metro"),
    "builder": Text("建筑施工", "builder"),
    "hotel": Text("宾馆", "hotel"),
    "mall": Text("商场", "mall"),
    "entertainment": Text("娱乐场所", "place of entertainment"),
    "scenic": Text("旅游景区", "scenic spot"),
    "crowded": Text("其他人员密集场所", "other crowded place"),
}


def clocks() -> dict[str, Deadline]:
    """Every clock by its id."""
    return deadlines.read(__file__)


def due(id: str, event: date, is_workday: Callable[[date], bool] | None = None) -> Finding:
    """The last day of a clock that began on `event`."""
    return deadlines.find(clocks(), id).due(event, is_workday)


def must_file(kinds: Iterable[str]) -> Finding:
    """Whether a unit files its plan and exercises each half-year: any of its kinds is on the list."""
    reasons = tuple(Finding(True, _of(kind, LISTED), Clause(DOCUMENT, "第7条")) for kind in kinds)
    return Finding(bool(reasons), Text("须备案并每半年演练", "files and exercises each half-year"), None, {}, reasons)


def next_drill(last: date, kinds: Iterable[str] = (), on_site: bool = False) -> Finding:
    """The last day of a unit's next drill. `on_site`: of an on-site plan."""
    listed = must_file(kinds)
    id = "drill_listed" if listed.value else "drill_other_site" if on_site else "drill_other"
    found = due(id, last)
    return Finding(found.value, Text("下次演练不迟于", "next drill by"), None, {"last": last}, (found, listed))


def must_revise(events: Iterable[str]) -> Finding:
    """Whether a plan is revised at once, by which of the six events."""
    reasons = tuple(Finding(True, _of(event, REVISE), Clause(DOCUMENT, "第6条")) for event in events)
    return Finding(bool(reasons), Text("须及时修订", "is revised at once"), Clause(DOCUMENT, "第6条"), {}, reasons)


def _of(key: str, words: dict[str, Text]) -> Text:
    if key not in words:
        raise OutsideTable(Text("情形", "case"), key, ", ".join(words), Clause(DOCUMENT))
    return words[key]


COVERAGE = (
    Part(Text("修订、备案单位、演练、队伍", "revision, who files, drills"), "第5–8条", Status.VERIFIED, ""),
    Part(
        Text("企业预案备案与评估", "filing and evaluation"),
        "第26–35条",
        Status.RECALLED,
        "",
        "生产安全事故应急预案管理办法",
    ),
    Part(Text("政府预案备案与评估", "government plans"), "第26条", Status.PARTIAL, "", "突发事件应急预案管理办法"),
)
QUESTION = Question(
    name="next-drill",
    title=Text("下次应急演练期限", "Next drill of a unit"),
    about=Text("高危和人员密集单位每半年，其他单位每年。", "Listed units each half-year, others each year."),
    clause=Clause(DOCUMENT, "第8条"),
    schema=schemas.record(
        last=schemas.day(Text("上次演练日期", "last drill")),
        kinds=schemas.maybe(schemas.some_of(Text("单位类别", "kinds of unit"), LISTED)),
    ),
    answer=lambda given, when: next_drill(date.fromisoformat(given["last"]), given.get("kinds", ())),
    examples=(Example(Text("危化企业", "a chemical plant"), {"last": "2026-08-31", "kinds": ["dangerous_goods"]}),),
)
