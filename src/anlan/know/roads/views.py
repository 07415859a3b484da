import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from anlan.desk.access.standing import require
from anlan.desk.layers.shapes import ShapeProblem, parse
from anlan.know.roads import asking, gates

CHOICES = (200, 500, 1000, 2000, 5000)
SHORT = 8  # streets named before the rest is left to the map


@require_safe
def around(request: HttpRequest) -> HttpResponse:
    """A fragment: what lies around `at` (longitude, latitude) within `reach` metres, and the way of `station` or of
    the first. With `plain` it stands on a page without a map."""
    require(request.user, gates.ASK)
    try:
        shape = parse({"circle": f"{request.GET.get('at', '')},{request.GET.get('reach') or asking.USUAL_REACH}"})
        if shape.radius > asking.FARTHEST_REACH:
            raise ShapeProblem(asking.too_far())
    except ShapeProblem as problem:
        return HttpResponse(str(problem), status=400, content_type="text/plain; charset=utf-8")
    station = request.GET.get("station", "")
    found = asking.around(
        request.user,
        (shape.lon, shape.lat),
        round(shape.radius),
        timezone.now(),
        int(station) if station.isdecimal() and len(station) < 10 else None,
    )
    plain = "plain" in request.GET
    return render(
        request,
        "roads/around.html",
        {
            "found": found,
            "at": f"{shape.lon},{shape.lat}",
            "choices": [] if plain else sorted({*CHOICES, found.reach}),
            "streets": [name for name, _metres in found.way.streets[:SHORT]] if found.way else [],
            "drawn": "" if plain else orjson.dumps(_drawn(found)).decode(),
            "plain": plain,
        },
    )


def _drawn(found: asking.Around) -> dict:
    """What the map draws: the circle, the way, where it begins."""
    return {
        "circle": [*found.place, found.reach],
        "line": [[round(lon, 6), round(lat, 6)] for lon, lat in found.way.line] if found.way else [],
        "from": found.first.place if found.first else None,
    }
