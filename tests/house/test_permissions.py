"""Who gets what answer at which address: every address, every part of the cast, reading and writing.

The table is kept in `permissions.json` and compared, so a new page must be classified by whoever adds it, and a page
that opens to somebody new is seen in the difference. `make renew` writes it anew.
"""

import json
import re
from collections import defaultdict
from http.cookies import SimpleCookie
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, get_resolver

from anlan.desk.access.models import Post, User
from anlan.desk.access.roles import all_roles
from anlan.desk.lists.declare import lists
from tests.cast import DISTRICT, ENTERPRISE_A, PARTS, TOWN
from tests.house.golden import ROOT, compare
from tests.house.world import fill

NOBODY = "nobody"  # not signed in
PROBES = ("duty", "manager", "system_administrator")
ALIKE = {"second_duty", "other_town_officer"}  # of the same role as another of the cast
APART = {"live/": "a stream without end: its own tests are in desk/notices"}
OF_ANOTHER = {  # addresses about a row that is not one of the list they belong to
    "checks.proof": "control-proofs",
    "hazards.promise": "enterprises",
    "hazards.self-check": "enterprises",
    "risks.board": "enterprises",
    "warnings.look": "enterprises",
}
KEPT = json.loads((ROOT / "tests/house/permissions.json").read_text(encoding="utf-8"))
KINDS = {"slug": "unknown", "path": "unknown", "str": "0", "int": "0", "uuid": "00000000-0000-4000-8000-000000000000"}


def addresses(resolver=None, before: str = "") -> list[tuple[str, str]]:
    """(pattern, url name) of every address."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            found.append((before + str(entry.pattern), entry.name or ""))
        else:
            found += addresses(entry, before + str(entry.pattern))
    return sorted(set(found))


@pytest.fixture
def world(cast, gauge):
    """One row of what most pages show, of enterprise A, and an account that is nobody of the cast."""
    target = User.objects.create(username="target", name="目标")
    Post.objects.create(user=target, role="worker", organisation=ENTERPRISE_A, region=TOWN)
    fill(range(1), cast)
    return target


def row_of(name: str, target: User):
    """The key of a row that exists, for an address about one row of a list."""
    stem = OF_ANOTHER.get(name) or name.rpartition(".")[0]
    if stem == "accounts":
        return target.pk
    entry = lists().get(stem)
    row = entry.gate(target).model.objects.order_by("pk").first() if entry else None
    return row.pk if row else 0


def filled(pattern: str, name: str, target: User) -> str:
    """The pattern as a path, with a row that exists where it asks for one."""
    path = re.sub(r"\(\?P<\w+>([^)]*)\)", lambda found: "0" if found[1] == r"\d+" else "retire", pattern.strip("^$"))
    path = re.sub(r"<(?:(\w+):)?pk>", str(row_of(name, target)), path)
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: KINDS[found[1]], path)


def ask(client: Client, method: str, path: str) -> int:
    """The status, without leaving a trace: what was written is taken back, the session stays."""
    cookies = client.cookies.output()
    with transaction.atomic():
        status = getattr(client, method)(path).status_code
        transaction.set_rollback(True)
    if client.cookies.output() != cookies:
        client.cookies = SimpleCookie(client.kept)
    return status


def clients(cast) -> dict[str, Client]:
    """One for each part of the cast; on a further database, which answers every role alike, only for the probes."""
    found = {NOBODY: Client(raise_request_exception=False)}
    found[NOBODY].kept = ""
    for part in PARTS if connection.vendor == "sqlite" else PROBES:
        if part not in ALIKE:
            client = found[part] = Client(raise_request_exception=False)
            client.force_login(getattr(cast, part), backend="anlan.desk.access.backend.PasswordBackend")
            client.kept = client.cookies.output(header="", sep=";")
    return found


def test_every_address_answers_every_part_of_the_cast_as_the_table_says(cast, world):
    asking = clients(cast)
    table = {}
    for pattern, name in addresses():
        if pattern in APART:
            continue
        path = filled(pattern, name, world)
        for method in ("get", "post"):
            table[f"{method.upper()} /{pattern}"] = said(answers(asking, method, path))
    if connection.vendor == "sqlite":
        compare(ROOT / "tests/house/permissions.json", text(table))
    else:
        others = [
            line for line in table if any(status_of(table[line], one) != status_of(KEPT[line], one) for one in asking)
        ]
        assert not others, f"these answer otherwise on this database: {others}"
    broken = [line for line, answers in table.items() if any(int(status) >= 500 for status in answers)]
    assert not broken, f"these fail instead of answering: {broken}"


def answers(asking: dict[str, Client], method: str, path: str) -> dict[int, list[str]]:
    """status -> parts. What three very different people may not even ask this way, is asked of nobody else; the others
    are only answered, but for a page that nobody before them could draw."""
    given = {part: ask(asking[part], method, path) for part in (NOBODY, *PROBES)}
    if {given[part] for part in PROBES} == {405}:
        given |= {part: 405 for part in asking if part != NOBODY}
    for part in asking.keys() - given:
        with patch.object(Template, "render", lambda *_, **__: ""):
            status = ask(asking[part], method, path)
        given[part] = status if status != 200 or 200 in given.values() else ask(asking[part], method, path)
    found = defaultdict(list)
    for part in asking:
        found[given[part]].append(part)
    return found


def status_of(answers: dict[str, str], part: str) -> str:
    """What the table says of one part."""
    named = (status for status, who in answers.items() if part in who.split())
    return next(named, next((status for status, who in answers.items() if who in ("the others", "everybody")), ""))


def said(answers: dict[int, list[str]]) -> dict[str, str]:
    """status -> who gets it; the most usual status is said of "the others"."""
    usual = max(answers, key=lambda status: (len(answers[status]), status))
    return {
        str(status): " ".join(parts) if status != usual else "the others" if len(answers) > 1 else "everybody"
        for status, parts in sorted(answers.items())
    }


def text(table: dict[str, dict[str, str]]) -> str:
    lines = [f"{json.dumps(address)}: {json.dumps(answers, ensure_ascii=False)}" for address, answers in table.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def test_the_table_lets_nobody_who_has_not_signed_in_see_more_than_the_entrance():
    closed = ("302", "401", "405")
    opened = {line.partition(" /")[2] for line in KEPT if status_of(KEPT[line], NOBODY) not in closed}
    assert opened <= {
        "sign-in/",
        "sign-in/code/",
        "account/language/",
        "notices/receipts/<slug:channel>/",
        "health/",
        # what the law and the enterprises publish
        "public/hazards/",
        "public/risks/",
        "public/risks/<int:pk>/",
        "published/<slug:code>/",
        "permits/check/<str:token>/",
        # the frame of the app on the phone, which holds nothing until somebody signs in
        "phone/",
        "phone/app.webmanifest",
        "phone/icon-<int:size>.png",
        "phone/me/",
        "phone/worker.js",
    }


def test_whoever_has_no_post_sees_no_row(cast, world):
    for entry in lists().values():
        assert not entry.gate(cast.stranger).exists(), f"{entry.name} shows rows to an account without a post"


def test_the_neighbouring_district_sees_no_row_of_this_one(cast, world):
    for entry in lists().values():
        shown = entry.gate(cast.neighbour_duty)
        if hasattr(shown.model, "region"):
            assert not [row for row in shown[:50] if str(row.region).startswith(DISTRICT)], entry.name


def test_every_list_is_open_to_somebody():
    for entry in lists().values():
        assert any(role.grants(entry.permission) for role in all_roles().values()), (
            f"no role grants {entry.permission}, so nobody can open the list '{entry.name}'"
        )
