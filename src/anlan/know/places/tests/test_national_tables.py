"""The national division tables, when they lie beside the checkout."""

from pathlib import Path

import pytest

from anlan.know.places.boundaries import import_boundaries
from anlan.know.places.loading import import_regions
from anlan.know.places.locate import region_at
from anlan.know.places.models import Region

TABLES = Path(__file__).resolve().parents[6] / "shared" / "data" / "admin"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not TABLES.exists(), reason="not tried: the national division tables are not on this machine"),
]


def test_the_national_tables_are_complete():
    report = import_regions(TABLES)
    assert list(report.files.values()) == [34, 337, 2846, 41278]
    assert (report.created, report.refused) == (44495, [])
    assert Region.objects.filter(parent=None).count() == 34
    counts = {what: len(found) for what, found in report.by_kind.items()}
    assert counts["不设地级"] == 86 and counts["缺县级行"] == 748 and counts["占位行（省直辖县级）"] == 4
    city = import_boundaries(TABLES / "wuhan_districts.geojson", "gcj02")
    assert (city.created, city.oddities, city.refused) == (14, [], [])
    assert Region.objects.get(code="4201").area_km2 == pytest.approx(8569, rel=0.01), "square kilometres as published"
    assert region_at(114.2986, 30.5844).name == "江岸区"
    assert region_at(100.0, 30.0) is None
