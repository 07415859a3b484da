"""Sector packs: folders of YAML that say what differs between sectors, read here and checked against a schema.

A pack is a folder with `pack.yaml` (name, title, version) and any of the sections that `schemas/` describes:
`roles.yaml`, `codes.yaml`, `records.yaml`, `obligations.yaml`, `measures.yaml`, `profiles.yaml` …
A section is a mapping from code to entry. Packs shipped with the platform lie beside this file; a county adds
its own folder and names it in ANLAN_PACKS (several, separated by `:`). A later pack may add entries; defining
one code twice is an error, so nobody changes a law by accident.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from anlan.packs import calendars, profiles, silences

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"


class PackError(ValueError):
    """A pack cannot be used; the text names the file, the place in it and what to change."""


class _StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key written twice, which plain YAML silently lets win."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise PackError(
                    f"{node.start_mark.name}:{key_node.start_mark.line + 1}: '{key}' stands twice; keep one"
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_yaml(path: Path) -> Any:
    """One YAML file, strictly. Errors: PackError naming file and line."""
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, _StrictLoader)
    except yaml.YAMLError as error:
        raise PackError(f"{path}: not readable as YAML: {error}") from error


def folders() -> list[Path]:
    """The pack folders in use: those shipped, then those named in ANLAN_PACKS."""
    shipped = sorted(path.parent for path in HERE.glob("*/pack.yaml"))
    added = [Path(name) for name in os.environ.get("ANLAN_PACKS", "").split(":") if name]
    for folder in added:
        if not (folder / "pack.yaml").exists():
            raise PackError(f"ANLAN_PACKS names {folder}, which has no pack.yaml; name the folder of a pack")
    return shipped + added


@cache
def about(name: str) -> dict[str, Any]:
    """What the pack of this name says of itself: title, title_en, version. Empty for a name no pack has."""
    return next((load_yaml(folder / "pack.yaml") for folder in folders() if folder.name == name), {})


@cache
def section(name: str) -> dict[str, dict]:
    """All entries of one section over all packs, code -> entry; every entry also carries its `pack`.

    Errors: PackError for an entry that breaks the section's schema, a code defined twice, or what COMPLETED finds.
    """
    entries = _entries(name)
    try:
        return COMPLETED[name](entries) if name in COMPLETED else entries
    except PackError:  # of the section this one needs
        raise
    except ValueError as wrong:
        raise PackError(f"{name}.yaml: {wrong}") from None


def _profiles(entries: dict[str, dict]) -> dict[str, dict]:
    profiles.check(entries, section("calendars"))
    return silences.complete(entries, section("device_classes"))


COMPLETED = {"calendars": calendars.numbered, "profiles": _profiles}
"""Sections that are checked beyond their schema, and get what their packs leave out."""


def _entries(name: str) -> dict[str, dict]:
    schema = load_yaml(SCHEMAS / f"{name}.yaml")
    entries: dict[str, dict] = {}
    for folder in folders():
        path = folder / f"{name}.yaml"
        if not path.exists():
            continue
        content = load_yaml(path) or {}
        _check(content, schema, path)
        for code, entry in content.items():
            if code in entries:
                raise PackError(
                    f"{path}: '{code}' is already defined by pack '{entries[code]['pack']}'; choose another code"
                )
            entries[code] = {**entry, "pack": folder.name}
    return entries


def _check(content: Any, schema: dict, path: Path) -> None:
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(content))
    if error:
        where = "/".join(str(part) for part in error.absolute_path) or "the whole file"
        raise PackError(f"{path}: at {where}: {error.message}")
