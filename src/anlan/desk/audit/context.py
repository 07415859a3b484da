"""Who acts and from where, carried beside the call so that inner functions record it without extra arguments."""

from contextlib import contextmanager
from contextvars import ContextVar

_who: ContextVar[str] = ContextVar("who", default="system")
_address: ContextVar[str] = ContextVar("address", default="")


def who() -> str:
    return _who.get()


def address() -> str:
    return _address.get()


@contextmanager
def acting(name: str, address: str = ""):
    """Whatever is recorded inside is recorded as done by this account or process."""
    tokens = _who.set(name), _address.set(address)
    try:
        yield
    finally:
        _who.reset(tokens[0])
        _address.reset(tokens[1])


class Recorded:
    """Middleware: what a request does is recorded under its user and address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = request.user.username if request.user.is_authenticated else "anonymous"
        with acting(name, request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)
