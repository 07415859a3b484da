"""Numbers of law and standards are data: dated, in order, and each says where it comes from."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from anlan import packs
from tests.house.golden import SOURCE

FILES = [path for path in sorted((SOURCE / "packs").glob("*/*.yaml")) if path.parent.name != "schemas"]
SECTIONS = sorted({path.stem for path in FILES} - {"pack"})
HISTORIES = ("editions", "calibres")


def named(path) -> str:
    return f"{path.parent.name}/{path.name}"


def dated(node, where: str = "") -> Iterator[tuple[str, list[dict]]]:
    """Every dated table in a file: a list whose rows say from when they hold."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from dated(value, f"{where}/{key}")
    elif isinstance(node, list):
        if node and all(isinstance(row, dict) and "from" in row for row in node):
            yield where, node
        for number, value in enumerate(node):
            yield from dated(value, f"{where}/{number}")


def day(text) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_dated_tables_are_in_order_and_each_row_ends_after_it_began(path):
    for where, rows in dated(packs.load_yaml(path)):
        starts = [day(row["from"]) for row in rows]
        assert starts == sorted(starts), f"{named(path)} at {where}: sort the rows by 'from'"
        for row in rows:
            assert not row.get("to") or day(row["to"]) > day(row["from"]), (
                f"{named(path)} at {where}: 'to' before 'from'"
            )


@pytest.mark.parametrize("path", FILES, ids=named)
def test_editions_of_one_rule_follow_one_another_without_overlap(path):
    for where, rows in dated(packs.load_yaml(path)):
        if where.rsplit("/", 1)[-1] in HISTORIES:
            for row, following in pairwise(rows):
                assert day(row["from"]) < day(following["from"]), f"{named(path)} at {where}: two begin on one day"
                end = row.get("to")
                assert not end or day(end) <= day(following["from"]), f"{named(path)} at {where}: two hold at once"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_row_of_a_dated_table_cites_its_instrument_and_article_or_says_what_changed(path):
    for where, rows in dated(packs.load_yaml(path)):
        for row in rows:
            cited = row.get("instrument") and row.get("article")
            assert cited or row.get("source") or row.get("note"), f"{named(path)} at {where}: {row} cites nothing"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_what_was_not_read_in_the_text_is_marked(path):
    """`status: found` or `recalled` (`checked` in profiles) stands with every citation of a rule that binds."""

    def bare(node) -> Iterator[dict]:
        if isinstance(node, dict):
            if "instrument" in node and not (node.get("status") or node.get("checked")):
                yield node
            if "limit" in node and "kind" in node and not (node.get("source") and node.get("checked")):
                yield node
            for value in node.values():
                yield from bare(value)
        elif isinstance(node, list):
            for value in node:
                yield from bare(value)

    assert list(bare(packs.load_yaml(path))) == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_chinese_title_has_its_english(path):
    def bare(node, where="") -> Iterator[str]:
        if isinstance(node, dict):
            if "title" in node and not node.get("title_en"):
                yield f"{where}: {node['title']}"
            for key, value in node.items():
                yield from bare(value, f"{where}/{key}")
        elif isinstance(node, list):
            for number, value in enumerate(node):
                yield from bare(value, f"{where}/{number}")

    assert list(bare(packs.load_yaml(path))) == []


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_a_schema_and_holds_to_it(section):
    assert (packs.SCHEMAS / f"{section}.yaml").exists(), f"packs/schemas/{section}.yaml says what may stand there"
    assert packs.section(section)


def test_every_schema_is_closed_so_that_a_misspelt_word_is_refused():
    def open_objects(node, where: str) -> Iterator[str]:
        if isinstance(node, dict):
            if node.get("type") == "object" and "properties" in node and node.get("additionalProperties", True) is True:
                yield where
            for key, value in node.items():
                yield from open_objects(value, f"{where}/{key}")
        elif isinstance(node, list):
            for number, value in enumerate(node):
                yield from open_objects(value, f"{where}/{number}")

    found = [
        one for path in sorted(packs.SCHEMAS.glob("*.yaml")) for one in open_objects(packs.load_yaml(path), path.stem)
    ]
    assert found == []
