"""On the desk: how to put the app on a phone, and which phones one has."""

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.agents import in_words
from anlan.desk.fieldwork import actions, gates


@require_safe
def install(request: HttpRequest) -> HttpResponse:
    address = request.build_absolute_uri(reverse("phone"))
    handsets = gates.handsets_of(request.user).order_by("-seen_at")[:50]
    return render(
        request,
        "fieldwork/install.html",
        {
            "address": address,
            "safe": request.is_secure() or request.get_host().split(":")[0] in ("localhost", "127.0.0.1"),
            "code": segno.make(address, error="m").png_data_uri(scale=6, border=2),
            "handsets": [(handset, in_words(handset.agent)) for handset in handsets],
            "narrow": True,
        },
    )


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    handset = get_object_or_404(gates.handsets_of(request.user), pk=pk)
    actions.revoke(request.user, handset)
    messages.success(request, _("手机已停用。它下次连网时清除本机保存的资料。"))
    return redirect("phone.install")
