from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.desk.audit.chain import Act, append
from anlan.desk.documents import gates, store
from anlan.desk.documents.models import Document
from anlan.desk.documents.sending import send
from anlan.desk.documents.types import BY_MEDIA_TYPE, PDF


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    document = gates.readable(request.user, pk)
    response = _sent(document, inline=False)
    with transaction.atomic():
        append(
            Act(
                action="documents.read",
                subject=f"document:{document.pk}",
                region=document.region,
                organisation=document.organisation,
                words=document.name,
            )
        )
    return response


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Shown in place, if it is a picture or a PDF."""
    document = gates.readable(request.user, pk)
    kind = BY_MEDIA_TYPE.get(document.media_type)
    if kind is None or not kind.inline:
        raise Http404
    response = _sent(document, inline=True)
    if kind is PDF:  # a sandbox would keep the browser's own viewer from opening; it runs apart from the page anyway
        response["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response


def _sent(document: Document, inline: bool) -> HttpResponse:
    try:
        file = store.path_of(document.digest).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return send(file, name=document.name, media_type=document.media_type, size=document.size, inline=inline)
