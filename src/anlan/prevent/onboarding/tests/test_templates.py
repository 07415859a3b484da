import pytest

from anlan.know.enterprises.categories import all_categories
from anlan.prevent.onboarding.declare import faults, templates
from anlan.standards.accidents import gb6441


def test_there_are_six_sectors_and_each_says_where_it_comes_from():
    assert len(templates()) >= 6
    assert all(one.source and one.status and str(one.about) for one in templates().values())


@pytest.mark.parametrize("code", list(templates()))
def test_every_template_names_only_posts_categories_and_accidents_that_exist(code):
    template = templates()[code]
    assert faults(template) == [] and set(template.categories) <= set(all_categories())
    table = open_codes()
    for point in template.points:
        assert point.handling and point.gravest in (1, 2, 3, 4)
        for event in point.events:
            assert set(event.types) <= table and event.controls


@pytest.mark.parametrize("code", list(templates()))
def test_every_control_can_be_checked_by_somebody_at_some_time(code):
    for point in templates()[code].points:
        for control in point.controls:
            assert control.check and control.post and control.every > 0


def open_codes() -> set[str]:
    import csv
    from pathlib import Path

    with Path(gb6441.__file__).with_name("gb6441_2025.csv").open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file)}
