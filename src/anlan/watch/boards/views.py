"""Pages of boards, and what they ask for again."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.columns import page
from anlan.desk.access.regions import prefix
from anlan.desk.access.standing import may, require
from anlan.desk.exchange.export import ExportColumn, export
from anlan.desk.pages.values import titles
from anlan.desk.wording.units import shown
from anlan.know.facilities import gates as facility_gates
from anlan.know.places import gates as place_gates
from anlan.know.places.models import DIGITS
from anlan.watch.alarms import gates as alarm_gates
from anlan.watch.boards import facilities, overviews, trends
from anlan.watch.boards.answering import answer, part
from anlan.watch.boards.pictures import pictures
from anlan.watch.devices import gates as device_gates
from anlan.watch.devices import past
from anlan.watch.warnings import gates as warning_gates

SEE = "devices.see"


@require_safe
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """The trend of one point; `with` lays others beside it."""
    seen = device_gates.points_seen_by(request.user)
    asked = get_object_or_404(seen.select_related("device__facility"), pk=pk)
    others = [one for one in trends.chosen(seen, request.GET.get("with", "")) if one.pk != pk]
    shown = [asked, *others[: trends.MOST_POINTS - 1]]
    days = request.GET.get("days", "1")
    context = {
        "title": f"{asked.device.name} {asked.title}",
        "point": asked,
        "shown": shown,
        "compared": {one.pk for one in shown},
        "neighbours": trends.neighbours(seen, asked),
        "limits": trends.limits([asked]),
        "days": ((1, _("一天")), (7, _("七天")), (31, _("一个月")), (365, _("一年"))),
        "chosen_days": int(days) if days in {"1", "7", "31", "365"} else 1,
        "may_export": may(request.user, "exchange.export"),
        "narrow": True,
    }
    return render(request, "boards/point.html", context)


@require_safe
def series(request: HttpRequest) -> HttpResponse:
    """The past of some points as one column page."""
    points = trends.chosen(device_gates.points_seen_by(request.user), request.GET.get("points", ""))
    try:
        window = past.window(request.GET)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    meta = {
        "points": [
            {"id": one.pk, "title": f"{one.device.name} {one.title}", "unit": str(shown(one.unit))} for one in points
        ]
    }
    return HttpResponse(page.pack(trends.read(points, *window), meta), content_type="application/octet-stream")


@require_safe
def marks(request: HttpRequest) -> HttpResponse:
    """What lies on the chart: limits, alarms, warnings."""
    points = trends.chosen(device_gates.points_seen_by(request.user), request.GET.get("points", ""))
    try:
        start, end, _rows = past.window({"rows": "1", **request.GET.dict()})
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    seen, opened = alarm_gates.seen_by(request.user), warning_gates.seen_by(request.user)
    return JsonResponse(trends.marks(seen, opened, points, start, end))


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The rows of the chart as CSV or XLSX: time, point, mean, lowest, highest, how many readings, whether doubtful."""
    require(request.user, "exchange.export")
    points = trends.chosen(device_gates.points_seen_by(request.user), request.GET.get("points", ""))
    try:
        start, end, rows = past.window(request.GET)
        found = trends.read(points, start, end, rows)
        called = {one.pk: one for one in points}
        table = zip(*(found[name].tolist() for name in trends.COLUMNS), strict=True)
        data = {"points": [one.pk for one in points], "start": start.isoformat(), "end": end.isoformat()}
        return export(request.user, "trend", table, _columns(called), request.GET.get("format", "csv"), data=data)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)


def _columns(called: dict) -> list[ExportColumn]:
    return [
        ExportColumn(_("时间"), lambda row: datetime.fromtimestamp(row[1] / 1e6, UTC), 20),
        ExportColumn(_("测点"), lambda row: f"{called[row[0]].device.name} {called[row[0]].title}", 28),
        ExportColumn(_("均值"), lambda row: round(row[3], 4)),
        ExportColumn(_("最低"), lambda row: round(row[2], 4)),
        ExportColumn(_("最高"), lambda row: round(row[4], 4)),
        ExportColumn(_("计量单位"), lambda row: shown(called[row[0]].unit)),
        ExportColumn(_("读数个数"), lambda row: row[5]),
        ExportColumn(_("存疑"), lambda row: bool(row[6])),
    ]


@require_safe
def facility(request: HttpRequest, pk: int) -> HttpResponse:
    """All points of a facility, live."""
    require(request.user, SEE)
    asked = get_object_or_404(facility_gates.seen_by(request.user).select_related("enterprise"), pk=pk)
    found = facilities.board(device_gates.points_seen_by(request.user), alarm_gates.safety(request.user), asked)
    standing = warning_gates.standings_seen_by(request.user).filter(facility=asked).first()
    context = {
        "title": asked.name,
        "facility": asked,
        "board": found,
        "newest": max((row.at for row in found.rows), default=0),
        "standing": standing,
        "pictures": pictures(request.user, asked),
        "narrow": True,
    }
    return render(request, "boards/facility.html", context)


@require_safe
def values(request: HttpRequest, pk: int) -> HttpResponse:
    """What is newer than the page has."""
    require(request.user, SEE)
    asked = get_object_or_404(facility_gates.seen_by(request.user), pk=pk)
    since = request.GET.get("since", "0")
    if not (since.isascii() and since.isdigit() and len(since) < 16):
        return JsonResponse({"error": _("since 须为毫秒数。")}, status=400)
    points = facilities.points_of(device_gates.points_seen_by(request.user), asked)[: facilities.MOST]
    return JsonResponse(facilities.changes(points, alarm_gates.safety(request.user), int(since)))


@require_safe
def sectors(request: HttpRequest) -> HttpResponse:
    """Each sector: devices on line, alarms and warnings by colour, who is worst."""
    require(request.user, warning_gates.SEE)
    region = _region(request)
    context = {"sectors": overviews.sectors(request.user, region), "region": region}
    if "part" in request.GET:
        return answer(request, "boards/sectors_part.html", context)
    return _board(request, "boards/sectors.html", "boards/sectors_part.html", context)


@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """Towns × sectors in colours; a row leads down to what is smaller, a cell to its enterprises."""
    require(request.user, warning_gates.SEE)
    region = _region(request)
    below = next((digits for digits in DIGITS if digits > max(len(region), DIGITS[2])), DIGITS[-1])
    context = {"matrix": overviews.matrix(request.user, region, below), "region": region}
    if "part" in request.GET:
        return answer(request, "boards/regions_part.html", context)
    context["unwatched"] = overviews.unwatched(request.user, region)
    return _board(request, "boards/regions.html", "boards/regions_part.html", context)


def _board(request: HttpRequest, template: str, inner: str, context: dict) -> HttpResponse:
    body, seen = part(request, inner, context)
    region = context["region"]
    above = {digits: region[:digits] for digits in DIGITS if digits <= len(region)}
    names = titles("region", above.values())
    context |= {
        "body": body,
        "seen": seen,
        "now": int(datetime.now(UTC).timestamp() * 1e6),
        "above": [(code, names.get(code, code)) for code in above.values()],
        "places": place_gates.seen_by(request.user).filter(level__in=DIGITS[2:4], valid_to=None).order_by("code")[:120],
        "narrow": True,
        "big": "big" in request.GET,
    }
    return render(request, template, context)


def _region(request: HttpRequest) -> str:
    """The region asked for, as far as it is a code."""
    asked = request.GET.get("region", "")
    return prefix(asked) if asked.isascii() and asked.isdigit() and len(asked) <= DIGITS[-1] else ""
