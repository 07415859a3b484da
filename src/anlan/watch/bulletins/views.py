"""Where an authority's system posts its messages."""

import hmac

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anlan.desk.access.middleware import public
from anlan.watch.bulletins.receiving import receive
from anlan.watch.bulletins.sources import sources
from anlan.wire.cap.messages import MOST_BYTES, Unreadable


@public
@csrf_exempt
@require_POST
def take(request: HttpRequest, source: str) -> JsonResponse:
    """CAP XML with `Authorization: Bearer <the source's secret>`. 200 says what came of it."""
    known = sources().get(source)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    # Compared in any case, so that the time tells nothing of which sources there are.
    genuine = hmac.compare_digest((known.secret if known else "").encode(), given.encode())
    if known is None or not known.secret or not genuine:
        return JsonResponse({"error": "no such source or key"}, status=401)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return JsonResponse({"error": f"a message has at most {MOST_BYTES} bytes"}, status=413)
    try:
        taken = receive(known, request.body)
    except Unreadable as problem:
        return JsonResponse({"error": str(problem)}, status=400)
    return JsonResponse({"taken": len(taken.new), "known": taken.known, "passed": taken.passed})
