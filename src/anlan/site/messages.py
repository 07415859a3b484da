"""The interface's words: Chinese in the source, English in one catalogue.

`anlan messages` compiles; `anlan messages --update` first renews the catalogue from the sources: new words appear
without English (a test names them), words that are gone leave it. While several people work, each may put his pairs
into a file of his own under `locale/en/parts/`; an update takes them in and removes the files.
"""

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent
ENGLISH = SOURCE / "site" / "locale" / "en"
CATALOGUE = ENGLISH / "LC_MESSAGES" / "django.po"
PARTS = ENGLISH / "parts"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def collect() -> Catalog:
    """Every message of the sources, with the places where it stands."""
    found = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html")]):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        name = path.relative_to(SOURCE).as_posix()
        for line, message, _comments, context in extract("python", _python(path), keywords=KEYWORDS):
            if message and message != ("",):
                found.add(message, locations=[(name, line)], context=context)
    return found


def _python(path: Path) -> io.BytesIO:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = templatize(text, origin=str(path))
    return io.BytesIO(text.encode())


def english() -> Catalog:
    """The English there is: the catalogue, then the parts."""
    held = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for path in [CATALOGUE, *sorted(PARTS.glob("*.po"))]:
        if not path.exists():
            continue
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                known = held.get(message.id, message.context)
                if message.id and message.string and not (known and known.string):
                    held.add(message.id, message.string, flags=message.flags, context=message.context)
    return held


def problems() -> list[str]:
    """Messages without English, marked fuzzy, with other placeholders than the Chinese, or no longer in any source."""
    wanted, held = collect(), english()
    found = []
    for message in wanted:
        if not message.id:
            continue
        there = held.get(message.id, message.context)
        where = f"{message.locations[0][0]}:{message.locations[0][1]}"
        if there is None or not all(_texts(there.string)):
            found.append(f"{where}: no English for {message.id!r}")
        elif there.fuzzy:
            found.append(f"{where}: the English of {message.id!r} is marked fuzzy; check it and take the mark away")
        elif _placeholders(message.id) != _placeholders(there.string):
            found.append(f"{where}: the English of {message.id!r} has other placeholders: {there.string!r}")
    found += [
        f"{message.id!r} is in the English catalogue but in no source: run 'anlan messages --update'"
        for message in held
        if message.id and wanted.get(message.id, message.context) is None
    ]
    return found


def _texts(text) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text or "",)


def _placeholders(text) -> set[str]:
    return set(re.findall(r"%\(\w+\)|\{\w*\}", " ".join(_texts(text))))


def renew() -> None:
    """Renews the catalogue from the sources and takes the parts in."""
    wanted, held = collect(), english()
    renewed = Catalog(locale="en", charset="utf-8", fuzzy=False, project="anlan", header_comment="# English")
    for message in sorted((m for m in wanted if m.id), key=lambda m: (m.locations[0][0], m.locations[0][1])):
        there = held.get(message.id, message.context)
        files = sorted({(name, 0) for name, _ in message.locations})
        renewed.add(message.id, there.string if there else "", locations=files[:1], context=message.context)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, renewed, width=120, include_lineno=False, omit_header=False)
    for part in PARTS.glob("*.po"):
        part.unlink()


def compile_catalogue() -> Path:
    """Writes the compiled form beside the catalogue, for Django to read."""
    target = CATALOGUE.with_suffix(".mo")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, english())
    return target


def command(update: bool = False) -> int:
    if update:
        renew()
    compile_catalogue()
    left = problems()
    print(f"{len(collect())} messages; {len(left)} need attention" + "".join(f"\n  {line}" for line in left[:20]))
    return 0
