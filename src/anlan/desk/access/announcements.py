"""What access tells: every act on accounts, posts and sessions. The audit engine, which stands above, records it
within the same transaction; when nobody records, the act does not happen."""

from django.dispatch import Signal

acted = Signal()


class NotRecorded(RuntimeError):
    """No recorder is connected, so the act is refused: access must never change unseen."""


def tell(action: str, *, actor: str, subject: str, words: str = "", data: dict | None = None, region: str = "") -> None:
    heard = acted.send(
        sender=None, action=action, actor=actor, subject=subject, words=words, data=data or {}, region=region
    )
    if not heard:
        raise NotRecorded(f"'{action}' was not recorded: is anlan.desk.audit installed?")
