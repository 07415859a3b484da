from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.audit.models import Entry
from anlan.desk.figures.declare import Figure
from anlan.desk.measures import actions, gathering, standing
from anlan.desk.measures.actions import Goal, Number
from anlan.desk.measures.computing import compute, renew
from anlan.desk.measures.declare import measures
from anlan.desk.measures.gathering import find
from anlan.desk.measures.models import FigureValue, MeasureValue, Target
from anlan.desk.measures.periods import read
from tests.cast import BUREAU, DISTRICT, NEIGHBOUR, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db):
    """The one who keeps the statistics of the district."""
    user = User.objects.create(username="clerk", name="何静")
    Post.objects.create(user=user, role="statistician", organisation=BUREAU, region=DISTRICT)
    return user


def enter(user, figure, period, value, region=DISTRICT):
    return actions.enter(user, Number(figure=figure, region=region, period=period, value=value, source="统计公报"))


def test_a_rate_is_computed_and_explains_itself(clerk):
    enter(clerk, "deaths", "2025", 6)
    enter(clerk, "gdp", "2025", 150)
    row = compute(measures()["deaths_per_gdp"], DISTRICT, read("2025"))
    assert row.value == pytest.approx(0.04)
    assert row.tree["figures"]["gdp"]["parts"] == [{"title": "2025", "value": 150.0, "source": "统计公报"}]


def test_entering_computes_by_itself(clerk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enter(clerk, "deaths", "2025", 6)
        enter(clerk, "gdp", "2025", 150)
    assert MeasureValue.objects.get(measure="deaths_per_gdp", region=DISTRICT, start="2025-01-01").value == 0.04


def test_without_the_divisor_there_is_no_value_but_a_reason(clerk):
    enter(clerk, "deaths", "2025", 6)
    measure = measures()["deaths_per_gdp"]
    assert "地区生产总值" in compute(measure, DISTRICT, read("2025")).reason
    enter(clerk, "gdp", "2025", 0)
    row = compute(measure, DISTRICT, read("2025"))
    assert row.value is None and "除数为零" in row.reason


def test_towns_add_up_to_the_district_unless_it_has_its_own_number(clerk):
    enter(clerk, "deaths", "2025", 2, TOWN)
    enter(clerk, "deaths", "2025", 3, OTHER_TOWN)
    enter(clerk, "deaths", "2025", 9, TOWN + "001")  # below a town that has its own: not counted twice
    found = find("deaths", DISTRICT, read("2025"))
    assert (found.value, found.how, [part["title"] for part in found.parts]) == (5, "summed", [TOWN, OTHER_TOWN])
    enter(clerk, "deaths", "2025", 6)
    assert find("deaths", DISTRICT, read("2025")).value == 6


def test_months_fill_a_year_by_sum_mean_or_last(clerk):
    for month in range(1, 13):
        enter(clerk, "deaths", f"2025-{month:02}", 1)
    enter(clerk, "vehicles", "2025-Q1", 100), enter(clerk, "vehicles", "2025-Q2", 200)
    enter(clerk, "vehicles", "2025-Q3", 300), enter(clerk, "vehicles", "2025-Q4", 400)
    for quarter, staff in enumerate((5, 6, 7, 8), 1):
        enter(clerk, "fire_staff", f"2025-Q{quarter}", staff)
    year = read("2025")
    assert [find(name, DISTRICT, year).value for name in ("deaths", "vehicles", "fire_staff")] == [12, 250, 8]


def test_a_missing_month_gives_no_year(clerk):
    for month in range(1, 12):
        enter(clerk, "deaths", f"2025-{month:02}", 1)
    found = find("deaths", DISTRICT, read("2025"))
    assert found.value is None and "2025" in found.reason


def test_numbers_of_two_calibres_are_never_added(clerk):
    for year in range(2015, 2017):
        enter(clerk, "accidents", str(year), 100)
    whole = read("2011-2015")
    for year in range(2011, 2015):
        enter(clerk, "accidents", str(year), 100)
    assert find("accidents", DISTRICT, whole).value == 500
    for year in range(2016, 2021):
        FigureValue.objects.filter(figure="accidents", start__year=year).delete()
    for month in range(1, 13):
        enter(clerk, "accidents", f"2016-{month:02}", 8)
    assert find("accidents", DISTRICT, read("2016")).calibre.year == 2016


def test_across_a_change_of_calibre_nothing_is_compared(clerk):
    enter(clerk, "accidents", "2015", 125), enter(clerk, "accidents", "2016", 167)
    measure = measures()["accidents_count"]
    values = [compute(measure, DISTRICT, read(year)) for year in ("2015", "2016")]
    stood = standing.stand(measure, read("2016"), values, [])
    assert stood.change is None and "口径" in stood.change_reason


def test_a_target_is_judged_by_the_computed_base(clerk, django_capture_on_commit_callbacks):
    enter(clerk, "deaths", "2020", 100), enter(clerk, "deaths", "2023", 95)
    goal = Goal(
        measure="deaths_count", region=DISTRICT, kind="fall", value=20, first_year=2021, last_year=2025,
        base_year=2020, source="规划",
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_target(clerk, goal)
    values = list(MeasureValue.objects.filter(region=DISTRICT))
    stood = standing.stand(measures()["deaths_count"], read("2023"), values, list(Target.objects.all()))
    assert (stood.verdict.colour, stood.verdict.limit, stood.verdict.path) == ("amber", 80.0, 88.0)


def test_a_figure_of_a_capability_is_asked_for_the_period_and_the_region(monkeypatch):
    asked = []

    def count(start, end, region):
        asked.append((str(start), str(end), region))
        return {TOWN: 2, OTHER_TOWN: 3}

    monkeypatch.setattr(gathering, "figures", lambda: {"hazards_open": Figure("hazards.open", "隐患", "1", count)})
    found = find("hazards_open", DISTRICT, read("2025-Q3"))
    assert (found.value, asked) == (5, [("2025-07-01", "2025-10-01", DISTRICT)])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"figure": "luck"}, "figure"),
        ({"period": "last year"}, "period"),
        ({"value": float("nan")}, "value"),
        ({"value": -1}, "value"),
        ({"value": 1.5}, "value"),
        ({"source": " "}, "source"),
        ({"region": "here"}, "region"),
    ],
)
def test_each_wrong_entry_is_named_at_its_field(clerk, change, field):
    given = {"figure": "deaths", "region": DISTRICT, "period": "2025", "value": 1, "source": "公报"}
    with pytest.raises(ValidationError) as refused:
        actions.enter(clerk, Number(**given | change))
    assert field in refused.value.message_dict and not FigureValue.objects.exists()


