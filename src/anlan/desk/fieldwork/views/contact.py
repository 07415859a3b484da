"""What the app says to the platform and hears from it: who is asking, what to carry, what is sent, files in pieces.

Every answer is JSON. 401 means "sign in again: what waits is kept"; 403 with `forget` means "forget what you carry";
other 4xx are final and say why; 409 on a file names the offset at which to go on.
"""

import json
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.desk.access.middleware import owed, passive, public
from anlan.desk.fieldwork import actions, carrying, gates, reading, uploading
from anlan.desk.fieldwork.models import Handset, Sending

MOST_ASKED = 200  # sendings whose fate one contact asks for


def answered(view: Callable) -> Callable:
    """Turns refusals into JSON with a sentence."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> JsonResponse:
        try:
            return view(request, *args, **kwargs)
        except actions.Revoked as revoked:
            return JsonResponse({"error": str(revoked), "forget": True}, status=403)
        except uploading.WrongOffset as wrong:
            return JsonResponse({"offset": wrong.offset}, status=409)
        except (reading.Malformed, ValueError) as wrong:
            return JsonResponse({"error": str(wrong)}, status=400)
        except ValidationError as wrong:
            return JsonResponse({"error": " ".join(wrong.messages)}, status=400)
        except PermissionDenied as refused:
            return JsonResponse({"error": str(refused)}, status=403)

    return answer


@public
@passive
@never_cache
@require_safe
@answered
def me(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token every change needs. To nobody: only whether this phone must forget."""
    device = reading.identifier(request.GET.get("device"))
    if not request.user.is_authenticated:
        return JsonResponse({"user": None, "forget": gates.must_forget(device)})
    if duty := owed(request.user):
        return JsonResponse({"user": None, "duty": duty, "forget": False})
    actions.bind(request.user, device, request.headers.get("User-Agent", ""))
    user = {"id": request.user.pk, "name": request.user.name, "username": request.user.username}
    return JsonResponse({"user": user, "token": get_token(request), "offline_days": settings.OFFLINE_DAYS})


@gzip_page
@never_cache
@require_POST
@answered
def sync(request: HttpRequest) -> JsonResponse:
    """What to carry, as a difference to what the phone says it has; and what became of what it sent."""
    asked, _handset = _message(request)
    has = reading.known(asked.get("has"))
    sent = asked.get("sent") if isinstance(asked.get("sent"), list) else []
    keys = [reading.identifier(key) for key in sent[:MOST_ASKED]]
    fates = gates.sent_by(request.user).filter(key__in=keys) if keys else []
    return JsonResponse(
        {
            "at": timezone.now().isoformat(),
            "bundles": carrying.difference(request.user, has),
            "submissions": carrying.offers(request.user),
            "sent": [_fate(sending) for sending in fates],
        }
    )


@never_cache
@require_POST
@answered
def send(request: HttpRequest) -> JsonResponse:
    message, handset = _message(request)
    sending = actions.receive(request.user, handset, reading.sent(message, timezone.now()))
    return JsonResponse(_fate(sending))


@never_cache
@require_POST
@answered
def announce(request: HttpRequest) -> JsonResponse:
    """A file is announced; the answer says from which byte to send it."""
    message, _handset = _message(request)
    file = reading.announced(message, timezone.now(), settings.DOCUMENT_BYTES)
    return JsonResponse(_standing(uploading.begin(request.user, file)))


@never_cache
@require_http_methods(["PUT"])
@answered
def piece(request: HttpRequest, key: UUID) -> JsonResponse:
    """The next piece; header `Upload-Offset` says where it belongs."""
    upload = get_object_or_404(gates.uploads_of(request.user), key=key)
    had = upload.document_id
    uploading.take(request.user, upload, int(request.headers.get("Upload-Offset", "")), request.body)
    if upload.document_id and not had:
        actions.uploaded(upload)
    return JsonResponse(_standing(upload))


def _message(request: HttpRequest) -> tuple[dict, Handset]:
    try:
        message = json.loads(request.body)
    except (ValueError, RecursionError):
        raise reading.Malformed("JSON") from None
    if not isinstance(message, dict):
        raise reading.Malformed("JSON")
    device = reading.identifier(message.get("device"))
    return message, actions.bind(request.user, device, request.headers.get("User-Agent", ""))


def _fate(sending: Sending) -> dict:
    return {
        "key": str(sending.key),
        "state": sending.state,
        "words": sending.words,
        "reason": sending.reason,
        "fields": sending.fields,
        "url": sending.url,
    }


def _standing(upload) -> dict:
    return {"offset": uploading.received(upload), "done": upload.document_id is not None}
