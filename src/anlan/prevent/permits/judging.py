"""A permit's rows turned into the facts its rules judge: what stands against it now, when gas is to be tested again."""

from datetime import datetime

import numpy as np
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.desk.layers.shapes import distances
from anlan.prevent.admission.actions import admitted
from anlan.prevent.admission.certificates import certificates
from anlan.prevent.admission.rules import Person, Reason
from anlan.prevent.permits import grading, rules
from anlan.prevent.permits.kinds import KINDS, SIGNERS
from anlan.prevent.permits.models import Permit
from anlan.standards.citing import Text
from anlan.standards.special_work import gas_tests
from anlan.standards.special_work.blocking import Work
from anlan.standards.special_work.simultaneous import Neighbour

# A permit in one of these states takes place and guardian: it is being signed, or work under it goes on.
COUNTS = (*(f"sign_{who}" for who in SIGNERS), "issued", "working", "interrupted")
STAGE_OF = {
    "applied": "submit",
    **{f"sign_{who}": "sign" for who in SIGNERS},
    "issued": "start",
    "working": "work",
    "interrupted": "resume",
}
NEAR = 0.001  # degrees around a work within which another is looked at: about 100 m, more than any distance asked for
BELOW = 5.0  # metres within which works lie above one another unless a deck separates them (docs/decisions/0121)


def blocks(permit: Permit, stage: str, now: datetime | None = None) -> tuple[Reason, ...]:
    """Everything that stands against this stage now."""
    return rules.against(facts(permit, now or timezone.now()), stage)


def now_against(permit: Permit, now: datetime | None = None) -> tuple[Reason, ...]:
    """What stands against the next stage of the permit as it is."""
    stage = STAGE_OF.get(permit.state)
    return blocks(permit, stage, now) if stage else ()


def sentence(permit: Permit, stage: str) -> str | None:
    """The blocks in the reader's language, joined; None when nothing stands against it."""
    found = blocks(permit, stage)
    return _("不能办理：%(reasons)s") % {"reasons": _("；").join(map(said, found))} if found else None


def said(reason: Reason) -> str:
    language = get_language() or "zh"
    words = f"{reason.about} {reason.words.said(language)}".strip()
    return (
        _("%(rule)s（%(clause)s）") % {"rule": words, "clause": reason.clause.said(language)}
        if reason.clause
        else words
    )


def still_inside(permit: Permit) -> str | None:
    """People counted into the space and not out of it: the work is not over."""
    inside = [worker.name for worker in permit.workers.filter(inside_since__isnull=False)]
    return _("仍有人在内：%(names)s。撤出并清点后再完工。") % {"names": _("、").join(inside)} if inside else None


def not_restored(permit: Permit) -> str | None:
    """Isolation that nobody has taken away, or said why it stays."""
    left = [point.tag for point in permit.isolations.filter(removed_at=None)]
    return _("隔离点未解除：%(tags)s。解除后再验收。") % {"tags": _("、").join(left)} if left else None


def gas_due(permit: Permit) -> datetime | None:
    """When gas is to be tested again while the work goes on; None where no interval is set."""
    last = last_test(permit)
    if last is None or permit.state != "working":
        return None
    return gas_tests.log_due(permit.kind, permit.level, last.at).value


def analysis_ends(permit: Permit) -> datetime | None:
    """Until when the last good analysis lets the work begin or go on after a break; None when that does not apply."""
    last = last_test(permit)
    if last is None or not last.passed or permit.state not in STAGE_OF or permit.state == "working":
        return None
    return gas_tests.analysis_ends(permit.kind, permit.level, last.at).value


def last_test(permit: Permit):
    """The last analysis that counts: none from before an order to stop, when the permit is prepared anew."""
    tests = permit.gas_tests.all()
    if permit.paused_at and _anew(permit):
        tests = tests.filter(at__gt=permit.paused_at)
    return tests.order_by("-at", "-pk").first()


def needs_gas(permit: Permit) -> bool:
    return gas_tests.rule_of(permit.kind, permit.level) is not None


