"""What an enterprise's codes say: its credit code's check character (GB 32100-2015), its industry (GB/T 4754-2017).

The alphabet and weights of GB 32100 and the sections of GB/T 4754 are recalled, not read in the standards' own text;
the rule is proved on published codes in the tests.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 2: without I, O, S, V, Z
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
INTERNAL = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,31}")
CREDIT_LENGTH = 18
INDUSTRIES = Path(__file__).parent / "data" / "gbt4754_2017.csv"


@dataclass(frozen=True)
class Industry:
    """A section (letter) or division (two digits) of GB/T 4754-2017."""

    code: str
    name: str
    section: str


def check_character(first17: str) -> str:
    """The eighteenth character of a unified social credit code. Errors: ValueError for a character without a value."""
    try:
        total = sum(LETTERS.index(letter) * weight for letter, weight in zip(first17, WEIGHTS, strict=True))
    except ValueError:
        raise ValueError(f"'{first17}' is not the first 17 characters of a credit code") from None
    return LETTERS[-total % 31]


def code_of(text: str) -> str:
    """A code as people type it, made plain: full-width characters, blanks and small letters are put right."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return "".join(text.translate(wide).split()).upper()


def credit_fault(code: str) -> str:
    """Why this is no unified social credit code: '', 'length', 'letters', or the check character it ought to have."""
    if len(code) != CREDIT_LENGTH:
        return "length"
    if any(letter not in LETTERS for letter in code):
        return "letters"
    right = check_character(code[:17])
    return "" if code[17] == right else right


@cache
def industries() -> dict[str, Industry]:
    """Sections and divisions by code: `C`, `26`."""
    with INDUSTRIES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["code"]: Industry(row["code"], row["name"], row["code"] if row["kind"] == "section" else row["section"])
        for row in rows
    }


@cache
def _sections() -> list[tuple[int, int, str]]:
    with INDUSTRIES.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["kind"] == "section"]
    return [(*map(int, row["section"].split("-")), row["code"]) for row in rows]


def section_of(code: str) -> str:
    """The section's letter of an industry code, written `C2614`, `2614` or `26`; '' when there is none."""
    if code[:1].isalpha():
        return code[0].upper() if code[0].upper() in industries() else ""
    if not code[:2].isdecimal() or len(code) < 2:
        return ""
    division = int(code[:2])
    return next((letter for first, last, letter in _sections() if first <= division <= last), "")


def industry_code(text: str) -> str:
    """The code with its letter, as it is kept: 2614 -> C2614. Errors: ValueError saying what is wrong."""
    plain = code_of(text)
    if not plain:
        return ""
    letter, digits = (plain[0], plain[1:]) if plain[0].isalpha() else (section_of(plain), plain)
    if not re.fullmatch(r"[A-T]\d{0,4}", letter + digits) or len(digits) == 1:
        raise ValueError(f"'{text}' is not a code of GB/T 4754-2017, such as C2614, 2614 or C26")
    if digits and section_of(digits) != letter:
        raise ValueError(f"division {digits[:2]} belongs to section {section_of(digits) or 'none'}, not {letter}")
    return letter + digits


def industry_title(code: str) -> str:
    """Division, or section where only that is known: C2614 -> 化学原料和化学制品制造业."""
    known = industries()
    found = known.get(code[1:3]) or known.get(code[:1])
    return found.name if found else ""
