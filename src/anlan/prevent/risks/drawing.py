"""The verbs of the floor plan: keep one, draw a zone on it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.documents.actions import add
from anlan.desk.notices.live import announce
from anlan.know.facilities.geometry import WrongGeometry, middle, parse
from anlan.prevent.risks import editions, floors
from anlan.prevent.risks.influences import tell_pages
from anlan.prevent.risks.models import FloorPlan, Point


@transaction.atomic
def save_plan(user, plan: FloorPlan, *, image=None, drawing=None) -> FloorPlan:
    """Adds or changes a plan. `image`: a picture file; `drawing`: a DXF or GeoJSON file. One of them is needed."""
    plan.organisation, plan.region = plan.enterprise.code, plan.enterprise.region
    require(user, "risks.change", plan)
    plan.corners = [list(corner) for corner in floors.corners(plan.corners)]
    if image is not None:
        plan.image = add(user, image, region=plan.region, organisation=plan.organisation)
        if not plan.image.media_type.startswith("image/"):
            raise ValidationError({"picture": _("平面图应为图片（PNG、JPEG 或 WebP）。")})
    if drawing is not None:
        plan.drawing = _read(drawing, plan.corners)
    if plan.image is None and plan.drawing is None:
        raise ValidationError(_("请上传一张图片，或一个 DXF、GeoJSON 文件。"))
    plan.full_clean()
    plan.save()
    _record(plan, "risks.plan")
    announce("risks", [], plan.region, plan.organisation)
    return plan


def _read(file, placed) -> dict:
    if file.size > floors.MOST_BYTES:
        raise ValidationError({"drawn": _("文件超过 20 MB，请先简化。")})
    data = file.read()
    if file.name.lower().endswith(".dxf"):
        return floors.read_dxf(data, placed)
    return floors.read_geojson(data)


@transaction.atomic
def draw_zone(user, point: Point, plan: FloorPlan, on_page: list) -> Point:
    """The zone of a point, drawn on the page of the plan and kept in WGS 84, so that the one map shows it too."""
    held = Point.objects.select_for_update().get(pk=point.pk)
    require(user, "risks.change", held)
    if held.enterprise_id != plan.enterprise_id:
        raise ValidationError(_("这个风险点不属于本平面图的企业。"))
    editions.keep(held, user, _("在平面图上划定区域"))
    if on_page:
        held.geometry, (held.lon, held.lat) = _zone(plan, on_page)
        held.plan = plan
    else:
        held.geometry, held.plan = None, None
    held.save()
    _record(plan, "risks.zone", held.name)
    tell_pages([held])
    return held


def _zone(plan: FloorPlan, on_page: list) -> tuple[dict, tuple[float, float]]:
    try:
        points = [(float(x), float(y)) for x, y in on_page]
    except (TypeError, ValueError):
        raise ValidationError(_("区域应是一串 [x, y]。")) from None
    if not 3 <= len(points) <= 100:
        raise ValidationError(_("区域至少 3 个角，至多 100 个角。"))
    ring = floors.Page(tuple(map(tuple, plan.corners))).to_map(points)
    zone = {"type": "Polygon", "coordinates": [[list(place) for place in (*ring, ring[0])]]}
    try:
        return zone, middle(parse(zone))
    except WrongGeometry as wrong:
        raise ValidationError(_("区域的边界相交或过小：%(reason)s") % {"reason": wrong}) from None


def _record(plan: FloorPlan, action: str, words: str = "") -> None:
    append(
        Act(
            action=action,
            subject=f"floor-plan:{plan.pk}",
            region=plan.region,
            organisation=plan.organisation,
            words=words or plan.title,
        )
    )
