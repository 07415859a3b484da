"""What is written about the platform agrees with the platform."""

import ast
import re

import pytest

from anlan.site.command_table import COMMANDS
from tests.house.golden import ROOT, SOURCE, compare, tracked

DOCS = ROOT / "docs"
VARIABLE = re.compile(r"\bANLAN_[A-Z][A-Z0-9_]*[A-Z0-9]\b")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
NOT_OURS = {"ANLAN_X"}


def test_the_page_of_commands_is_made_from_the_table():
    compare(DOCS / "commands.md", commands_page())


def test_every_command_says_what_it_does_and_leads_to_a_function():
    from importlib import import_module

    for command in COMMANDS:
        assert command.help.endswith("."), f"anlan {command.words}: help is a sentence"
        assert all(argument.help for argument in command.arguments), f"anlan {command.words}: an argument without help"
        module, _, function = command.target.partition(":")
        assert callable(getattr(import_module(module), function)), command.target


def test_every_variable_of_the_code_is_described_and_no_other():
    used = {name for path in SOURCE.rglob("*.py") if "tests" not in path.parts for name in constants(path)}
    described = set(re.findall(r"^\| `(ANLAN_[A-Z0-9_]+)`", (DOCS / "operations.md").read_text(), re.MULTILINE))
    assert used - described == set(), "describe these in the table of docs/operations.md"
    assert described - used == set(), "docs/operations.md describes variables nobody reads"


def test_pages_name_only_commands_variables_and_files_that_are_there():
    words = {command.words for command in COMMANDS}
    groups = {word.rsplit(" ", 1)[0] for word in words if " " in word}
    variables = {name for path in SOURCE.rglob("*.py") for name in constants(path)}
    wrong = []
    for page in tracked(".md"):
        text = page.read_text()
        for said in re.findall(r"`(?:\.venv/bin/)?anlan ([a-z][a-z -]*)", text):
            said = said.strip()
            if not any(said == word or said.startswith(word + " ") for word in words) and said not in groups:
                wrong.append(f"{page.relative_to(ROOT)}: no command 'anlan {said}'")
        wrong += [f"{page.relative_to(ROOT)}: nobody reads {name}" for name in set(VARIABLE.findall(text)) - variables]
        for target in LINK.findall(text):
            if "://" not in target and not (page.parent / target).exists():
                wrong.append(f"{page.relative_to(ROOT)}: no file {target}")
    assert not wrong, "\n".join(wrong)


def test_decisions_are_numbered_once_and_listed():
    pages = sorted(DOCS.glob("decisions/[0-9]*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(numbers) == len(set(numbers)), "two decisions have one number"
    compare(DOCS / "decisions" / "README.md", decisions_page(pages))


@pytest.mark.parametrize("page", sorted(DOCS.glob("decisions/[0-9]*.md")), ids=lambda page: page.stem)
def test_a_decision_says_what_was_refused_or_follows(page):
    text = page.read_text()
    assert re.match(r"# \S", text), "begin with a heading"
    assert len(text) > 300, "a decision says context, decision and consequences"


def test_the_glossary_names_every_noun_of_the_models():
    from django.apps import apps

    glossary = (DOCS / "glossary.md").read_text().lower()
    missing = [
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("anlan.") and spoken(model.__name__) not in glossary
    ]
    assert not missing, f"pair these with their Chinese terms in docs/glossary.md: {missing}"


@pytest.mark.parametrize("package", ["wire", "columns", "telemetry", "standards", "risk"])
def test_public_functions_of_the_lower_storeys_say_what_they_do(package):
    bare = []
    for path in sorted((SOURCE / package).rglob("*.py")):
        if "tests" in path.parts or path.name == "__main__.py":
            continue
        tree = ast.parse(path.read_text())
        if path.name != "__init__.py" and not ast.get_docstring(tree):
            bare.append(str(path.relative_to(SOURCE)))
        bare += [
            f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and not node.name.startswith("_")
            and node.name != "main"
            and not ast.get_docstring(node)
        ]
    assert not bare, f"say shapes, units, errors or source: {bare}"


def constants(path) -> set[str]:
    """Names of our variables among the text constants of a module, its docstrings left out."""
    tree = ast.parse(path.read_text())
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            found |= {name for name in VARIABLE.findall(node.value)}
    return found - NOT_OURS


def spoken(name: str) -> str:
    """RecordVersion -> record version"""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def commands_page() -> str:
    lines = [
        "# The `anlan` command",
        "",
        "Made from `src/anlan/site/command_table.py` by `make renew`; do not edit.",
        "",
    ]
    for command in COMMANDS:
        shown = [argument.names[0] for argument in command.arguments]
        given = " ".join(name.upper() if not name.startswith("-") else f"[{name}]" for name in shown)
        lines += [f"## anlan {command.words} {given}".rstrip(), "", command.help + command.more, ""]
        for argument in command.arguments:
            lines.append(f"- `{' '.join(argument.names)}` {argument.help}")
        if command.arguments:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def decisions_page(pages) -> str:
    lines = [
        "# Decisions",
        "",
        "What was decided, why, and what follows; this list is made by `make renew`. A decision is a page of its own",
        "beside it, `NNNN-short-name.md`, with context, decision and consequences.",
        "",
    ]
    for page in pages:
        title = page.read_text().splitlines()[0].lstrip("# ").strip()
        title = re.sub(r"^\d{4}\s*[·:.—–-]?\s*", "", title)
        lines.append(f"- [{page.name[:4]}]({page.name}) {title}")
    return "\n".join(lines) + "\n"
