"""Rules over all files: sizes, names of tests, templates, what must not stand in the tree."""

import ast
import re

import pytest
from django.core.management import CommandError, call_command

from tests.house.golden import ROOT, SOURCE, tracked

LONGEST = 450
GENERATED = re.compile(r"/migrations/\d{4}_|package-lock\.json$")
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE)
HANDLER = re.compile(r"\s(style|on[a-z]+)\s*=\s*[\"']", re.IGNORECASE)
# Addresses of this and other machines, package hosts, private networks. Spelled apart so that this file passes itself.
FOREIGN = re.compile(
    "|".join(
        [
            "/work" + "/(main|shared)",
            "/root" + "/",
            "/home" + "/[a-z]+/",
            "files\\.python" + "hosted",
            "pypi" + "\\.org",
            "registry\\.npm" + "js",
            "npm" + "mirror",
            "index" + "-url\\s*=",
            "\\b10\\.\\d+\\.\\d+\\.\\d+\\b",
            "\\b192\\.168\\.\\d+\\.\\d+\\b",
            "TO" + "DO\\b",
            "FIX" + "ME\\b",
            "raise NotImplemented" + "Error",
        ]
    )
)
HAND_WRITTEN = (
    ".py",
    ".ts",
    ".css",
    ".html",
    ".md",
    ".yaml",
    ".toml",
    ".json",
    ".po",
    ".service",
    ".conf",
    "Makefile",
    "run",
)


@pytest.mark.parametrize("kind", [".py", ".ts"])
def test_no_file_is_longer_than_one_can_keep_in_mind(kind):
    lengths = {path: len(path.read_text().splitlines()) for path in tracked(kind) if not GENERATED.search(str(path))}
    long = {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > LONGEST}
    assert not long, f"cut these into files with one subject each: {long}"


def test_the_tree_speaks_of_no_machine_no_package_host_and_leaves_nothing_for_later():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path in tracked(*HAND_WRITTEN)
        if path.name != "package-lock.json" and path.stat().st_size < 2_000_000
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if (match := FOREIGN.search(line)) and not (match.group()[:1].isdigit() and path.name.startswith("test_"))
    ]
    assert not found, "\n".join(found)


def test_locks_hold_names_versions_and_digests_and_no_address():
    for name in ("requirements.lock", "requirements-uv.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text and "--index" not in text and "--find" not in text
        entries = re.findall(r"^[A-Za-z0-9][^\n]*==", text, re.MULTILINE)
        assert entries and text.count("--hash=sha256:") >= len(entries)
    web = (ROOT / "web" / "package-lock.json").read_text()
    assert '"resolved"' not in web and '"integrity"' in web


def test_templates_hold_no_script_no_handler_and_no_style():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCE.rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SCRIPT.search(line) or HANDLER.search(line) or "javascript:" in line
    ]
    assert not found, f"the content security policy refuses these: {found}"


def test_comments_of_templates_end_on_their_line():
    """Django takes {# … #} for a comment on one line only; over two it stands on the page."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCE.rglob("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.count("{#") != line.count("#}")
    ]
    assert not found, f"write the comment on one line, or between comment tags: {found}"


def test_names_of_tests_are_sentences():
    functions = [
        (path, node.name)
        for path in tracked(".py")
        if path.name.startswith("test_")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    short = [f"{path.relative_to(ROOT)}: {name}" for path, name in functions if name.count("_") < 3]
    assert not short, f"say in a sentence what is shown: {short}"


def test_every_folder_of_tests_is_a_package():
    bare = {path.parent for path in tracked(".py") if path.name.startswith("test_")}
    bare = {str(folder.relative_to(ROOT)) for folder in bare if not (folder / "__init__.py").exists()}
    assert not bare, f"two tests of one name would collide: {bare}"


@pytest.mark.django_db
def test_no_migration_is_missing():
    try:
        call_command("makemigrations", "--check", "--dry-run", verbosity=1)
    except (CommandError, SystemExit) as error:
        raise AssertionError("a model changed without its migration: anlan's manage makemigrations") from error


def test_no_two_migrations_of_a_capability_have_one_number():
    for folder in SOURCE.rglob("migrations"):
        numbers = [path.name[:4] for path in folder.glob("[0-9]*.py")]
        assert len(numbers) == len(set(numbers)), folder
