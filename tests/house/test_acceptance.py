"""The page of acceptance names a test for every row and loop of dual prevention, and each of them exists."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "acceptance.md"
NAMED = re.compile(r"`((?:src|tests)/[\w/]+\.py)::(test_\w+)`")
ROWS = (
    [f"S{n:02}" for n in (11, *range(28, 38), *range(41, 47), *range(50, 58), *range(59, 64), *range(65, 70))]
    + ["S71", "S74", "S75", "S112", "S113", "S131"]
    + [f"L{n:02}" for n in (1, 2, 3, 4, 5, 18)]
)


def lines() -> dict[str, str]:
    found = (re.match(r"\| ([SL]\d+) \|", line) for line in PAGE.read_text().splitlines())
    return {match[1]: match.string for match in found if match}


@cache
def defined_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_and_loop_of_dual_prevention_names_the_test_that_plays_it():
    told = lines()
    assert sorted(told) == sorted(ROWS)
    assert [row for row, line in told.items() if not NAMED.search(line)] == []


def test_each_test_that_the_page_of_acceptance_names_exists():
    named = NAMED.findall(PAGE.read_text())
    assert [f"{path}::{name}" for path, name in named if name not in defined_in(path)] == []
    assert PAGE.read_text().count("::test_") == len(named), "a test is written `path.py::test_name`"
