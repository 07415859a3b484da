import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.desk.cases.gates import seen_by as cases_seen_by
from anlan.watch.video import gates
from anlan.watch.video.actions import lay_to_case, save_camera
from anlan.watch.video.looking import look
from anlan.watch.video.words import plain


@require_GET
def now(request: HttpRequest, pk: int) -> HttpResponse:
    """The last picture; 503 with the state in words when there is none."""
    camera = get_object_or_404(gates.seen_by(request.user), pk=pk)
    sight = look(camera.pk) if camera.url else None
    if sight is None or not sight.body:
        return HttpResponse(
            plain(sight.state if sight else "not watched"), status=503, content_type="text/plain; charset=utf-8"
        )
    return HttpResponse(sight.body, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@require_POST
def to_case(request: HttpRequest, pk: int, case: int, what: str) -> HttpResponse:
    """What the camera sees now (`picture`), or its last seconds (`clip`), is laid to a case."""
    if what not in ("picture", "clip"):
        raise Http404
    camera = get_object_or_404(gates.seen_by(request.user).select_related("device"), pk=pk)
    found = get_object_or_404(cases_seen_by(request.user), pk=case)
    try:
        lay_to_case(request.user, camera, found, clip=what == "clip")
        messages.success(request, _("已存入本事项。"))
    except ValidationError as problem:
        messages.warning(request, " ".join(problem.messages))
    return redirect(found.get_absolute_url() if hasattr(found, "get_absolute_url") else "cases.item", found.pk)


@require_POST
def zone(request: HttpRequest, pk: int) -> HttpResponse:
    """The zone drawn on the picture, for all detectors of the camera: `corners` as JSON, none for the whole picture."""
    camera = get_object_or_404(gates.seen_by(request.user).select_related("device"), pk=pk)
    try:
        corners = json.loads(request.POST.get("corners") or "[]")
        camera.detect = {key: {**each, "zone": corners} for key, each in camera.detect.items()}
        save_camera(request.user, camera)
    except ValueError:
        return JsonResponse({"error": _("警戒区须是各角的列表。")}, status=400)
    except ValidationError as problem:
        return JsonResponse({"error": " ".join(problem.messages)}, status=400)
    return JsonResponse({"saved": True})
