"""Every capability is built alike: the rooms have the names that shared pages look for, and a page says its words."""

import ast
import re

import pytest

from tests.house.golden import SOURCE

STOREYS = ("know", "prevent", "watch", "respond", "review", "engage")
CAPABILITIES = sorted(
    path.parent for storey in STOREYS for path in (SOURCE / storey).glob("*/__init__.py") if path.parent.name != "tests"
)
ROOMS = {
    "rules", "states", "models", "actions", "gates", "lists", "forms", "panels", "views", "urls", "figures", "layers",
    "resources", "tasks", "announcements", "consumers", "subjects", "imports", "apps",
}  # fmt: skip
FOLDERS = {"templates", "islands", "migrations", "tests", "templatetags", "static", "data", "__pycache__"}
NAMELESS = {"utils", "util", "common", "core", "helpers", "helper", "extras", "misc", "shared", "lib", "base", "tools"}


def named(capability) -> str:
    return f"{capability.parent.name}.{capability.name}"


@pytest.mark.parametrize("capability", CAPABILITIES, ids=named)
def test_its_files_are_rooms_or_subjects_that_say_what_they_are(capability):
    for module in sorted(capability.glob("*.py")):
        if module.stem in ROOMS | {"__init__"}:
            continue
        assert ast.get_docstring(ast.parse(module.read_text())), (
            f"{module.relative_to(SOURCE)} is no room of the house: begin it with a docstring saying what it is"
        )


@pytest.mark.parametrize("capability", CAPABILITIES, ids=named)
def test_it_has_a_page_of_words_in_both_languages(capability):
    page = capability / "README.md"
    assert page.exists(), f"{named(capability)} has no README.md: its nouns and verbs in Chinese and English"
    text = page.read_text()
    assert re.search(r"^\|.*中文.*\|$", text, re.MULTILINE), "the page of words needs a table with a column 中文"
    if (capability / "states.py").exists():
        assert re.search(r"docs/states/[a-z-]+\.md", text), "the page names the drawing of its states"


@pytest.mark.parametrize("capability", CAPABILITIES, ids=named)
def test_models_never_import_verbs_and_views_never_touch_rows_past_the_gate(capability):
    for name in ("models", "rules", "states"):
        path = capability / f"{name}.py"
        if path.exists():
            wrong = {module for module in imports(path) if module.endswith((".actions", ".views"))}
            assert not wrong, f"{path.relative_to(SOURCE)} imports {wrong}"


@pytest.mark.parametrize("capability", CAPABILITIES, ids=named)
def test_its_rules_decide_without_rows(capability):
    path = capability / "rules.py"
    if path.exists():
        wrong = {module for module in imports(path) if module.endswith(".actions") or module.startswith("django.db")}
        assert not wrong, f"{path.relative_to(SOURCE)} imports {wrong}: decisions take values, not rows"
        assert ".objects" not in path.read_text(), f"{path.relative_to(SOURCE)} asks the database"


def test_nothing_is_called_by_a_name_that_says_nothing():
    found = [
        path.relative_to(SOURCE)
        for path in SOURCE.rglob("*")
        if path.stem in NAMELESS and (path.suffix == ".py" or path.is_dir()) and "static" not in path.parts
    ]
    assert not found, f"give these the name of the thing they are: {[str(path) for path in found]}"


def imports(path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
