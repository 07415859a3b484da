"""Outlines of regions: GeoJSON in, converted to WGS 84, matched by division code, kept whole and as a sketch."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone
from pyproj import Geod
from shapely.geometry import shape

from anlan.desk.access.regions import prefix
from anlan.desk.audit.chain import Act, append
from anlan.know.places.datum import Datum, datum_of, to_wgs84
from anlan.know.places.divisions import Oddity
from anlan.know.places.models import Boundary, Region
from anlan.know.places.reports import Report

CODE_PROPERTIES = ("adcode", "code", "区划代码", "gb", "id")
NAME_PROPERTIES = ("district", "city", "province", "name", "名称")
TOLERANCE = {2: 0.01, 4: 0.003, 6: 0.001, 9: 0.0002, 12: 0.00005, 15: 0.0}
"""Degrees by which a sketch may leave the outline, by level: about one pixel where such regions fill a screen."""
DECIMALS = 6
EARTH = Geod(ellps="GRS80")


class NotBoundaries(ValueError):
    """The file holds no GeoJSON outlines; the text says what is wrong and what is expected."""


@dataclass(frozen=True)
class Outline:
    """One outline in WGS 84 with the code and name its file gives."""

    code: str
    name: str
    shape: shapely.Geometry


def import_boundaries(file: Path | str, datum: str = "wgs84", source: str = "") -> Report:
    """Outlines of one GeoJSON file onto the regions of the same code. Errors: NotBoundaries, datum.UnknownDatum.

    Outlines whose code is no region here are named in the report; the rest is kept.
    """
    file, datum = Path(file), datum_of(datum)
    report = Report(f"边界导入：{file.name}")
    outlines = read(file, datum, report)
    if datum in (Datum.GCJ02, Datum.BD09):
        report.notes.append(f"坐标已由 {datum.upper()} 换算为 WGS 84")
    put(outlines, report, datum=datum, source=source or file.name)
    return report


def read(file: Path, datum: Datum, report: Report) -> list[Outline]:
    """The outlines of a file, each bad feature refused with its number and reason."""
    try:
        features = json.loads(file.read_text(encoding="utf-8-sig"))["features"]
        assert isinstance(features, list)
    except (ValueError, KeyError, TypeError, AssertionError):
        raise NotBoundaries(f"{file} is not a GeoJSON FeatureCollection; export the boundaries as GeoJSON") from None
    report.files[file.name] = len(features)
    outlines = []
    for number, feature in enumerate(features, start=1):
        try:
            outlines.append(_outline(feature, datum))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, shapely.errors.ShapelyError) as wrong:
            report.refused.append(f"第 {number} 个要素：{wrong}")
    return outlines


def _outline(feature: Mapping, datum: Datum) -> Outline:
    properties = feature.get("properties") or {}
    code = next((str(properties[key]) for key in CODE_PROPERTIES if properties.get(key)), "")
    if not code:
        raise ValueError(f"没有区划代码，应有属性 {'、'.join(CODE_PROPERTIES)} 之一")
    geometry = feature.get("geometry") or {}
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"几何类型为 {geometry.get('type')}，应为 Polygon 或 MultiPolygon")
    outline = shapely.force_2d(shape(geometry))
    if outline.is_empty:
        raise ValueError("几何为空")
    name = next((str(properties[key]) for key in NAME_PROPERTIES if properties.get(key)), "")
    return Outline(prefix(code), name, in_wgs84(outline, datum))


def in_wgs84(outline: shapely.Geometry, datum: Datum | str) -> shapely.Geometry:
    """The same outline in WGS 84; shared corners stay shared, since equal places convert equally."""
    return shapely.transform(outline, lambda places: np.column_stack(to_wgs84(datum, places[:, 0], places[:, 1])))


@transaction.atomic
def put(outlines: Iterable[Outline], report: Report, datum: str = "wgs84", source: str = "") -> None:
    """Keeps the outlines, and each region's centre and area, in one transaction; recorded as one act."""
    outlines = {outline.code: outline for outline in outlines}
    regions = {region.code: region for region in Region.objects.filter(code__in=outlines)}
    for code in sorted(set(outlines) - set(regions)):
        report.oddities.append(Oddity("没有对应的区划", code, outlines[code].name))
    matched = [outlines[code] for code in sorted(regions)]
    mended = _mend(matched, report)
    sketches = _sketches(matched, mended)
    had = set(Boundary.objects.filter(region__in=regions.values()).values_list("region_id", flat=True))
    kept = []
    for outline, whole, sketch in zip(matched, mended, sketches, strict=True):
        region = regions[outline.code]
        _compare_names(region, outline, report)
        _measure(region, whole)
        kept.append(_boundary(region, whole, sketch, str(datum), source))
    Boundary.objects.filter(region_id__in=had).delete()
    Boundary.objects.bulk_create(kept, batch_size=500)
    Region.objects.bulk_update(regions.values(), ["lon", "lat", "area_km2", "changed_at"], batch_size=200)
    report.changed += len(had)
    report.created += len(kept) - len(had)
    append(
        Act(
            action="places.boundaries",
            words=report.title,
            data={"kept": len(kept), "datum": str(datum), "source": source},
        )
    )


