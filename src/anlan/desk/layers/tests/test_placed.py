"""The query itself, on a table made for the test: `desk` has no placed row of its own."""

import numpy as np
import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from anlan.desk.layers import cells
from anlan.desk.layers.placed import Placed, inside, with_cells, within
from anlan.desk.layers.shapes import Circle, distances, parse

with isolate_apps("anlan.desk.layers"):  # known to this test alone: no migration, no glossary

    class Well(Placed):
        name = models.CharField(max_length=32)

        class Meta:
            app_label = "layers"


@pytest.fixture
def wells(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(Well)
    yield Well.objects
    with connection.schema_editor() as editor:
        editor.delete_model(Well)


def test_a_saved_row_keeps_its_cell_also_when_only_its_place_is_saved(wells):
    well = wells.create(name="一号井", lon=114.3, lat=30.5)
    assert well.cell == cells.cell(114.3, 30.5)
    well.lat = 30.6
    well.save(update_fields=["lat"])
    assert wells.get().cell == cells.cell(114.3, 30.6)


def test_what_lies_inside_is_exact_sorted_and_one_query(wells):
    generator = np.random.default_rng(7)
    lon, lat = generator.uniform(114.2, 114.4, 3000), generator.uniform(30.4, 30.6, 3000)
    wells.bulk_create(
        with_cells(Well(name=str(n), lon=x, lat=y) for n, (x, y) in enumerate(zip(lon, lat, strict=True)))
    )
    wells.create(name="nowhere")
    circle = Circle(114.3, 30.5, 2500)
    expected = set(np.flatnonzero(distances(114.3, 30.5, lon, lat) <= 2500))
    with CaptureQueriesContext(connection) as queries:
        found = inside(wells.all(), circle, ("name",))
    assert len(queries) == 1
    assert {int(row[0]) for row in found.rows} == expected
    assert (np.diff(found.metres) >= 0).all()
    candidates = within(wells.all(), circle).count()
    assert len(expected) <= candidates <= 1.3 * len(expected)


def test_a_shape_where_nothing_lies_finds_nothing(wells):
    wells.create(name="一号井", lon=114.3, lat=30.5)
    assert len(inside(wells.all(), parse({"box": "100,20,101,21"}), ("name",))) == 0
