from datetime import UTC, datetime

import numpy as np
import pytest

from anlan.columns.page import unpack
from anlan.desk.layers.declare import LEVELS, Column, Layer, WrongLayer
from anlan.onemap import pages
from anlan.watch.devices.models import Device
from tests.cast import TOWN

LAYER = Layer(
    name="devices",
    title="设备",
    group="监测",
    permission="devices.see",
    queryset=lambda user: Device.objects.all(),
    symbol="profile",
    legend=LEVELS,
    columns={
        "profile": Column("profile", "类型"),
        "status": Column("status", words={"offline": "离线", "online": "在线"}),
    },
)


@pytest.fixture
def devices(db):
    for number, lon in enumerate((115.8, 115.81)):
        Device.objects.create(
            code=f"LT-{number}",
            name=f"{number}号",
            profile="tank_level",
            region=TOWN,
            lon=lon,
            lat=28.7,
            status="online",
        )
    return Device.objects.all()


def test_a_page_holds_places_to_the_centimetre_marks_keys_and_columns(devices):
    columns, meta = unpack(pages.columns_page(LAYER, devices))
    assert np.allclose(columns["position"] * meta["scale"], [[115.8, 28.7], [115.81, 28.7]], atol=1e-7)
    assert columns["mark"].tolist() == [4, 4]
    assert columns["id"].tolist() == list(devices.order_by("pk").values_list("pk", flat=True))
    assert columns["status"].tolist() == [1, 1]
    assert meta["values"] == {"profile": ["tank_level"]}


def test_a_layer_without_rows_is_a_page_without_rows(db):
    columns, _meta = unpack(pages.columns_page(LAYER, Device.objects.all()))
    assert columns["mark"].size == 0


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([1, 2, 3], "<i4", [1, 2, 3]),
        ([1, None, 3], "<f4", [1, np.nan, 3]),
        ([2**40, 1], "<f4", [2**40, 1]),
        ([1.5, None], "<f4", [1.5, np.nan]),
        ([True, False], "<i4", [1, 0]),
        ([datetime(2026, 3, 2, tzinfo=UTC), None], "<f8", [1772409600, np.nan]),
        (["b", None, "a"], "|u1", [1, 255, 0]),
        ([], "<f4", []),
    ],
)
def test_values_become_numbers_and_nothing_becomes_nan(values, dtype, expected):
    array, _words = pages.encode(LAYER, "x", Column("x"), values)
    assert array.dtype.str == dtype
    assert np.array_equal(array.astype(float), np.array(expected, dtype=float), equal_nan=True)


def test_a_column_of_free_text_is_refused():
    with pytest.raises(WrongLayer, match="send a code instead"):
        pages.encode(LAYER, "x", Column("x"), [str(number) for number in range(65_001)])
