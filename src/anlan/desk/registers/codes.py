"""Code lists of the packs: dated values in a tree, with their source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from anlan import packs
from anlan.desk.wording import title


@dataclass(frozen=True)
class Code:
    code: str
    title: Any
    parent: str = ""
    since: date | None = None
    until: date | None = None
    also: tuple[str, ...] = ()  # what people write for it

    def in_force(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class CodeList:
    name: str
    title: Any
    source: str
    status: str
    values: Mapping[str, Code]

    def in_force(self, day: date) -> list[Code]:
        return [code for code in self.values.values() if code.in_force(day)]

    def below(self, code: str) -> frozenset[str]:
        """A code and all that stand under it."""
        found, frontier = {code}, {code}
        while frontier:
            frontier = {value.code for value in self.values.values() if value.parent in frontier} - found
            found |= frontier
        return frozenset(found)

    def depth(self, code: str) -> int:
        steps, parent = 0, self.values[code].parent
        while parent:
            steps, parent = steps + 1, self.values[parent].parent
        return steps

    def titled(self, code: str) -> str:
        """The title of a code; a code of another edition shows as it is."""
        value = self.values.get(code)
        return str(value.title) if value else code

    def find(self, words: str) -> str | None:
        """The code that a person means by a code or by a title in either language; None when nothing fits."""
        words = words.strip()
        if words in self.values:
            return words
        for value in self.values.values():
            if words in _titles_of(self.name)[value.code]:
                return value.code
        return next((value.code for value in self.values.values() if words in value.also), None)

    def ordered(self, day: date) -> list[tuple[Code, int]]:
        """The values in force, each below its parent, with its depth: what a choice shows."""
        known = {code.code for code in self.in_force(day)}
        result: list[tuple[Code, int]] = []

        def walk(parent: str) -> None:
            for code in self.values.values():
                if code.parent == parent and code.code in known:
                    result.append((code, self.depth(code.code)))
                    walk(code.code)

        walk("")
        return result


@cache
def code_lists() -> dict[str, CodeList]:
    """All code lists by name. Errors: PackError for a doubled code, an unknown parent, a ring, a wrong date."""
    found = {}
    for name, entry in packs.section("codes").items():
        values = [_code(item) for item in entry["values"]]
        if wrong := faults(values):
            raise packs.PackError(f"codes.yaml: '{name}': " + "; ".join(wrong))
        by_code = {value.code: value for value in values}
        found[name] = CodeList(name, title(entry), entry["source"], entry.get("status", "found"), by_code)
    return found


def faults(values: list[Code]) -> list[str]:
    codes = [value.code for value in values]
    parents = {value.code: value.parent for value in values}
    found = [f"'{code}' stands twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    found += [
        f"'{v.code}' stands under '{v.parent}', which is not in the list"
        for v in values
        if v.parent and v.parent not in codes
    ]
    found += [f"'{v.code}' ends before it begins" for v in values if v.since and v.until and v.until < v.since]
    for code in codes:
        seen = set()
        while code and code not in seen:
            seen.add(code)
            code = parents.get(code, "")
        if code:
            return [*found, f"'{code}' stands under itself"]
    return found


@cache
def _titles_of(name: str) -> dict[str, set[str]]:
    return {
        item["code"]: {item["title"].strip(), item["title_en"].strip()}
        for item in packs.section("codes")[name]["values"]
    }


def _code(item: Mapping) -> Code:
    since, until = (date.fromisoformat(item[name]) if item.get(name) else None for name in ("from", "to"))
    return Code(item["code"], title(item), item.get("parent", ""), since, until, tuple(item.get("also", ())))
