"""Writes down what the access engine, which lies below, announces: sign-ins, locks, grants."""

from anlan.desk.audit.chain import Act, Entry, append


def record(sender, *, action: str, actor: str, subject: str, words: str, data: dict, region: str, **_) -> Entry:
    (entry,) = append(Act(action=action, subject=subject, region=region, words=words, data=data, actor=actor))
    return entry
