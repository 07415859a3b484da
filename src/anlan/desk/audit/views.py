from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.standing import require
from anlan.desk.audit import verification
from anlan.desk.audit.models import Verification

SHOWN = 20


@require_safe
def verifications(request: HttpRequest) -> HttpResponse:
    """The last verifications with what they found, and the button for a new one."""
    require(request.user, "audit.verify")
    latest = list(Verification.objects.select_related("asked_by").order_by("-pk")[:SHOWN])
    context = {
        "title": _("审计校验"),
        "verifications": [(one, verification.sentence(one), verification.faults_of(one)) for one in latest],
        "running": bool(latest) and latest[0].ended_at is None,
    }
    template = "audit/verifications.html#outcomes" if request.headers.get("HX-Request") else "audit/verifications.html"
    return render(request, template, context)


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    verification.begin(request.user)
    return redirect("audit.verifications")
