"""A part of a board, asked again and again: sent only when it differs from what the page shows."""

from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def part(request: HttpRequest, template: str, context: dict) -> tuple[str, str]:
    """The part and its digest, for the page that shows it first."""
    body = render_to_string(template, context, request)
    return body, digest(body)


def answer(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """The part again, or 204 when the page has it already."""
    body, now = part(request, template, context)
    if request.GET.get("seen") == now:
        return HttpResponse(status=204)
    return HttpResponse(body, headers={"X-Digest": now})
