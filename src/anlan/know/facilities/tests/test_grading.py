"""The level of an installation, from what its facility says it may hold."""

from datetime import date

import pytest

from anlan.know.facilities.grading import graded
from anlan.know.facilities.models import Facility
from tests.cast import ENTERPRISE_A, TOWN

DAY = date(2026, 11, 24)
CHLORINE = {"substances": [{"name": "液氯", "quantity_t": 12}], "residents": 100}


def test_an_installation_is_graded_by_what_it_may_hold_and_a_difference_is_told():
    # 12 t / 5 t = 2.4; beta 4; alpha 2: R = 19.2, level 3
    assert graded(CHLORINE, 3, DAY).finding["value"] == 3
    assert not graded(CHLORINE, 3, DAY).differs
    assert graded(CHLORINE, 4, DAY).differs and graded(CHLORINE, None, DAY).differs


def test_what_the_standard_does_not_know_is_said_and_what_is_missing_shows_nothing():
    strange = {"substances": [{"name": "水", "quantity_t": 1}], "residents": 0}
    assert "表2" in graded(strange, None, DAY).refused.zh
    for attributes in (
        {},
        {"substances": []},
        {"substances": "液氯", "residents": 1},
        {"substances": [{}], "residents": 1},
    ):
        assert graded(attributes, None, DAY) is None


@pytest.mark.django_db
def test_the_page_of_a_facility_explains_its_level(cast, signed_in):
    facility = Facility.objects.create(
        name="氯化装置", code="R-1", kind="reactor", region=TOWN, organisation=ENTERPRISE_A, lon=115.9, lat=28.7,
        hazard_level=4, attributes=CHLORINE,
    )  # fmt: skip
    page = signed_in(cast.inspector).get(f"/facilities/{facility.pk}/").content.decode()
    assert "19.2" in page and "GB 18218-2018 表3" in page and "与登记的不同" in page
