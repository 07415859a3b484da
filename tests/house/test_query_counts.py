"""How many questions each page asks the database: golden data. `make renew` writes them anew; the difference is read.

A page asks as many questions for fifty rows as for one: with three rows and with thirty the count is the same.
"""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.desk.access.models import Post, User
from anlan.desk.cases.actions import NewCase, open_case
from anlan.desk.lists.declare import lists
from anlan.desk.notices.actions import tell
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from anlan.watch.devices.models import Device, Point, Rule
from tests.cast import BUREAU, DISTRICT, ENTERPRISE_A, TOWN
from tests.house.golden import compare

GOLDEN = Path(__file__).with_name("query_counts.json")
PAGES = ("/", "/bigscreen/", "/search/?q=企业", "/inbox/", "/account/")
ADMINISTRATION = {"accounts", "posts", "audit", "deliveries", "dead-letters"}


def rows(first: int, last: int, cast) -> None:
    """Some of everything that lists show, numbered."""
    for n in range(first, last):
        code = f"91999901MA{n:07d}X"
        place = {"region": TOWN, "organisation": code, "lon": 115.8, "lat": 28.7}
        enterprise = Enterprise.objects.create(code=code, name=f"企业{n}", **place)
        Facility.objects.create(enterprise=enterprise, kind="tank", code=f"T-{n}", name=f"储罐{n}", **place)
        device = Device.objects.create(code=f"D-{n}", name=f"液位计{n}", profile="tank_level", **place)
        point = Point.objects.create(device=device, key="level", title="液位", unit="%", low=0, high=100)
        Rule.objects.create(point=point, kind="H", limit=85, deadband=1, level=3)
        case = NewCase(
            kind="warnings.warning",
            title=f"液位高{n}",
            region=TOWN,
            organisation=ENTERPRISE_A,
            level=n % 4 + 1,
            key=str(n),
        )
        open_case(case)
        user = User.objects.create(username=f"worker{n:04d}", name=f"工人{n}")
        Post.objects.create(user=user, role="worker", organisation=code, region=TOWN)
        tell([cast.duty], title=f"消息{n}")


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
    """Who visits what: the duty officer the pages of his work, the administrators theirs."""
    own = [f"/{name}/" for name in sorted(lists()) if name not in ADMINISTRATION]
    return {
        "duty": [*PAGES, *own],
        "system_administrator": ["/", "/accounts/", "/deliveries/", "/dead-letters/"],
        "security_administrator": ["/posts/"],
    }


@pytest.mark.django_db
def test_every_page_asks_as_many_questions_for_many_rows_as_for_few_and_no_more_than_before(cast, signed_in, settings):
    settings.SECOND_FACTOR = False
    district = Region.objects.create(code=DISTRICT, name="云汀区", level=Region.Level.COUNTY)
    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN, parent=district)
    assert BUREAU and cast.all()
    rows(0, 3, cast)
    counts(cast, signed_in)  # caches that fill on first use
    few = counts(cast, signed_in)
    rows(3, 30, cast)
    many = counts(cast, signed_in)
    grown = {page: (few[page], many[page]) for page in few if many[page] > few[page]}
    assert not grown, f"these pages ask more questions when there are more rows: {grown}"
    compare(GOLDEN, json.dumps(many, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
