"""The index from what flows tell it: incrementally, in bulk, fading; and the warnings that follow its colours."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.desk.cases.models import Case
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from anlan.watch.warnings.models import ColourChange, Contribution, Standing
from anlan.watch.warnings.reckoning import reckon_all, renew
from anlan.watch.warnings.weighing import Weigh, end_expired, weigh_all
from tests.cast import DISTRICT, ENTERPRISE_A, TOWN

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def enterprise(db) -> Enterprise:
    district = Region.objects.create(code=DISTRICT, name="云汀区", level=Region.Level.COUNTY)
    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN, parent=district)
    return Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工", region=TOWN)


@pytest.fixture
def tank(enterprise) -> Facility:
    return Facility.objects.create(
        enterprise=enterprise, kind="tank", code="T-1", name="1号储罐", region=TOWN, organisation=enterprise.code,
        hazard_level=2,
    )  # fmt: skip


def weigh(tank: Facility, level: int, source="alarm:1", kind="alarm", **other) -> Weigh:
    place = {"region": tank.region, "organisation": tank.organisation, "facility": tank.pk}
    return Weigh(kind=kind, source=source, level=level, words="液位高", **place, **other)


def standing(subject: str) -> Standing:
    return Standing.objects.get(subject=subject)


def seen(tank) -> tuple:
    return tuple(
        standing(one).level for one in (f"facility:{tank.pk}", f"enterprise:{tank.enterprise_id}", f"region:{TOWN}")
    )


def test_an_alarm_colours_its_facility_its_enterprise_and_counts_in_its_town(tank):
    reckon_all(NOW)
    assert seen(tank) == (None, None, None)
    weigh_all([weigh(tank, 2)], at=NOW)
    assert standing(f"facility:{tank.pk}").stale, "an alarm does not wait for arithmetic"
    assert renew(NOW) > 0
    assert seen(tank) == (2, 2, 3)
    assert standing(f"facility:{tank.pk}").value == pytest.approx(54.6)


def test_nothing_is_written_when_nothing_changed(tank):
    weigh_all([weigh(tank, 2)], at=NOW)
    reckon_all(NOW)
    weigh_all([weigh(tank, 2)], at=NOW)
    assert renew(NOW + timedelta(seconds=5)) == 0
    assert (Contribution.objects.count(), ColourChange.objects.filter(scope="facility").count()) == (1, 1)


def test_a_change_of_colour_opens_a_warning_and_the_next_moves_it_with_its_clock(tank):
    weigh_all([weigh(tank, 3)], at=NOW)
    renew(NOW)
    case = Case.objects.get(subject=f"facility:{tank.pk}")
    assert (case.level, case.key) == (3, f"warning:facility:{tank.pk}")
    late = case.due_at
    weigh_all([weigh(tank, 1, "alarm:2")], at=NOW)
    renew(NOW)
    case.refresh_from_db()
    assert case.level == 1
    assert case.due_at < late, "the clock of a graver colour is shorter"
    assert case.steps.filter(action="worsen").count() == 1
    weigh_all([], ended=["alarm:2"], at=NOW)
    renew(NOW + timedelta(hours=9))
    case.refresh_from_db()
    assert (case.level, case.is_open) == (3, True), "the colour falls; only a person closes"
    assert case.steps.filter(action="ease").exists()


def test_one_danger_is_one_case_and_not_one_of_the_enterprise_as_well(tank):
    weigh_all([weigh(tank, 3)], at=NOW)
    renew(NOW)
    assert not Case.objects.filter(subject__startswith="enterprise:").exists()


def test_what_weighs_on_the_enterprise_itself_opens_a_warning_of_its_own(tank):
    own = {"region": TOWN, "organisation": ENTERPRISE_A, "enterprise": tank.enterprise_id}
    hazards = [Weigh(kind="danger", source=f"hazard:{n}", level=1, words="重大隐患", **own) for n in range(3)]
    weigh_all([*hazards, Weigh(kind="permit", source="permit:1", level=1, words="动火", **own)], at=NOW)
    renew(NOW)
    case = Case.objects.get(subject=f"enterprise:{tank.enterprise_id}")
    assert (case.level, case.organisation) == (3, ENTERPRISE_A)


def test_a_red_enterprise_opens_a_warning_of_the_town(tank):
    reckon_all(NOW)
    weigh_all([weigh(tank, 1)], at=NOW)
    renew(NOW)
    assert Case.objects.filter(subject=f"region:{TOWN}", organisation="").exists()


def test_weather_lies_over_all_of_a_region_and_makes_a_graded_installation_blue(tank):
    reckon_all(NOW)
    until = NOW + timedelta(hours=6)
    weather = Weigh(kind="weather", source="alert:1", level=1, words="暴雨红色预警", region=DISTRICT, until=until)
    weigh_all([weather], at=NOW)
    renew(NOW)
    assert standing(f"facility:{tank.pk}").level == 4
    assert end_expired(until) == 1
    renew(until)
    assert standing(f"facility:{tank.pk}").level is None


def test_a_cleared_alarm_fades_minute_by_minute_and_is_then_forgotten(tank):
    weigh_all([weigh(tank, 1)], at=NOW)
    renew(NOW)
    weigh_all([], ended=["alarm:1"], at=NOW)
    values = []
    for minutes in (0, 30, 60, 120, 600):
        renew(NOW + timedelta(minutes=minutes))
        values.append(standing(f"facility:{tank.pk}").value)
    assert values == sorted(values, reverse=True)
    assert values[-1] == 0
    assert Contribution.objects.get().settled


def test_what_comes_again_is_not_counted_twice_while_it_fades(tank):
    weigh_all([weigh(tank, 2)], at=NOW)
    weigh_all([], ended=["alarm:1"], at=NOW)
    weigh_all([weigh(tank, 2)], at=NOW)
    renew(NOW)
    assert standing(f"facility:{tank.pk}").value == pytest.approx(54.6)


def test_what_has_no_place_weighs_on_nobody(enterprise):
    weigh_all([Weigh(kind="alarm", source="alarm:9", level=1, words="", region=TOWN)], at=NOW)
    assert not Contribution.objects.exists()


def test_a_tank_taken_out_of_service_loses_its_factor(tank):
    weigh_all([weigh(tank, 2)], at=NOW)
    renew(NOW)
    tank.in_service = False
    tank.save()
    renew(NOW)
    assert standing(f"facility:{tank.pk}").value == 42


def test_many_enterprises_take_as_many_questions_as_few(enterprise):
    def fill(numbers):
        rows = [
            Enterprise(code=f"91999901MB{n:07d}X", organisation=f"91999901MB{n:07d}X", name=f"企业{n}", region=TOWN)
            for n in numbers
        ]
        Enterprise.objects.bulk_create(rows)
        tanks = [
            Facility(enterprise=row, kind="tank", code="T", name="罐", region=TOWN, organisation=row.code)
            for row in Enterprise.objects.filter(code__in=[row.code for row in rows])
        ]
        Facility.objects.bulk_create(tanks)
        made = Facility.objects.filter(organisation__in=[row.code for row in rows])
        return [weigh(tank, 4, f"alarm:{tank.pk}") for tank in made]

    def asked(weighs):
        with CaptureQueriesContext(connection, ) as questions:  # fmt: skip
            weigh_all(weighs, at=NOW)
        return len(questions)

    asked(fill(range(1)))
    few, many = asked(fill(range(1, 4))), asked(fill(range(4, 40)))
    assert many == few
    reckon_all(NOW)
    for minutes, count in ((10, 3), (20, 30)):
        rows = Standing.objects.exclude(scope="region").order_by("pk")[:count]
        Standing.objects.filter(pk__in=[row.pk for row in rows]).update(stale=True)
        with CaptureQueriesContext(connection) as questions:
            renew(NOW + timedelta(minutes=minutes))
        assert len(questions) <= 20, [one["sql"][:90] for one in questions]


def test_killed_between_two_batches_it_begins_where_it_stopped(tank):
    weigh_all([weigh(tank, 2)], at=NOW)
    first = renew(NOW)
    assert first > 0
    assert renew(NOW) == 0
