"""What packs call things, in the reader's language.

A pack's entry carries `title` (Chinese) and `title_en`. They are data, not messages, so gettext does not know them.
"""

from collections.abc import Mapping

from django.utils.functional import lazy
from django.utils.translation import get_language


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def _choose(chinese: str, english: str) -> str:
    return english if english and in_english() else chinese


both = lazy(_choose, str)
"""`both("证书", "Certificate")`: a text that decides when it is shown."""


def title(entry: Mapping, name: str = "title"):
    """The named text of a pack's entry, decided when it is shown."""
    return both(entry.get(name, ""), entry.get(f"{name}_en", ""))


def _with_unit(text: object, unit: object) -> str:
    if not str(unit):
        return str(text)
    return f"{text} ({unit})" if in_english() else f"{text}（{unit}）"


with_unit = lazy(_with_unit, str)
"""A title with its unit in the brackets of the reader's language."""
