"""The words of the interface: gathered from the sources, paired with English, compiled. No GNU gettext is needed.

Chinese stands in the sources and is the key. English comes from `locale/en/LC_MESSAGES/django.po` and from the parts
beside it (`locale/en/parts/*.po`), which `anlan messages --update` merges into it: a part is where somebody who works
on one capability writes his pairs without meeting others. Compiling reads both, so a part counts at once.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parent.parent
LOCALE = Path(__file__).parent / "locale"
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"
PARTS = LOCALE / "en" / "parts"
KEYWORDS = {
    "_": None,
    "_now": None,  # beside a lazy _
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACE = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\w*\}")
HEADER = """\
# English texts of Anlan. Written by `anlan messages --update` from the sources and locale/en/parts/*.po.
"""

Key = tuple[str | None, str | tuple[str, ...]]  # context and text, or context and the texts of one and of many


def command(update: bool = False) -> int:
    """Compiles the catalogue; with `update` renews it from the sources first and says what is missing."""
    code = 0
    if update:
        catalogue, missing = renewed()
        ENGLISH.parent.mkdir(parents=True, exist_ok=True)
        ENGLISH.write_bytes(written(catalogue))
        for text, places in missing:
            print(f"no English for {text!r} ({places})")
        code = 1 if missing else 0
    compiled = ENGLISH.with_suffix(".mo")
    content = BytesIO()
    write_mo(content, known())
    compiled.write_bytes(content.getvalue())
    print(f"compiled {compiled.relative_to(SOURCE)}")
    return code


def sources() -> Iterator[tuple[str, Key]]:
    """(file, key) of every message in the Python sources and templates, tests left out."""
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in (".py", ".html") or {"tests", "migrations", "node_modules"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = templatize(text, origin=str(path))
        name = path.relative_to(SOURCE).as_posix()
        for _line, function, found, _comments in extract_python(BytesIO(text.encode()), KEYWORDS, (), {}):
            if key := _key(function, found):
                yield name, key


def _key(function: str, found) -> Key | None:
    """Only texts that stand there as they are; what is put together at run time has no key."""
    texts = list(found) if isinstance(found, tuple) else [found]
    spec = KEYWORDS[function]
    context = texts.pop(0) if spec and isinstance(spec[0], tuple) else None
    wanted = texts[: 2 if function.startswith(("ngettext", "npgettext")) else 1]
    if not all(isinstance(text, str) and text for text in wanted):
        return None
    return context, wanted[0] if len(wanted) == 1 else tuple(wanted)


def known() -> Catalog:
    """All English there is: the catalogue and, over it, the parts."""
    joined = Catalog(locale="en", fuzzy=False)
    for path in [ENGLISH, *sorted(PARTS.glob("*.po"))]:
        if not path.exists():
            continue
        for message in _read(path):
            if message.id and _translated(message) and not message.fuzzy:
                _add(joined, message)
    return joined


def fuzzy() -> list[str]:
    """Texts whose English somebody marked as doubtful."""
    paths = [ENGLISH, *sorted(PARTS.glob("*.po"))]
    return [
        str(message.id) for path in paths if path.exists() for message in _read(path) if message.id and message.fuzzy
    ]


def renewed() -> tuple[Catalog, list[tuple[str, str]]]:
    """The catalogue as it should be: every message of the sources and no other; and those without English."""
    english, catalogue, places = known(), Catalog(locale="en", fuzzy=False), {}
    for name, key in sources():
        places.setdefault(key, []).append(name)
    missing = []
    for context, text in sorted(places, key=lambda key: (str(key[1]), key[0] or "")):
        found = english.get(text[0] if isinstance(text, tuple) else text, context)
        if found is None or (isinstance(text, tuple) and not isinstance(found.string, tuple)):
            missing.append((str(text), ", ".join(sorted(set(places[context, text])))))
            continue
        catalogue.add(text, found.string, context=context, flags=found.flags - {"fuzzy"})
    return catalogue, missing


def obsolete() -> list[str]:
    """English for texts that no source has any more, in the catalogue or a part."""
    used = {(context, text[0] if isinstance(text, tuple) else text) for _name, (context, text) in sources()}
    return [str(m.id) for m in known() if m.id and (m.context, m.id[0] if m.pluralizable else m.id) not in used]


def problems() -> list[str]:
    """All that keeps the interface from being complete in English, in sentences; an empty list when nothing does."""
    found = [f"no English for {text!r} ({places}): write it in {PARTS.name}/*.po" for text, places in renewed()[1]]
    found += [f"the English of {text!r} is marked fuzzy: look at it and take the mark away" for text in fuzzy()]
    found += [f"no source says {text!r} any more: run 'anlan messages --update'" for text in obsolete()]
    return found + [
        f"{text!r} and its English {english!r} do not hold the same places to fill" for text, english in _unlike()
    ]


def _unlike() -> Iterator[tuple[str, str]]:
    """Pairs whose placeholders differ: at run time they would break, or leave something unsaid."""
    for message in known():
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        english = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACE.findall(texts[-1]))
        # "one file" may leave the number unsaid; the plural may not.
        if message.id and set(PLACE.findall(english[-1])) != wanted:
            yield texts[-1], english[-1]


def written(catalogue: Catalog) -> bytes:
    content = BytesIO()
    write_po(content, catalogue, width=0, omit_header=True, no_location=True, sort_output=True)
    head = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    return (HEADER + head).encode() + content.getvalue()


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8", abort_invalid=True)


def _add(catalogue: Catalog, message: Message) -> None:
    catalogue.add(message.id, message.string, context=message.context, flags=message.flags)


def _translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts)
