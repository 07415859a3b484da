"""The plans' own tables, recomputed. The figures are those of tests/plans.yaml."""

from pathlib import Path

import pytest
import yaml

from anlan.desk.figures import formula
from anlan.desk.measures.declare import measures
from anlan.desk.measures.judging import Goal, change, judge

PLANS = yaml.safe_load((Path(__file__).parent / "plans.yaml").read_text(encoding="utf-8"))


def name(row):
    return row.get("measure") or row["source"]


@pytest.mark.parametrize("row", PLANS["results"]["rows"], ids=name)
def test_the_result_of_a_plan_is_recomputed_and_judged(row):
    table = PLANS["results"]
    goal = Goal(
        kind="fall", value=row["fall"], last_year=table["last_year"], base=row["base"], base_year=table["base_year"]
    )
    assert change(row["base"], row["actual"]) == pytest.approx(row["change"], abs=0.005)
    assert goal.limit == pytest.approx(row["limit"])
    assert judge(goal, row["actual"], table["last_year"]).colour == ("green" if row["met"] else "red")
    assert row["measure"] in measures()


def test_a_value_counted_another_way_is_not_judged_against_the_base():
    goal = Goal(kind="fall", value=10, last_year=2020, base=125, base_year=2015)
    verdict = judge(goal, 167, 2020, comparable=False)
    assert verdict.colour == "grey" and "口径" in str(verdict.reason)


@pytest.mark.parametrize("row", PLANS["falls"], ids=name)
def test_a_fall_comes_to_the_limit_of_the_plan(row):
    assert Goal(kind="fall", value=row["fall"], last_year=2025, base=row["base"]).limit == pytest.approx(row["limit"])


@pytest.mark.parametrize("row", PLANS["limits"], ids=name)
def test_a_limit_passes_on_its_side_and_fails_on_the_other(row):
    goal = Goal(kind=row["kind"], value=row["value"], strict=row["strict"], last_year=2025)
    assert judge(goal, row["passes"], 2025).colour in ("green", "amber")
    assert judge(goal, row["fails"], 2025).colour == "red"


def test_two_deaths_in_five_years_among_530_000_people_pass_and_three_fail():
    text = measures()["disaster_deaths_per_million"].formula
    rates = [
        formula.evaluate(text, {"disaster_deaths": dead, "years": 5.0, "population": 530_000}).value for dead in (2, 3)
    ]
    assert rates == [pytest.approx(0.755, abs=0.001), pytest.approx(1.132, abs=0.001)]
    goal = Goal(kind="ceiling", value=0.9, strict=True, last_year=2025)
    assert [judge(goal, rate, 2025).colour for rate in rates] == ["green", "red"]


def test_more_than_212_firefighters_for_530_000_people():
    text = measures()["fire_staff_share"].formula
    goal = Goal(kind="floor", value=0.4, strict=True, last_year=2025)
    shares = [formula.evaluate(text, {"fire_staff": staff, "population": 530_000}).value for staff in (212, 213)]
    assert [judge(goal, share, 2025).colour for share in shares] == ["red", "green"]


def test_deaths_and_their_rate_imply_a_growth_that_can_be_checked():
    row = PLANS["changes"][0]
    growth = (1 + row["deaths"] / 100) / (1 + row["rate"] / 100)
    assert row["gdp_low"] <= growth <= row["gdp_high"]
    # Table 1 of Nanchang implies a GDP that shrank by 5.7 %: rows 2 and 4 cannot share their numerators.
    assert change(234 / 0.065, 129 / 0.038) == pytest.approx(-5.7, abs=0.05)
