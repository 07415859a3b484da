"""The verbs that no step of the case is: register a danger, tell of a self-check, publish the fire promise.

Everything later is a step of the case (`states.py`), taken by `desk.cases.actions.take`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import may_row, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.cases.actions import NewCase, open_case
from anlan.desk.documents import actions as documents
from anlan.desk.documents.models import Document
from anlan.desk.notices.live import announce
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.hazards import counting, rules
from anlan.prevent.hazards.criteria import candidates_for
from anlan.prevent.hazards.models import KIND, FirePromise, FoundBy, Hazard, SelfCheck, Terms
from anlan.prevent.hazards.periods import cancel_by, terms_of
from anlan.prevent.risks.models import Control, Point


@transaction.atomic
def register(
    by,
    *,
    enterprise: Enterprise,
    found_by: str,
    title: str,
    words: str = "",
    lon: float | None = None,
    lat: float | None = None,
    control: Control | None = None,
    point: Point | None = None,
    photos: Sequence = (),
    key: str | None = None,
    found_at: datetime | None = None,
    kind: str = "other",
    cause: str = "unknown",
    place: str = "",
    post: str = "",
    synthetic: bool = False,
) -> Hazard:
    """Registers a found danger and opens its case. With a `key` a second telling gives the first danger back.

    `by` None: a sensor found it. `photos` are documents already added, or uploaded files. Errors: Refused without
    `hazards.register` for the enterprise; ValidationError with the field.
    """
    if by is not None:
        require(by, "hazards.register", enterprise)
    if key and (known := Hazard.objects.filter(key=key).first()):
        return known
    now = timezone.now()
    found_at = found_at or now
    point = point or (control.point if control else None)
    _check(enterprise, found_by, title, found_at, now, point)
    place = place or (point.name if point else "")
    categories = list(enterprise.categories.order_by("pk").values_list("code", flat=True))
    candidates = candidates_for(categories, f"{title} {words}", timezone.localdate(now))
    lon, lat = _place(lon, lat, point, enterprise)
    try:
        with transaction.atomic():
            case, _new = open_case(
                NewCase(
                    kind=KIND,
                    title=title.strip(),
                    region=enterprise.region,
                    organisation=enterprise.organisation,
                    subject=f"enterprise:{enterprise.pk}",
                    lon=lon,
                    lat=lat,
                    data={"candidates": [{"id": c["id"], "title": c["title"]} for c in candidates]},
                ),
                by,
                words=words,
            )
            hazard = Hazard.objects.create(
                case=case,
                key=key,
                number=case.number,
                region=case.region,
                organisation=case.organisation,
                enterprise=enterprise,
                title=case.title,
                words=words,
                place=place[:120],
                post=(post or (control.post if control else ""))[:64],
                kind=kind,
                cause=cause,
                sector=categories[0] if categories else "",
                found_by=found_by,
                found_at=found_at,
                finder=by,
                registered_at=now,
                cancel_by=cancel_by(now, terms_of(case.region)),
                point=point,
                control=control,
                repeats=_earlier(enterprise, kind, point, place, found_at),
                candidates=candidates,
                lon=lon,
                lat=lat,
                synthetic=synthetic,
            )
    except IntegrityError:
        known = Hazard.objects.filter(key=key).first() if key else None
        if known is None:
            raise
        return known
    kept = [photo if isinstance(photo, Document) else _added(by, photo, enterprise) for photo in photos]
    if kept:
        case.steps.get(action="open").documents.set(kept)
    counting.add([hazard])
    announce("hazards", [hazard.pk], hazard.region, hazard.organisation)
    return hazard


def _check(enterprise: Enterprise, found_by: str, title: str, found_at: datetime, now: datetime, point) -> None:
    if not title.strip():
        raise ValidationError({"title": _("请写明是什么隐患。")})
    if found_by not in FoundBy.values:
        raise ValidationError({"found_by": _("没有这种发现方式：%(value)s。") % {"value": found_by}})
    if found_at > now + timedelta(minutes=5):
        raise ValidationError({"found_at": _("发现时间不能晚于现在。")})
    if point is not None and point.enterprise_id != enterprise.pk:
        raise ValidationError({"point": _("这个风险点不属于本企业。")})


def _place(lon, lat, point, enterprise) -> tuple[float | None, float | None]:
    """Where it was found; else where the risk point is, else the enterprise."""
    for place in ((lon, lat), (point.lon, point.lat) if point else (None, None), (enterprise.lon, enterprise.lat)):
        if place[0] is not None and place[1] is not None:
            return place
    return None, None


def _added(by, file, enterprise: Enterprise) -> Document:
    return documents.add(by, file, region=enterprise.region, organisation=enterprise.organisation)


def _earlier(enterprise: Enterprise, kind: str, point, place: str, found_at: datetime) -> Hazard | None:
    """The last danger of the same kind at the same place within a year: then this one is a repetition."""
    same = Q(point=point) if point else Q(place=place) if place else None
    if same is None:
        return None
    since = found_at - timedelta(days=rules.REPEAT_DAYS)
    found = Hazard.objects.filter(same, organisation=enterprise.organisation, kind=kind)
    return found.filter(found_at__gte=since, found_at__lt=found_at).order_by("-found_at", "-pk").first()


@transaction.atomic
def self_checked(
    by, enterprise: Enterprise, *, at: datetime | None = None, found: int = 0, words: str = "", key: str | None = None
) -> SelfCheck:
    """The enterprise has searched for dangers, and found so many or none. `by` None: a finished check tells it."""
    if by is not None:
        require(by, "hazards.selfcheck", enterprise)
    if key and (known := SelfCheck.objects.filter(key=key).first()):
        return known
    check = SelfCheck.objects.create(
        enterprise=enterprise,
        region=enterprise.region,
        organisation=enterprise.organisation,
        at=at or timezone.now(),
        by=by,
        found=found,
        words=words[:300],
        key=key,
    )
    _append("hazards.selfcheck", enterprise, by, words, {"found": found})
    return check


@transaction.atomic
def promise(by, enterprise: Enterprise, *, risks: str, words: str) -> FirePromise:
    """Publishes the fire promise of this year. A second one of the year replaces the first, both stay in the audit."""
    require(by, "hazards.promise", enterprise)
    missing = {name: _("必填。") for name, value in (("risks", risks), ("words", words)) if not value.strip()}
    if missing:
        raise ValidationError(missing)
    now = timezone.now()
    made, _new = FirePromise.objects.update_or_create(
        enterprise=enterprise,
        year=timezone.localdate(now).year,
        defaults={
            "region": enterprise.region,
            "organisation": enterprise.organisation,
            "published_at": now,
            "by": by,
            "risks": risks.strip(),
            "words": words.strip(),
        },
    )
    _append("hazards.promise", enterprise, by, words, {"year": made.year, "risks": risks})
    return made


@transaction.atomic
def set_terms(by, region: str, **values) -> Terms:
    """The periods of a region and all below it."""
    require(by, "hazards.configure", Terms(region=region))
    terms, _new = Terms.objects.update_or_create(region=region, defaults=values)
    append(Act(action="hazards.configure", subject=f"terms:{terms.pk}", region=region, data=values, actor=by.username))
    return terms


def may_register(by, enterprise: Enterprise) -> bool:
    return may_row(by, "hazards.register", enterprise)


def _append(action: str, enterprise: Enterprise, by, words: str, data: dict) -> None:
    append(
        Act(
            action=action,
            subject=f"enterprise:{enterprise.pk}",
            region=enterprise.region,
            organisation=enterprise.organisation,
            words=words,
            data=data,
            actor=by.username if by else "",
        )
    )