def facts(permit: Permit, now: datetime) -> rules.Facts:
    zone, kind = timezone.get_current_timezone(), KINDS[permit.kind]
    last, anew = last_test(permit), _anew(permit)
    others = list(_others(permit))
    work = Work(
        kind=permit.kind,
        level=permit.level,
        at=now.astimezone(zone),
        starts=permit.starts_at.astimezone(zone),
        ends=permit.valid_until.astimezone(zone),
        began=None if anew else _local(permit.begun_at, zone),
        paused=_local(permit.paused_at, zone) if permit.state == "interrupted" else None,
        guardian=str(permit.guardian or ""),
        guardian_trained=True,  # the post is granted to who has shown the certificate (docs/decisions/0120)
        guardian_elsewhere=tuple(one.number for one in others if _same_guardian(permit, one)),
        isolated_by=("blind",) if permit.isolations.filter(removed_at=None).exists() else (),
        needs_isolation=kind.isolation,
        analysed=_local(last.at, zone) if last else None,
        analysis_passed=last.passed if last else None,
        conditions=grading.rises_now(permit, now),
        neighbours=tuple(_neighbour(permit, one) for one in others if _near(permit, one)),
    )
    return rules.Facts(
        work=work,
        hazards=permit.hazards,
        unconfirmed=tuple(Text(m["zh"], m["en"]) for m in permit.measures if not m["done"]),
        people=_people(permit),
        contractor=_contractor(permit, now),
        gas_due=_local(gas_due(permit), zone),
        space=str(permit.space or ""),
        space_in_use=permit.space is None or permit.space.in_use,
        space_signed=permit.space is None or permit.space.signed,
    )


def _anew(permit: Permit) -> bool:
    """Being prepared, for the first time or again: what was tested before an order to stop counts no more."""
    return permit.state in ("applied", "issued") or permit.state.startswith("sign_")


def _same_guardian(permit: Permit, other: Permit) -> bool:
    return permit.guardian_id is not None and permit.guardian_id == other.guardian_id


def _others(permit: Permit):
    """Other permits at the same time, of the same guardian or near: the open ones of an enterprise are few."""
    at_once = Permit.objects.filter(
        is_open=True, state__in=COUNTS, starts_at__lt=permit.valid_until, valid_until__gt=permit.starts_at
    )
    late = Permit.objects.filter(is_open=True, state__in=("working", "interrupted"), valid_until__lte=permit.starts_at)
    rows = (at_once | late).filter(organisation=permit.organisation).exclude(pk=permit.pk)
    return rows.only("number", "kind", "lon", "lat", "facility", "space", "guardian", "facts").order_by("pk")[:200]


def _near(permit: Permit, other: Permit) -> bool:
    same = (permit.facility_id and permit.facility_id == other.facility_id) or _same_space(permit, other)
    if same or None in (permit.lon, permit.lat, other.lon, other.lat):
        return True
    return abs(permit.lat - other.lat) <= NEAR and abs(permit.lon - other.lon) <= 2 * NEAR


def _neighbour(permit: Permit, other: Permit) -> Neighbour:
    placed = None not in (permit.lon, permit.lat, other.lon, other.lat)
    metres = _metres(permit, other) if placed else None
    pipe = permit.facts.get("pipe")
    return Neighbour(
        kind=other.kind,
        number=other.number,
        metres=None if metres is None else round(metres, 1),
        same_space=_same_space(permit, other),
        same_pipe=bool(pipe) and pipe == other.facts.get("pipe"),
        below=metres is not None and metres <= BELOW,
        separated=bool(permit.facts.get("separated") or other.facts.get("separated")),
    )


def _metres(permit: Permit, other: Permit) -> float:
    return float(distances(permit.lon, permit.lat, np.array([other.lon]), np.array([other.lat]))[0])


def _same_space(permit: Permit, other: Permit) -> bool:
    return permit.space_id is not None and permit.space_id == other.space_id


def _people(permit: Permit) -> tuple[Person, ...]:
    workers = list(permit.workers.all())
    found = certificates(worker.certificate for worker in workers)
    named = [Person(name=w.name, number=w.certificate, certificate=found.get(w.certificate)) for w in workers]
    # Not everybody at a work is a special operator: that somebody is, is asked of the work, not of each helper.
    holders = tuple(person for person in named if person.number)
    return holders or tuple(named[:1])


def _contractor(permit: Permit, now: datetime) -> tuple[Reason, ...]:
    if permit.contractor is None:
        return ()
    names = [worker.name for worker in permit.workers.all()]
    day = max(timezone.localdate(permit.starts_at), timezone.localdate(now))
    return admitted(permit.contractor, names, min(day, timezone.localdate(permit.valid_until)))


def _local(moment: datetime | None, zone) -> datetime | None:
    return moment.astimezone(zone) if moment else None
