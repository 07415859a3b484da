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


def now_acting(name: str) -> None:
    """For the rest of the surrounding `acting`: who asks was learnt only inside, as with a key of the interface."""
    _who.set(name)
