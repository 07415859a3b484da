import orjson
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET

from anlan.desk.access.standing import may
from anlan.desk.layers.placed import within
from anlan.desk.layers.shapes import ShapeProblem, parse
from anlan.know.roads.gates import ASK
from anlan.onemap import answers, basemaps, facts, gates, here, pages, search
from anlan.onemap.describe import describe
from anlan.onemap.words import words

PAGE = 50
MOST_IDS = 2000


@require_GET
def map_page(request):
    online = basemaps.online()
    context = {
        "words": words(),
        "basemaps": [each.for_browser() for each in online],
        "has_local": basemaps.local() is not None,
        "may_ask": may(request.user, ASK),
        "may_close": may(request.user, "closures.set"),
    }
    return _allowing(basemaps.hosts(online), lambda asked: render(asked, "onemap/map.html", context))(request)


def _allowing(hosts: list[str], view):
    """The page's policy, widened by the hosts of the online base maps and by nothing else."""
    from_self = [CSP.SELF, *hosts]
    policy = {
        "default-src": [CSP.SELF],
        "img-src": [*from_self, "data:", "blob:"],
        "connect-src": from_self,
        "worker-src": [CSP.SELF, "blob:"],
        "style-src": [CSP.SELF],
        "object-src": [CSP.NONE],
        "base-uri": [CSP.SELF],
        "form-action": [CSP.SELF],
        "frame-ancestors": [CSP.NONE],
    }
    return csp_override(policy)(view)


@require_GET
def layers_json(request):
    described = [describe(layer, gates.rows(request.user, layer).count()) for layer in gates.layers(request.user)]
    return answers.cached(request, orjson.dumps({"layers": described}), "application/json")


@require_GET
def layer_columns(request, name):
    layer = gates.layer(request.user, name)
    if not layer.placed:
        raise Http404(_("这个图层是线或面，请取 .geojson。"))
    rows = _asked(request, layer)
    tag = pages.version(layer, rows, f"{request.user.pk}:{request.GET.get('ids', '')}") if layer.changed else None
    if tag and tag in request.headers.get("If-None-Match", ""):
        return answers.unchanged(tag)
    return answers.cached(request, pages.columns_page(layer, rows), "application/x-anlan-columns", tag)


@require_GET
def layer_geojson(request, name):
    layer = gates.layer(request.user, name)
    if layer.placed:
        raise Http404(_("这个图层是点，请取 .columns。"))
    return answers.cached(request, pages.feature_collection(layer, _asked(request, layer)), "application/geo+json")


def _asked(request, layer):
    """The rows asked for: all, or those with the keys in `ids` (after a live event)."""
    rows = gates.rows(request.user, layer)
    keys = [key for key in request.GET.get("ids", "").split(",") if key][:MOST_IDS]
    if not keys:
        return rows
    try:
        return rows.filter(pk__in=keys)
    except ValueError:
        return rows.none()


@require_GET
def find(request):
    asked = [(layer, gates.rows(request.user, layer)) for layer in gates.layers(request.user)]
    hits = search.find(asked, request.GET.get("q", ""))
    return JsonResponse({"results": [vars(hit) for hit in hits]})


@require_GET
def what_lies_here(request):
    try:
        shape = parse(request.GET)
    except ShapeProblem as problem:
        return JsonResponse({"error": str(problem)}, status=400)
    wanted = gates.layers(request.user, request.GET.get("layers", ""))
    found = here.what_lies_here([(layer, gates.rows(request.user, layer)) for layer in wanted], shape)
    return HttpResponse(orjson.dumps(found), content_type="application/json")


@require_GET
def item(request, name, key):
    layer = gates.layer(request.user, name)
    row = gates.row(request.user, layer, key)
    context = {
        "layer": layer,
        "row": row,
        "label": facts.shown(facts.value(row, layer.label)),
        "mark": facts.mark(layer, row),
        "facts": facts.facts(layer, row),
        "address": facts.address(layer, row),
        "around": facts.around(layer, row) if may(request.user, ASK) else None,
    }
    return render(request, "onemap/item.html", context)


@require_GET
def as_list(request):
    """The same rows without a map: by layer, search words and shape, 50 a page."""
    layers = gates.layers(request.user)
    name = request.GET.get("layer") or (layers[0].name if layers else "")
    layer = gates.layer(request.user, name) if name else None
    context = {"layers": layers, "layer": layer, "q": request.GET.get("q", "")}
    try:
        if layer:
            context |= _listed(request, layer)
    except ShapeProblem as problem:
        context["problem"] = str(problem)
    return render(request, "onemap/list.html", context)


def _listed(request, layer) -> dict:
    rows = pages.with_expressions(layer, gates.rows(request.user, layer))
    if layer.placed and any(request.GET.get(kind) for kind in ("point", "circle", "polygon", "box")):
        rows = within(rows, parse(request.GET), layer.place[2])
    if text := request.GET.get("q", "").strip()[:64]:
        rows = rows.filter(search.contains(layer, text))
    page = Paginator(rows.order_by(layer.label, "pk"), PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "titles": [title for title, _source in layer.facts],
        "rows": [
            {
                "label": facts.shown(facts.value(row, layer.label)),
                "mark": facts.mark(layer, row),
                "facts": facts.facts(layer, row),
                "address": facts.address(layer, row),
                "key": row.pk,
            }
            for row in page
        ],
    }


@require_GET
def base_map(request):
    path = basemaps.local()
    if path is None:
        raise Http404(_("尚无离线底图：请运行 anlan map build 区域.osm.pbf。"))
    return answers.part_of_file(request, path)
