"""Every word of the interface has its English."""

import ast
import re

from anlan.site import messages
from tests.house.golden import SOURCE, tracked

COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)
BLOCK = re.compile(r"\{% blocktranslate.*?endblocktranslate %\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
NAMES_OF_LANGUAGES = {"中文"}


def test_every_message_has_english_with_the_same_placeholders_and_none_is_left_over():
    assert messages.problems() == []


def test_templates_say_nothing_outside_the_tags_that_translate():
    left = {}
    for path in tracked(".html"):
        text = path.read_text(encoding="utf-8")
        for part in (COMMENT, BLOCK, TAG):
            text = part.sub("", text)
        words = set(CHINESE.findall(text)) - NAMES_OF_LANGUAGES
        if words:
            left[path.name] = words
    assert not left, f"put these into {{% translate %}}: {left}"


def test_python_shows_no_chinese_that_is_not_translated():
    """Where a text goes to a person (a title, a refusal), it stands inside a gettext call."""
    shown = {"title", "empty", "help_text", "label", "verbose_name", "confirm"}
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if {"tests", "migrations", "demo"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            raises = getattr(node.func, "id", "") in {"ValidationError", "Refused", "Http404"}
            given = [keyword.value for keyword in node.keywords if keyword.arg in shown] + (node.args if raises else [])
            found += [
                f"{path.relative_to(SOURCE)}:{one.lineno}: {one.value}"
                for one in given
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and CHINESE.search(one.value)
            ]
    assert not found, "these stand outside gettext: " + "; ".join(found)
