"""Whether the platform answers: for the supervisor, a service manager or a load balancer. Says nothing else."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from anlan.desk.access.middleware import public


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the web and its database answer, 503 when the database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database"}, status=503)
    return JsonResponse({"status": "ok"})
