from datetime import timedelta

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from anlan.columns import page
from anlan.watch.devices import gates as device_gates
from anlan.watch.fireweather import gates
from anlan.watch.fireweather.policy import policy
from anlan.watch.fireweather.rules import noon

LONGEST = timedelta(days=400)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The daily index of a station as the column page that charts read; a day without index is no number."""
    device = get_object_or_404(device_gates.seen_by(request.user), pk=pk)
    since = timezone.localdate() - LONGEST
    rows = gates.seen_by(request.user).filter(device=device, day__gte=since).order_by("day")
    days = list(rows.values_list("day", "fwi"))
    zone = timezone.get_current_timezone()
    at = [round(noon(day, zone, policy(day)["noon_hour"]).timestamp() * 1e6) for day, _ in days]
    value = np.array([np.nan if fwi is None else fwi for _, fwi in days], "<f4")
    columns = {"ts": np.array(at, "<i8"), "low": value, "mean": value, "high": value}
    return HttpResponse(page.pack(columns, {"device": device.pk, "unit": ""}), content_type="application/octet-stream")
