"""Receipts that a gateway sends back, signed with ANLAN_RECEIPT_SECRET like our own webhooks."""

import time

import orjson
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anlan.desk.access.middleware import public
from anlan.desk.notices import deliveries
from anlan.desk.notices.channels import webhook
from anlan.desk.notices.channels.registry import CHANNELS

LARGEST = 10_000


@public
@csrf_exempt
@require_POST
def receipt(request: HttpRequest, channel: str) -> JsonResponse:
    """`{"receipt": "…", "received": true, "reason": "…"}` with the header X-Anlan-Signature."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return JsonResponse({"error": f"a receipt has at most {LARGEST} bytes"}, status=413)
    signed = webhook.signed(
        settings.RECEIPT_SECRET, request.body, request.headers.get("X-Anlan-Signature", ""), time.time()
    )
    if channel not in CHANNELS or not signed:
        return JsonResponse(
            {"error": "the signature does not fit, or its time is off by more than 5 minutes"}, status=403
        )
    try:
        data = orjson.loads(request.body)
        number, received = str(data["receipt"]), data["received"]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "send {receipt, received, reason} as JSON"}, status=400)
    known = deliveries.note_receipt(channel, number, received is True, str(data.get("reason", "")))
    return JsonResponse({"known": known}, status=200 if known else 404)