def _mend(outlines: list[Outline], report: Report) -> list[shapely.Geometry]:
    mended = []
    for outline in outlines:
        whole = outline.shape
        if not whole.is_valid:
            reason = shapely.is_valid_reason(whole)
            report.oddities.append(Oddity("已修复的边界", outline.code, f"{outline.name}：{reason}"))
            whole = shapely.union_all([part for part in shapely.get_parts(shapely.make_valid(whole)) if part.area > 0])
        mended.append(whole)
    return mended


def _sketches(outlines: list[Outline], mended: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Each level as one coverage, so that neighbours still share their simplified edge; singly where they overlap."""
    sketches = list(mended)
    for level, tolerance in TOLERANCE.items():
        places = [index for index, outline in enumerate(outlines) if len(outline.code) == level]
        shapes = np.array([mended[index] for index in places], dtype=object)
        if not len(places) or not tolerance:
            continue
        if shapely.coverage_is_valid(shapes):
            simple = shapely.coverage_simplify(shapes, tolerance)
        else:
            simple = shapely.simplify(shapes, tolerance)
        for index, sketch in zip(places, simple, strict=True):
            sketches[index] = sketch if not sketch.is_empty else mended[index]
    return sketches


def _compare_names(region: Region, outline: Outline, report: Report) -> None:
    if outline.name and outline.name not in (region.name, region.short_name):
        report.oddities.append(Oddity("名称不一致", region.code, f"区划表“{region.name}”，边界文件“{outline.name}”"))


def _measure(region: Region, whole: shapely.Geometry) -> None:
    """Centre (a place surely inside, for the label) and area along the ellipsoid."""
    inside = shapely.maximum_inscribed_circle(whole).coords[0] if whole.area else whole.centroid.coords[0]
    region.lon, region.lat = (round(degree, DECIMALS) for degree in inside)
    region.area_km2 = round(abs(EARTH.geometry_area_perimeter(shapely.orient_polygons(whole))[0]) / 1e6, 4)
    region.changed_at = timezone.now()


def _boundary(region: Region, whole, sketch, datum: str, source: str) -> Boundary:
    west, south, east, north = whole.bounds
    return Boundary(
        region=region,
        outline=text_of(whole),
        sketch=text_of(sketch),
        west=west,
        south=south,
        east=east,
        north=north,
        datum=datum,
        source=source,
    )


def text_of(geometry: shapely.Geometry) -> str:
    """GeoJSON with six decimals (0.1 m), which is finer than any boundary is known."""
    return shapely.to_geojson(shapely.transform(geometry, lambda places: np.round(places, DECIMALS)))
