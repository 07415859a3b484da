"""What a rule is taken from: instrument and clause, and how sure we are of it."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Text:
    """The same words in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def said(self, language: str = "zh") -> str:
        """In the language asked for; any tag that begins with "en" is English."""
        return self.en if language.startswith("en") else self.zh


class Status(StrEnum):
    """How far a statement was checked. Whatever rests on several is as sure as the least sure of them."""

    VERIFIED = "verified"  # read in a copy of the instrument
    PARTIAL = "partial"  # read, but not the whole of it is here
    RECALLED = "recalled"  # from memory or a secondary source: a setting, never a constant
    ABSENT = "absent"  # known to exist and not here: asking is refused

    @property
    def title(self) -> Text:
        return STATUS_TITLES[self]

    @classmethod
    def worst(cls, found) -> "Status":
        """The least sure of several; of none, VERIFIED."""
        order = list(cls)
        return max(found, key=order.index, default=cls.VERIFIED)


STATUS_TITLES = {
    Status.VERIFIED: Text("已核对原文", "verified"),
    Status.PARTIAL: Text("部分收录", "partial"),
    Status.RECALLED: Text("凭记忆，待核对", "recalled, to be checked"),
    Status.ABSENT: Text("未收录", "absent"),
}


class Refusal(ValueError):
    """A question that is not answered rather than guessed; `text` says why, in both languages."""

    def __init__(self, text: Text, clause: "Clause | None" = None):
        super().__init__(f"{text.zh}（{text.en}）")
        self.text = text
        self.clause = clause


class UnknownInstrument(LookupError):
    """Somebody cites what `instruments.csv` does not list."""


@dataclass(frozen=True)
class Instrument:
    """A law, regulation, order, standard or circular. `until` is the first day on which it no longer holds."""

    id: str
    title: Text
    kind: str
    number: str
    issued: date | None
    effective: date | None
    until: date | None
    replaced_by: str
    status: Status
    source: str

    def in_force(self, day: date) -> bool | None:
        """Whether it holds on a day; None where the day it took effect is not known."""
        if self.effective is None:
            return None
        return self.effective <= day and (self.until is None or day < self.until)


KINDS = {
    "law": Text("法律", "law"),
    "regulation": Text("行政法规", "administrative regulation"),
    "order": Text("部门规章", "departmental order"),
    "interpretation": Text("司法解释", "judicial interpretation"),
    "national": Text("国家标准", "national standard"),
    "industry": Text("行业标准", "industry standard"),
    "local": Text("地方性法规、标准", "local rule or standard"),
    "circular": Text("规范性文件", "normative document"),
    "method": Text("评价方法", "method of assessment"),
}

INSTRUMENTS = Path(__file__).with_name("instruments.csv")


@cache
def instruments() -> dict[str, Instrument]:
    """Every instrument by its id, in the order of `instruments.csv`."""
    found: dict[str, Instrument] = {}
    with INSTRUMENTS.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, strict=True), start=2):
            try:
                entry = _instrument(row)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{INSTRUMENTS.name}:{line}: {error!r}") from error
            if entry.id in found:
                raise ValueError(f"{INSTRUMENTS.name}:{line}: {entry.id} is listed twice")
            found[entry.id] = entry
    return found


def instrument(id: str) -> Instrument:
    """The instrument of that id; UnknownInstrument says where to add it."""
    try:
        return instruments()[id]
    except KeyError:
        raise UnknownInstrument(f"{id} is not in standards/{INSTRUMENTS.name}: add a line with its source") from None


def _instrument(row: dict[str, str]) -> Instrument:
    if row["kind"] not in KINDS:
        raise ValueError(f"kind {row['kind']!r} is none of {', '.join(KINDS)}")
    if not row["id"] or not row["source"]:
        raise ValueError("an instrument has an id and a source")
    issued, effective, until = (date.fromisoformat(row[name]) if row[name] else None for name in DAYS)
    if effective and until and until <= effective:
        raise ValueError(f"{row['id']} ends before it begins")
    return Instrument(
        id=row["id"],
        title=Text(row["title"], row["title_en"]),
        kind=row["kind"],
        number=row["number"],
        issued=issued,
        effective=effective,
        until=until,
        replaced_by=row["replaced_by"],
        status=Status(row["status"]),
        source=row["source"],
    )


DAYS = ("issued", "effective", "until")


@dataclass(frozen=True)
class Clause:
    """A place in an instrument: `Clause("GB 18218-2018", "4.2.1")`, `Clause("安全生产法", "第83条")`.

    `status` says how sure we are of what this clause says, which may be less than of the instrument.
    """

    instrument: str
    article: str = ""
    status: Status = Status.VERIFIED

    def __post_init__(self):
        instrument(self.instrument)  # a citation that leads nowhere stops here, where it is written

    @property
    def of(self) -> Instrument:
        return instrument(self.instrument)

    def __str__(self) -> str:
        return f"{self.instrument} {self.article}".strip()

    def said(self, language: str = "zh") -> str:
        """As people cite it: "GB 18218-2018 表3", "GB 18218-2018 Table 3"."""
        english = language.startswith("en") and not self.instrument.isascii()
        name = self.of.title.en if english else self.instrument
        return f"{name} {article_in(self.article, language)}".strip()

    def as_dict(self) -> dict:
        """Plain values for JSON, complete enough to be shown without this library."""
        return {
            "instrument": self.instrument,
            "title": {"zh": self.of.title.zh, "en": self.of.title.en},
            "article": self.article,
            "said": {"zh": self.said("zh"), "en": self.said("en")},
            "status": self.status.value,
        }


ARTICLES = (
    (r"第([\d、–-]+)条", r"Art. \1"),
    (r"第([\d、–-]+)款", r" para. \1"),
    (r"第([\d、–-]+)项", r" item \1"),
    (r"第([\d、–-]+)章", r"ch. \1"),
    (r"表(?=\w)", "Table "),
    (r"附录(?=\w)", "Annex "),
    ("、", ", "),
    ("注", " note"),
    (r" {2,}", " "),
)


def article_in(article: str, language: str = "zh") -> str:
    """The place alone: "表3", "Table 3"."""
    if not language.startswith("en"):
        return article
    for pattern, words in ARTICLES:
        article = re.sub(pattern, words, article)
    return article.strip()
