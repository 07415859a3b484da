"""Trend, analysis, and the reports made of the same figures."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from anlan.desk.cases.actions import NewCase, open_case, take
from anlan.desk.cases.models import Case
from anlan.desk.documents.gates import readable
from anlan.desk.notices.models import Notice
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.places.models import Region
from anlan.watch.warnings import analysis
from anlan.watch.warnings.models import Report
from anlan.watch.warnings.reports import lines, make, make_due, rows_of
from tests.cast import DISTRICT, ENTERPRISE_A, TOWN

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def enterprise(cast) -> Enterprise:
    cast.all()
    Region.objects.create(code=DISTRICT, name="云汀区", level=Region.Level.COUNTY)
    enterprise = Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工", region=TOWN)
    RegulatedAs.objects.create(enterprise=enterprise, code="hazchem_production")
    return enterprise


def warning(at: datetime, level: int, **other) -> Case:
    case, _new = open_case(
        NewCase(
            kind="warnings.warning", title="液位高", region=TOWN, organisation=ENTERPRISE_A, level=level, opened_at=at,
            **other,
        )
    )  # fmt: skip
    return case


def test_a_day_is_counted_beside_the_day_before(enterprise):
    warning(NOON, 1), warning(NOON, 3), warning(NOON - timedelta(days=1), 3)
    found = analysis.compared(rows_of(DISTRICT, ""), DAY, DAY)
    assert (found["now"]["opened"], found["before"]["opened"], found["difference"]["opened"]) == (2, 1, 1)
    assert found["now"]["levels"] == {"1": 1, "2": 0, "3": 1, "4": 0}
    assert found["now"]["open_at_end"] == 3
    assert found["now"]["sectors"] == [("hazchem_production", 2)]


def test_a_day_begins_at_midnight_of_the_region(enterprise):
    warning(datetime(2026, 3, 1, 16, 30, tzinfo=UTC), 3)  # half past midnight in the region's zone
    assert analysis.figures(rows_of(DISTRICT, ""), DAY, DAY)["opened"] == 1


def test_what_is_not_known_is_no_nought(enterprise):
    found = analysis.compared(rows_of(DISTRICT, ""), DAY, DAY)
    assert found["now"]["confirm_minutes"] is None
    assert found["difference"]["confirm_minutes"] is None


def test_a_month_is_compared_with_the_month_before_and_a_week_with_the_week_before():
    assert analysis.before(date(2026, 3, 1), date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert analysis.before(date(2026, 3, 8), date(2026, 3, 14)) == (date(2026, 3, 1), date(2026, 3, 7))
    assert analysis.before(DAY, DAY) == (date(2026, 3, 1), date(2026, 3, 1))


def test_minutes_are_those_from_opening_to_each_step(enterprise, cast):
    opened = timezone.now() - timedelta(minutes=12)
    take(warning(opened, 3), "confirm", cast.duty)
    day = timezone.localdate(opened)
    assert analysis.figures(rows_of(DISTRICT, ""), day, day)["confirm_minutes"] == pytest.approx(12, abs=0.5)


def test_exercises_are_left_out(enterprise):
    warning(NOON, 1, exercise=True)
    assert analysis.figures(rows_of(DISTRICT, ""), DAY, DAY)["opened"] == 0


def test_the_day_after_county_and_enterprise_have_their_reports_once_and_are_told(enterprise, cast):
    warning(NOON, 1)
    Notice.objects.all().delete()
    assert make_due(NOON + timedelta(days=1)) == 3, "two daily; early in the month the county's of the month before"
    assert make_due(NOON + timedelta(days=1)) == 0
    assert set(Notice.objects.filter(user=cast.duty).values_list("title", flat=True)) == {
        f"日报 YJRB-20260302-{DISTRICT}",
        f"月报 YJYB-20260201-{DISTRICT}",
    }


def test_a_report_is_numbered_kept_and_does_not_change(enterprise, cast):
    warning(NOON, 1)
    report = make(Report.Kind.DAY, DAY, DAY, TOWN, ENTERPRISE_A)
    assert report.number == f"YJRB-20260302-{ENTERPRISE_A}"
    assert readable(cast.manager, report.document_id).name == f"{report.number}.xlsx"
    before = lines(report)
    warning(NOON, 1)
    report.refresh_from_db()
    assert lines(report) == before
    told = set(Notice.objects.filter(key__contains="warning-report").values_list("user__username", flat=True))
    assert "manager" in told
    assert not told & {"duty", "other_manager", "neighbour_duty"}


def test_pages_of_analysis_and_reports_are_for_those_they_concern(enterprise, cast, signed_in):
    warning(NOON, 1)
    county = make(Report.Kind.DAY, DAY, DAY, DISTRICT)
    own = make(Report.Kind.DAY, DAY, DAY, TOWN, ENTERPRISE_A)
    assert "与上期比较" in signed_in(cast.duty).get(f"/warning-reports/{county.pk}/").content.decode()
    assert signed_in(cast.manager).get(f"/warning-reports/{own.pk}/").status_code == 200
    assert signed_in(cast.manager).get(f"/warning-reports/{county.pk}/").status_code == 404
    for address in ("/warnings/analysis/?days=7", "/warnings/analysis/?days=365&region=999901", "/indexes/"):
        assert signed_in(cast.duty).get(address).status_code == 200
    assert signed_in(cast.worker).get("/warnings/analysis/").status_code == 403


def test_the_whole_chain_of_a_warning_can_be_taken_away(enterprise, cast, signed_in):
    case = warning(NOON, 1)
    take(case, "confirm", cast.duty)
    assert signed_in(cast.duty).get(f"/warnings/chain/{case.pk}/?format=csv").status_code == 200
    assert signed_in(cast.neighbour_duty).get(f"/warnings/chain/{case.pk}/").status_code == 404
