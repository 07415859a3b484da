"""The home page: what there is to do today, in panels that capabilities put there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.desk.pages.showing import shown


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    ready = shown(request, "home")
    return render(
        request,
        "home.html",
        {
            "title": greeting(timezone.localtime().hour) % {"name": request.user},
            "today": timezone.localdate(),
            "main_panels": [panel for panel in ready if panel.panel.side != "aside"],
            "aside_panels": [panel for panel in ready if panel.panel.side == "aside"],
        },
    )


def greeting(hour: int) -> str:
    if hour < 6:
        return _("夜深了，%(name)s")
    if hour < 12:
        return _("上午好，%(name)s")
    return _("下午好，%(name)s") if hour < 18 else _("晚上好，%(name)s")


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """What stands in the bell, fetched again when the inbox changes."""
    return render(request, "shell/bell.html")
