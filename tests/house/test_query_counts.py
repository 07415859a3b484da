"""How many questions each page asks the database: golden data. `make renew` writes them anew; the difference is read.

A page asks as many questions for fifty rows as for one: with three rows and with thirty the count is the same.
"""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.desk.access.roles import all_roles
from anlan.desk.lists.declare import lists
from anlan.know.places.models import Region
from tests.cast import BUREAU, DISTRICT, PARTS, TOWN
from tests.house.golden import compare
from tests.house.world import fill

GOLDEN = Path(__file__).with_name("query_counts.json")
PAGES = ("/", "/bigscreen/", "/search/?q=企业", "/inbox/", "/account/")


def counts(cast, signed_in) -> dict[str, int]:
    found = {}
    for part, pages in visits().items():
        client = signed_in(getattr(cast, part))
        client.get("/account/")  # what is written once a minute is written here
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answer = client.get(page)
            assert answer.status_code == 200, (part, page, answer.status_code)
            found[f"{part} {page}"] = len(asked)
    return found


def visits() -> dict[str, list[str]]:
    """Who visits what: the duty officer the pages of his work, whoever may first of the cast those of the others."""
    found = {"duty": list(PAGES), "system_administrator": ["/"]}
    for name, entry in sorted(lists().items()):
        part = next((part for part, (_, role, *_) in PARTS.items() if role and _may(role, entry.permission)), None)
        assert part, f"nobody of the cast may see the list '{name}'"
        found.setdefault(part, []).append(f"/{name}/")
    return found


def _may(role: str, permission: str) -> bool:
    return all_roles()[role].grants(permission)


@pytest.mark.django_db
def test_every_page_asks_as_many_questions_for_many_rows_as_for_few_and_no_more_than_before(cast, signed_in, settings):
    settings.SECOND_FACTOR = False
    district = Region.objects.create(code=DISTRICT, name="云汀区", level=Region.Level.COUNTY)
    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN, parent=district)
    assert BUREAU and cast.all()
    fill(range(3), cast)
    counts(cast, signed_in)  # caches that fill on first use
    few = counts(cast, signed_in)
    fill(range(3, 15), cast)  # fewer than a page: the next page is one question more
    many = counts(cast, signed_in)
    grown = {page: (few[page], many[page]) for page in few if many[page] > few[page]}
    assert not grown, f"these pages ask more questions when there are more rows: {grown}"
    compare(GOLDEN, json.dumps(many, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
