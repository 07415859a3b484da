"""What a request does is recorded under its user and address; and reading the audit is itself recorded."""

from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.context import acting

READING = {"audit", "audit.item"}  # url names


class Recorded:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = request.user.username if request.user.is_authenticated else "anonymous"
        with acting(name, request.META.get("REMOTE_ADDR", "")):
            response = self.get_response(request)
            _note_reading(request, response)
        return response


def _note_reading(request, response) -> None:
    match = request.resolver_match
    if match is None or match.url_name not in READING or response.status_code != 200:
        return
    append(
        Act(
            action="audit.read",
            subject=f"entry:{match.kwargs['pk']}" if "pk" in match.kwargs else "",
            data={"query": request.GET.urlencode()[:300]} if request.GET else {},
        )
    )
