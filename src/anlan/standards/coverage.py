"""Which parts of each document are here, and how far they were checked.

A module that holds a document says so: `DOCUMENT = "GB 18218-2018"` and `COVERAGE = (Part(...), ...)`. What is known to
exist and is not here stands there too, as ABSENT: a gap that is written down is not taken for an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from anlan.standards.citing import Instrument, Status, Text, instrument
from anlan.standards.questions import documents


@dataclass(frozen=True)
class Part:
    """A part of a document. `instrument` only where it is another than the module's DOCUMENT."""

    what: Text
    article: str
    status: Status
    note: str = ""
    instrument: str = ""


@dataclass(frozen=True)
class Covered:
    """A part with the instrument it belongs to and the module that holds it ("major_hazards.gb18218")."""

    instrument: Instrument
    part: Part
    module: str


def covered() -> Iterator[Covered]:
    """Every part of every document, in the order of folders and modules."""
    for module in documents():
        for part in getattr(module, "COVERAGE", ()):
            id = part.instrument or getattr(module, "DOCUMENT", "")
            if not id:
                raise ValueError(f"{module.__name__}: a part of COVERAGE without an instrument; write DOCUMENT")
            yield Covered(instrument(id), part, module.__name__.removeprefix("anlan.standards."))


def page() -> str:
    """The page docs/standards/coverage.md."""
    rows = list(covered())
    lines = [HEAD, "", "| status | parts |", "|---|---|"]
    lines += [f"| {status} · {status.title.zh} | {sum(r.part.status is status for r in rows)} |" for status in Status]
    for module in dict.fromkeys(row.module for row in rows):
        mine = [row for row in rows if row.module == module]
        lines += [
            "",
            f"## `{module}`",
            "",
            "| instrument | part | 内容 | clause | status | note |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_line(row) for row in mine]
    return "\n".join(lines) + "\n"


HEAD = """# What of law and standards is here

Made from the `COVERAGE` of each module of `src/anlan/standards` by `make renew`; do not edit. *verified*: read in a
copy of the instrument; *partial*: read, not the whole of it is here; *recalled*: from memory or a secondary source, so
it stays a setting and says so wherever it is used; *absent*: known to exist and not here, asking is refused."""


def _line(row: Covered) -> str:
    cells = (row.instrument.id, row.part.what.en, row.part.what.zh, row.part.article, row.part.status, row.part.note)
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