def test_a_correction_keeps_the_old_number_in_the_audit_chain_and_a_stale_one_is_refused(clerk):
    row = enter(clerk, "deaths", "2025", 6)
    number = Number(figure="deaths", region=DISTRICT, period="2025", value=7, source="更正公报")
    actions.enter(clerk, number, row, row.version)
    with pytest.raises(ValidationError, match="另一人"):
        actions.enter(clerk, number, row, row.version)
    with pytest.raises(ValidationError, match="已有数值"):
        enter(clerk, "deaths", "2025", 8)
    assert '"value":6.0' in Entry.objects.filter(action="measures.enter").last().data
    assert list(verify()) == []


@pytest.mark.parametrize("part", ["duty", "leader", "town_officer", "manager", "neighbour_duty", "stranger"])
def test_whoever_does_not_keep_the_statistics_enters_nothing(cast, part):
    with pytest.raises(Refused):
        enter(getattr(cast, part), "deaths", "2025", 1)
    goal = {"measure": "deaths_count", "region": DISTRICT, "kind": "fall", "value": 1, "source": "规划"}
    with pytest.raises(Refused):
        actions.set_target(getattr(cast, part), Goal(**goal, first_year=2021, last_year=2025))


def test_the_clerk_enters_nothing_for_the_neighbour(clerk):
    with pytest.raises(Refused):
        enter(clerk, "deaths", "2025", 1, NEIGHBOUR)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"measure": "joy"}, "measure"),
        ({"kind": "wish"}, "kind"),
        ({"value": 120}, "value"),
        ({"last_year": 2020}, "last_year"),
        ({"base_year": 2025}, "base_year"),
        ({"source": ""}, "source"),
    ],
)
def test_each_wrong_target_is_named_at_its_field(clerk, change, field):
    given = {"measure": "deaths_count", "region": DISTRICT, "kind": "fall", "value": 10, "source": "规划"}
    given |= {"first_year": 2021, "last_year": 2025, "base_year": 2020}
    with pytest.raises(ValidationError) as refused:
        actions.set_target(clerk, Goal(**given | change))
    assert field in refused.value.message_dict


def test_the_regular_run_renews_every_measure_of_the_kept_regions(clerk):
    enter(clerk, "deaths", "2025", 6)
    now = datetime(2026, 11, 24, tzinfo=UTC)
    first = renew(now)
    assert first == renew(now) == MeasureValue.objects.count()
    assert MeasureValue.objects.get(measure="deaths_count", start="2025-01-01").value == 6
    assert set(MeasureValue.objects.values_list("region", flat=True)) == {DISTRICT}


def test_the_board_and_the_page_of_a_measure_show_the_value_its_verdict_and_its_explanation(cast, clerk, signed_in):
    enter(clerk, "deaths", "2025", 6), enter(clerk, "gdp", "2025", 150)
    compute(measures()["deaths_per_gdp"], DISTRICT, read("2025"))
    board = signed_in(cast.leader).get("/measures/?year=2025")
    assert "0.040" in board.text and "人/亿元" in board.text
    page = signed_in(cast.leader).get("/measures/deaths_per_gdp/?year=2025")
    assert "统计公报" in page.text and "trend-data" in page.text and "待核对" in page.text


def test_the_board_of_another_region_is_closed_and_nonsense_does_not_exist(cast, signed_in):
    client = signed_in(cast.leader)
    assert client.get(f"/measures/?region={NEIGHBOUR}").status_code == 403
    assert client.get("/measures/?region=drop").status_code == 404
    assert client.get("/measures/no_such_measure/").status_code == 404
    assert client.post("/measures/renew/", {"region": DISTRICT}).status_code == 403
    assert signed_in(cast.manager).get("/measures/").status_code == 403


def test_whoever_keeps_the_statistics_may_have_them_computed_anew(clerk, signed_in):
    answer = signed_in(clerk).post("/measures/renew/", {"region": DISTRICT, "year": "2025"})
    assert answer.status_code == 302 and MeasureValue.objects.filter(region=DISTRICT).exists()


def test_figures_that_came_by_another_way_are_computed_by_the_regular_run(clerk):
    year = read("2019")
    FigureValue.objects.create(figure="deaths", region=DISTRICT, start=year.start, end=year.end, value=4, source="导入")
    renew(datetime(2026, 11, 24, tzinfo=UTC))
    assert MeasureValue.objects.get(measure="deaths_count", start=year.start).value == 4


def test_a_reason_is_told_in_the_language_of_the_reader(cast, clerk, signed_in):
    enter(clerk, "deaths", "2025", 6)
    compute(measures()["deaths_per_gdp"], DISTRICT, read("2025"))
    client = signed_in(cast.leader)
    page = client.get("/measures/?year=2025", headers={"Accept-Language": "en"})
    assert "Gross domestic product: no value for 2025" in page.text
