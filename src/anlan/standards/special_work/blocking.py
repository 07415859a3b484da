"""Everything that forbids a piece of special work at a moment, each with its clause.

    blocks(work)      () when it may begin or go on

A permit's own page, the verbs that start and resume work, and the live list all ask this one function. `Work` holds
plain facts; what is None is not known, and what must be known and is not forbids the work, too.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from anlan.standards import schemas
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.dating import When
from anlan.standards.questions import Example, Question
from anlan.standards.special_work import gas_tests, simultaneous
from anlan.standards.special_work.gb30871 import (
    DOCUMENT,
    EDITIONS,
    Kind,
    clause,
    kind_of,
    level_of,
    measures,
    upgraded,
    validity,
    wind_allows,
)
from anlan.standards.special_work.simultaneous import Neighbour
from anlan.standards.tracing import Finding


@dataclass(frozen=True)
class Block:
    """One reason why the work may not go on: a short name, the words for people, the clause."""

    code: str
    words: Text
    clause: Clause


@dataclass(frozen=True)
class Certificate:
    """A special-operation certificate a worker needs; `until` is its last day, None where none was shown."""

    holder: str
    operation: str
    until: date | None = None
    recheck_due: date | None = None


@dataclass(frozen=True, kw_only=True)
class Work:
    """The facts of a permit at the moment `at`. Times bear the region's zone.

    `began` None: the work is about to begin. `paused`: since when it rests. `measures_done`: numbers of the form's
    measures that were confirmed or said not to apply; None where the form is not looked at now. `conditions`: see
    `gb30871.RISES`. `needs_gas`: whether an analysis is needed where the standard leaves it to the place.
    """

    kind: str
    level: str = ""
    at: datetime
    starts: datetime
    ends: datetime
    began: datetime | None = None
    paused: datetime | None = None
    guardian: str = ""
    guardian_trained: bool | None = None
    guardian_elsewhere: tuple[str, ...] = ()
    signatures_missing: tuple[Text, ...] = ()
    approved_on_site: bool | None = None
    briefed: bool | None = None
    isolated_by: tuple[str, ...] = ()
    needs_isolation: bool | None = None
    needs_gas: bool | None = None
    analysed: datetime | None = None
    analysis_passed: bool | None = None
    monitored: bool | None = None
    video: bool | None = None
    measures_done: frozenset[int] | None = None
    certificates: tuple[Certificate, ...] = ()
    contractor: str = ""
    contractor_admitted: bool | None = None
    in_open: bool = False
    beaufort: int | None = None
    conditions: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    policy_hours: int | None = None
    special_power: bool = False


LAW = "安全生产法"


def blocks(work: Work) -> tuple[Block, ...]:
    """Everything that forbids the work at `work.at`, gravest questions first; empty where it may go on."""
    EDITIONS.at(When(work.at.date()))
    level_of(work.kind, work.level)
    return tuple(block for rule in RULES for block in rule(work))


def _time(work: Work) -> Iterator[Block]:
    longest = validity(work.kind, work.level, _policy(work), work.special_power)
    if work.ends - work.starts > timedelta(hours=longest.value):
        words = Text(f"票面有效期超过{longest.value} h", f"the permit is written for more than {longest.value} h")
        yield Block("too_long", words, longest.clause or clause("B.1"))
    if work.at >= work.ends:
        yield Block(
            "expired", Text("作业票已过有效期，须重新办理", "the permit has run out; apply anew"), clause("4.16")
        )
    if work.at < work.starts:
        yield Block("too_early", Text("未到作业票生效时间", "the permit does not hold yet"), clause("4.16"))


def _policy(work: Work) -> dict[str, int] | None:
    return None if work.policy_hours is None else {work.kind: work.policy_hours}


def _level(work: Work) -> Iterator[Block]:
    rises = upgraded(work.kind, work.level, work.conditions)
    if rises.value != work.level:
        title = level_of(work.kind, rises.value).title
        words = Text(f"按升级管理应办{title.zh}作业票", f"must be managed as {title.en} today")
        yield Block("upgrade", words, clause("5.1"))


def _guardian(work: Work) -> Iterator[Block]:
    if not work.guardian:
        yield Block("no_guardian", Text("未指定监护人", "no guardian is named"), clause("4.10"))
        return
    if not work.guardian_trained:
        words = Text("监护人未经培训合格", "the guardian is not trained and certified")
        yield Block("guardian_untrained", words, clause("4.10"))
    if work.guardian_elsewhere:
        there = ", ".join(work.guardian_elsewhere)
        words = Text(f"监护人同时监护其他作业：{there}", f"the guardian watches other work, too: {there}")
        yield Block("guardian_elsewhere", words, clause("4.10"))


def _signatures(work: Work) -> Iterator[Block]:
    for missing in work.signatures_missing:
        words = Text(f"缺少签字：{missing.zh}", f"signature missing: {missing.en}")
        yield Block("signature", words, clause("B.1"))
    if work.approved_on_site is False:
        yield Block("not_on_site", Text("审批人未到现场签字", "approval was not signed at the place"), clause("4.11"))
    if work.briefed is False:
        words = Text("作业前未进行安全交底", "the workers were not briefed")
        yield Block("not_briefed", words, clause("4", Status.RECALLED))


ACCEPTED = ("blind", "removed_spool")
REFUSED = {"valve": Text("关阀", "a closed valve"), "water_seal": Text("水封", "a water seal")}


def _isolation(work: Work) -> Iterator[Block]:
    cited = clause("5.2" if kind_of(work.kind) is Kind.HOT_WORK else "6")
    for way in work.isolated_by:
        if way in REFUSED:
            said = REFUSED[way]
            words = Text(
                f"{said.zh}不能代替盲板或断开管道", f"{said.en} is no isolation; use a blind or remove the spool"
            )
            yield Block("isolation_wrong", words, cited)
    if work.needs_isolation and not set(work.isolated_by) & set(ACCEPTED):
        yield Block("not_isolated", Text("未加盲板或断开管道隔绝", "not isolated by blind or removed spool"), cited)


def _gas(work: Work) -> Iterator[Block]:
    rule = gas_tests.rule_of(work.kind, work.level)
    if rule is None and not work.needs_gas:
        return
    cited = clause(rule.clause if rule else "5.3.2")
    if work.analysed is None:
        yield Block("no_gas_test", Text("未做气体分析", "no gas analysis was made"), cited)
        return
    if not work.analysis_passed:
        yield Block(
            "gas_failed", Text("气体分析不合格", "the gas analysis does not allow the work"), clause("5.3.2, 6.4")
        )
    holds = gas_tests.analysis_holds(
        work.kind, work.level, work.analysed, work.at, began=work.began, paused=work.paused
    )
    if not holds.value:
        words = Text("气体分析已失效，须重新分析", "the gas analysis has run out; test again")
        yield Block("gas_expired", words, holds.clause or cited)
    if rule is not None and rule.continuous and work.monitored is False:
        yield Block("not_monitored", Text("未连续检测气体", "the gas is not monitored all the time"), cited)


def _video(work: Work) -> Iterator[Block]:
    if work.kind == Kind.HOT_WORK and work.level == "special" and work.video is False:
        words = Text("特级动火未全程视频监控", "special hot work is not filmed")
        yield Block("no_video", words, clause("5.2"))


def _measures(work: Work) -> Iterator[Block]:
    if work.measures_done is None:
        return
    open_ones = [one for one in measures(work.kind)[:-1] if one.no not in work.measures_done]
    if open_ones:
        said = ", ".join(str(one.no) for one in open_ones)
        words = Text(f"安全措施未确认：第{said}项", f"measures not confirmed: {said}")
        yield Block("measures", words, clause("附录A"))


def _certificates(work: Work) -> Iterator[Block]:
    day = work.at.date()
    for one in work.certificates:
        if one.until is None:
            words = Text(
                f"{one.holder}没有{one.operation}特种作业证", f"{one.holder} has no certificate: {one.operation}"
            )
            yield Block("no_certificate", words, Clause(LAW, "第30条"))
        elif one.until < day:
            words = Text(
                f"{one.holder}的{one.operation}特种作业证已于{one.until}到期",
                f"the certificate of {one.holder} for {one.operation} ended on {one.until}",
            )
            yield Block("certificate_expired", words, Clause(LAW, "第30条"))
        elif one.recheck_due is not None and one.recheck_due < day:
            words = Text(
                f"{one.holder}的{one.operation}特种作业证应于{one.recheck_due}前复审",
                f"the certificate of {one.holder} for {one.operation} was to be re-checked by {one.recheck_due}",
            )
            yield Block("certificate_recheck", words, Clause(LAW, "第30条"))


def _contractor(work: Work) -> Iterator[Block]:
    if work.contractor and not work.contractor_admitted:
        words = Text(f"承包商未获准入：{work.contractor}", f"the contractor is not admitted: {work.contractor}")
        yield Block("contractor", words, Clause(LAW, "第49条", Status.RECALLED))


def _wind(work: Work) -> Iterator[Block]:
    if not work.in_open or work.beaufort is None:
        return
    allowed = wind_allows(work.kind, work.level, work.beaufort)
    if not allowed.value:
        words = Text(f"风力{work.beaufort}级，停止露天作业", f"wind of force {work.beaufort}: no work in the open")
        yield Block("wind", words, allowed.clause)


def _neighbours(work: Work) -> Iterator[Block]:
    for neighbour in work.neighbours:
        for row in simultaneous.clashing(work.kind, neighbour):
            which = f"（{neighbour.number}）" if neighbour.number else ""
            english = f" ({neighbour.number})" if neighbour.number else ""
            yield Block("neighbour", Text(row.words + which, row.words_en + english), row.cited)


RULES: tuple[Callable[[Work], Iterable[Block]], ...] = (
    _time,
    _level,
    _guardian,
    _signatures,
    _certificates,
    _contractor,
    _isolation,
    _gas,
    _video,
    _measures,
    _neighbours,
    _wind,
)


def may_work(work: Work) -> Finding:
    """Whether the work may begin or go on, with every block as a reason."""
    reasons = tuple(Finding(False, block.words, block.clause) for block in blocks(work))
    return Finding(not reasons, Text("可以作业", "the work may go on"), clause("4"), {"kind": work.kind}, reasons)


def _answer(given, when: When) -> Finding:
    moments = {name: datetime.fromisoformat(given[name]) for name in ("at", "starts", "ends")}
    analysed = given.get("analysed")
    rest = {name: given[name] for name in PLAIN if name in given}
    work = Work(**moments, **rest, analysed=datetime.fromisoformat(analysed) if analysed else None)
    return may_work(replace(work, conditions=tuple(given.get("conditions", ()))))


PLAIN = ("kind", "level", "guardian", "guardian_trained", "analysis_passed", "in_open", "beaufort")
EXAMPLE = {
    "kind": "hot_work",
    "level": "second",
    "starts": "2026-11-24T08:00:00+08:00",
    "ends": "2026-11-26T08:00:00+08:00",
    "at": "2026-11-24T09:00:00+08:00",
    "guardian": "监护人甲",
    "guardian_trained": True,
    "analysed": "2026-11-24T07:40:00+08:00",
    "analysis_passed": True,
    "conditions": ["night"],
}
QUESTION = Question(
    name="special-work",
    title=Text("特殊作业能否进行", "Whether special work may go on"),
    about=Text("列出禁止作业的每一条原因及其条款。", "Every reason that forbids the work, with its clause."),
    clause=Clause(DOCUMENT, "4–12"),
    schema=schemas.record(
        kind=schemas.choice(Text("作业类别", "kind"), {one.value: one.title for one in Kind}),
        level=schemas.maybe(schemas.text(Text("级别", "level"), examples=("special", "first", "second", "II"))),
        starts=schemas.moment(Text("有效期自", "holds from")),
        ends=schemas.moment(Text("有效期至", "holds until")),
        at=schemas.moment(Text("查询时刻", "asked for")),
        guardian=schemas.maybe(schemas.text(Text("监护人", "guardian"))),
        guardian_trained=schemas.maybe(schemas.yes_no(Text("监护人培训合格", "the guardian is trained"))),
        analysed=schemas.maybe(schemas.moment(Text("气体分析时间", "gas analysis at"))),
        analysis_passed=schemas.maybe(schemas.yes_no(Text("气体分析合格", "gas analysis passed"))),
        in_open=schemas.maybe(schemas.yes_no(Text("露天", "in the open"))),
        beaufort=schemas.maybe(schemas.integer(Text("风力（级）", "force of wind"), most=18)),
        conditions=schemas.maybe(
            schemas.some_of(
                Text("升级情形", "conditions"),
                {
                    "holiday": Text("法定节假日", "public holiday"),
                    "rest_day": Text("休息日", "rest day"),
                    "night": Text("夜间", "night"),
                    "special": Text("其他特殊情况", "other special conditions"),
                },
            )
        ),
    ),
    answer=_answer,
    examples=(Example(Text("夜间二级动火，应升级，分析已失效", "hot work at night, to be raised"), EXAMPLE),),
)
