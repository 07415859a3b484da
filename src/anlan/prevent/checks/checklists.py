"""Checklists as packs write them: editions by day, each item bound to a clause."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.translation import get_language

from anlan.desk.wording import both
from anlan.know.law.rules import standing
from anlan.packs import PackError, section
from anlan.prevent.checks.rules import Item
from anlan.standards.citing import STATUS_TITLES, Instrument, Status, UnknownInstrument, instrument

STATUSES = {"found": Status.VERIFIED, "partial": Status.PARTIAL, "recalled": Status.RECALLED}


@dataclass(frozen=True)
class Bound:
    """The clause an item is bound to. `known` is the instrument when the library of standards lists it."""

    cited: str
    article: str
    status: Status
    known: Instrument | None

    def replaced(self, day: date) -> str:
        """What has taken the instrument's place by that day ("—" when it ended without a successor), or "".

        A successor without a known day counts at once: better looked at too early than relied on too long.
        """
        if self.known is None:
            return ""
        found = standing(self.known, day)
        unknown = found.successor is not None and found.successor.effective is None
        return (self.known.replaced_by or "—") if found.must_revise or unknown else ""

    def as_dict(self) -> dict:
        name = self.cited if self.cited.isascii() or self.known is None else self.known.title.en
        return {
            "zh": f"{self.cited} {self.article}".strip(),
            "en": f"{name} {self.article}".strip(),
            "status": self.status.value,
        }


@dataclass(frozen=True)
class Question:
    """An item of a checklist with the clause it rests on."""

    item: Item
    bound: Bound


@dataclass(frozen=True)
class Edition:
    """The questions as they stand from a day on."""

    number: str
    start: date
    questions: tuple[Question, ...]

    def to_revise(self, day: date) -> list[tuple[Question, str]]:
        """The questions whose instrument no longer holds on that day, each with what replaced it."""
        return [(question, by) for question in self.questions if (by := question.bound.replaced(day))]


@dataclass(frozen=True)
class Checklist:
    """One checklist of a pack. `categories`: of which enterprises it is meant."""

    code: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    kind: str
    level: str
    every_days: int | None
    categories: tuple[str, ...]
    editions: tuple[Edition, ...]
    pack: str

    @property
    def title(self) -> str:
        return both(self.title_zh, self.title_en)

    @property
    def about(self) -> str:
        return both(self.about_zh, self.about_en)

    def on(self, day: date) -> Edition:
        """The edition in force on a day; before the first one, the first."""
        return next((one for one in reversed(self.editions) if one.start <= day), self.editions[0])


@cache
def checklists() -> dict[str, Checklist]:
    """All checklists by code. Errors: PackError naming the pack, the list and what to change."""
    return {code: _checklist(code, entry) for code, entry in section("checklists").items()}


def _checklist(code: str, entry: dict) -> Checklist:
    editions = tuple(_edition(entry, code, one) for one in entry["editions"])
    starts = [one.start for one in editions]
    if starts != sorted(set(starts)):
        raise PackError(f"{entry['pack']}: checklist '{code}': its editions are not in order of their days; sort them")
    return Checklist(
        code=code,
        title_zh=entry["title"],
        title_en=entry["title_en"],
        about_zh=entry.get("about", ""),
        about_en=entry.get("about_en", ""),
        kind=entry["kind"],
        level=entry.get("level", "company"),
        every_days=entry.get("every_days"),
        categories=tuple(entry.get("categories", ())),
        editions=editions,
        pack=entry["pack"],
    )


def _edition(entry: dict, code: str, given: dict) -> Edition:
    questions, seen = [], set()
    for group in given["groups"]:
        for one in group["items"]:
            if one["code"] in seen:
                raise PackError(f"{entry['pack']}: checklist '{code}': '{one['code']}' stands twice; rename one")
            seen.add(one["code"])
            questions.append(_question(group, one))
    return Edition(given["number"], date.fromisoformat(given["from"]), tuple(questions))


def _question(group: dict, given: dict) -> Question:
    bound = _bound(given)
    limits = given.get("reading", {})
    item = Item(
        key=given["code"],
        text=given["text"],
        text_en=given["text_en"],
        group=group["title"],
        group_en=group["title_en"],
        major=given.get("major", False),
        clause=bound.as_dict(),
        unit=limits.get("unit", ""),
        least=limits.get("least"),
        most=limits.get("most"),
    )
    return Question(item, bound)


def _bound(given: dict) -> Bound:
    """What the library does not know is cited all the same, and said to be recalled."""
    cited, article = given["instrument"], given.get("article", "")
    status = STATUSES[given["status"]]
    try:
        known = instrument(cited)
    except UnknownInstrument:
        return Bound(cited, article, Status.RECALLED, None)
    return Bound(cited, article, Status.worst([status, known.status]) if known.status == "absent" else status, known)


def status_title(status: str) -> str:
    """How sure we are of a clause, in the reader's language."""
    return STATUS_TITLES[Status(status)].said(get_language() or "zh") if status else ""
