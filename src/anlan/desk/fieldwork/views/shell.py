"""The app itself: its one page, its service worker, manifest and icon. Nothing in them is anybody's: they answer
without signing in, so that the app starts from its own store in a place without a network."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from anlan.desk.access.middleware import passive, public
from anlan.desk.fieldwork import icon
from anlan.desk.fieldwork.words import words
from anlan.desk.panels import assets

# As everywhere, and in addition pictures, voice and the camera's stream made on the phone itself.
POLICY = settings.SECURE_CSP | {"media-src": [CSP.SELF, "blob:"], "manifest-src": [CSP.SELF]}


@public
@passive
@require_safe
@csp_override(POLICY)
def app(request: HttpRequest) -> HttpResponse:
    return render(request, "fieldwork/app.html", {"words": words()})


@public
@passive
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what makes up the app in front: when that changes, so does the worker, and
    the browser fetches the app anew."""
    built = (Path(settings.WEB_DIST) / assets.entry("fieldwork/worker").script).read_text(encoding="utf-8")
    shell = [reverse("phone"), reverse("phone.manifest"), static("shell/mark.svg"), *_files()]
    content = json.dumps([get_language(), shell, words()], ensure_ascii=False) + built
    version = hashlib.blake2s(content.encode(), digest_size=8).hexdigest()
    listed = json.dumps({"version": version, "shell": shell})
    response = HttpResponse(f"self.ANLAN = {listed};\n{built}", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@public
@passive
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    start = reverse("phone")
    pictures = [
        {"src": reverse("phone.icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    return JsonResponse(
        {
            "id": start,
            "name": _("安澜 · 现场"),
            "short_name": _("安澜"),
            "description": _("没有网络也能检查、报隐患、查资料。"),
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "orientation": "portrait",
            "lang": get_language(),
            "background_color": "#ffffff",
            "theme_color": "#12395f",
            "icons": pictures,
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@public
@passive
@require_safe
def picture(request: HttpRequest, size: int) -> HttpResponse:
    if size not in icon.SIZES:
        raise Http404
    return HttpResponse(icon.png(size), content_type="image/png", headers={"Cache-Control": "max-age=86400"})


def _files() -> list[str]:
    entry = assets.entry("fieldwork/phone")
    return [assets.url(path) for path in (entry.script, *entry.styles, *entry.preloads)]
