"""Freezes what is asked. Equal questions make the same sheet, so a plan that changes nothing adds no row."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

import orjson
from django.utils import timezone

from anlan.prevent.checks.checklists import checklists
from anlan.prevent.checks.models import Sheet
from anlan.prevent.checks.rules import Item
from anlan.prevent.risks.models import Control


def of_checklist(code: str, day: date) -> Sheet:
    """The sheet of a pack's checklist as it stands on a day. Errors: KeyError when no pack has it."""
    checklist = checklists()[code]
    edition = checklist.on(day)
    return keep(
        [question.item for question in edition.questions],
        code=code,
        edition=edition.number,
        title=checklist.title_zh,
        title_en=checklist.title_en,
    )


def of_controls(controls: Iterable[Control], title: str) -> Sheet:
    """The sheet of some controls, grouped by risk point, not yet kept. The controls come with their `point`."""
    return _drafted([_item(control) for control in controls], title=title)


def keep(items: list[Item], *, title: str, title_en: str = "", code: str = "", edition: str = "") -> Sheet:
    return keep_many([_drafted(items, title=title, title_en=title_en, code=code, edition=edition)])[0]


def keep_many(drafted: list[Sheet]) -> list[Sheet]:
    """The kept rows of these sheets, in their order: those that are there already, the others made, in two queries."""
    wanted = {sheet.digest: sheet for sheet in drafted}
    there = set(Sheet.objects.filter(digest__in=wanted).values_list("digest", flat=True))
    new = [sheet for digest, sheet in wanted.items() if digest not in there]
    Sheet.objects.bulk_create(new, ignore_conflicts=True, batch_size=200)
    kept = {sheet.digest: sheet for sheet in Sheet.objects.filter(digest__in=wanted).defer("items")}
    return [kept[sheet.digest] for sheet in drafted]


def _drafted(items: list[Item], *, title: str, title_en: str = "", code: str = "", edition: str = "") -> Sheet:
    frozen = [_frozen(item) for item in items]
    content = orjson.dumps([code, edition, title, frozen])
    return Sheet(
        code=code,
        edition=edition,
        title=title[:120],
        title_en=title_en[:160],
        items=frozen,
        count=len(frozen),
        digest=hashlib.sha256(content).hexdigest(),
        made_at=timezone.now(),
    )


def items(sheet: Sheet) -> list[Item]:
    return [Item(**given) for given in sheet.items]


def _item(control: Control) -> Item:
    clause = {"zh": control.clause, "en": control.clause, "status": ""} if control.clause else None
    return Item(
        key=f"c{control.pk}",
        text=control.check_text or control.text,
        group=control.point.name,
        control=control.pk,
        point=control.point_id,
        clause=clause,
    )


def _frozen(item: Item) -> dict:
    """Without what is empty: a sheet of two hundred questions is read at every page."""
    kept = asdict(item)
    return {name: value for name, value in kept.items() if name in ("key", "text") or value not in ("", None, False)}
