import pytest

from anlan.desk.access.announcements import acted


class Acts(list):
    """What access announced, in order; the audit engine above writes the same down."""

    def of(self, action: str, actor: str | None = None) -> list[dict]:
        return [act for act in self if act["action"] == action and actor in (None, act["actor"])]

    def one(self, action: str) -> dict:
        (found,) = self.of(action)
        return found


@pytest.fixture
def acts():
    heard = Acts()

    def hear(sender, signal, **act):
        heard.append(act)

    acted.connect(hear)
    yield heard
    acted.disconnect(hear)
