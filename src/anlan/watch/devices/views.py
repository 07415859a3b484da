from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from anlan.columns import page
from anlan.watch.devices import actions, gates, past


@require_GET
def history(request: HttpRequest, point: int) -> HttpResponse:
    """The past of one point as a column page; `start` and `end` in milliseconds, at most `rows` rows."""
    asked = get_object_or_404(gates.points_seen_by(request.user), pk=point)
    try:
        window = past.window(request.GET)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    columns = past.read([asked], *window)
    wanted = {name: columns[name] for name in ("ts", "low", "mean", "high", "quality")}
    return HttpResponse(
        page.pack(wanted, {"point": asked.pk, "unit": asked.unit}), content_type="application/octet-stream"
    )


@never_cache
@require_POST
def renew_token(request: HttpRequest, pk: int) -> HttpResponse:
    """The new token stands on the answer to its making, and never again."""
    device = get_object_or_404(gates.seen_by(request.user), pk=pk)
    replaced = bool(device.token_digest)
    try:
        token = actions.renew_token(request.user, device)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("devices.item", pk=pk)
    context = {"title": _("新的访问令牌"), "device": device, "token": token, "replaced": replaced}
    return render(request, "devices/new_token.html", context)
