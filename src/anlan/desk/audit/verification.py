"""Verifying, as a command and as a job whose outcome is kept."""

import time
from collections.abc import Callable, Iterator

from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.access.models import User
from anlan.desk.access.standing import require
from anlan.desk.audit import chain, seals
from anlan.desk.audit.models import Head, Verification

SHOWN = 200  # breaks kept with a verification; one cut in the chain shows as one


def all_breaks(count: Callable[[int], None] = int) -> Iterator[chain.Break]:
    """Of the file of seals and of the chain."""
    remembered = seals.read()
    yield from remembered.broken
    yield from chain.verify(remembered.known, count)


def command() -> int:
    """`anlan audit verify`: prints every break; 1 when there is one."""
    started, found = time.monotonic(), 0
    for fault in all_breaks():
        found += 1
        print(f"at entry {fault.position}: {fault.reason}")
    entries = Head.objects.filter(pk=1).values_list("position", flat=True).first() or 0
    seconds = time.monotonic() - started
    print(
        f"{entries} entries checked in {seconds:.1f} s, against {len(seals.read().known)} seals outside the database."
    )
    print(f"The history is broken at {found} places." if found else "The history is whole.")
    return 1 if found else 0


@transaction.atomic
def begin(actor: User) -> Verification:
    """Starts a verification in the background and records that it was asked for."""
    require(actor, "audit.verify")
    verification = Verification.objects.create(asked_by=actor, asked_at=timezone.now())
    chain.append(chain.Act(action="audit.verify", subject=f"verification:{verification.pk}", actor=actor.username))
    transaction.on_commit(lambda: run.enqueue(verification.pk))
    return verification


@task()
def run(pk: int) -> int:
    """Does it, and keeps what it found."""
    running = Verification.objects.filter(pk=pk)
    running.update(started_at=timezone.now())
    found, total = [], 0
    for fault in all_breaks(lambda position: running.update(entries=position)):
        total += 1
        if len(found) < SHOWN:
            found.append({"position": fault.position, "kind": fault.kind, "values": fault.values})
    entries = Head.objects.filter(pk=1).values_list("position", flat=True).first() or 0
    running.update(ended_at=timezone.now(), entries=entries, breaks=total, found=found)
    with transaction.atomic():
        chain.append(
            chain.Act(action="audit.verified", subject=f"verification:{pk}", data={"entries": entries, "breaks": total})
        )
    return total


WORDS = {
    "missing": gettext_lazy("第 %(first)d 条缺失"),
    "stretch": gettext_lazy("第 %(first)d 到 %(last)d 条缺失"),
    "edited": gettext_lazy("记录被改动或调换，校验值不符"),
    "anew": gettext_lazy("审计链被整个重写，数据库之外的封印记着另一条记录"),
    "head": gettext_lazy("链头与这条记录的校验值不同"),
    "short": gettext_lazy("链止于第 %(last)d 条，但曾写入 %(written)d 条"),
    "long": gettext_lazy("链头停在第 %(head)d 条，但记录延续到第 %(last)d 条"),
    "cut": gettext_lazy("链止于第 %(last)d 条，但数据库之外的封印记着第 %(written)d 条"),
    "line": gettext_lazy("封印文件第 %(line)d 行被改动，或属于另一把密钥"),
    "contrary": gettext_lazy("封印文件第 %(line)d 行与前面矛盾"),
    "back": gettext_lazy("封印文件第 %(line)d 行倒退，审计链曾被截短"),
}


def faults_of(verification: Verification) -> list[tuple[int, str]]:
    """What it found, for people: position and sentence."""
    return [(fault["position"], WORDS[fault["kind"]] % fault["values"]) for fault in verification.found]


def sentence(verification: Verification) -> str:
    if verification.ended_at is None:
        return _("正在校验，已核对 %(count)d 条。") % {"count": verification.entries}
    if verification.breaks:
        return _("发现 %(count)d 处断裂。审计记录被改动过，请立即保全数据并报告。") % {"count": verification.breaks}
    return _("完整：%(count)d 条记录全部相符。") % {"count": verification.entries}
