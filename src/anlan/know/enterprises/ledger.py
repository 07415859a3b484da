"""The enterprise ledger as a sheet: what each row would change, and all good rows written at once.

An empty cell changes nothing; categories and supervising departments, when given, replace those the file has. A region
may be written as code or name; without one, the place decides, when boundaries are known.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import batched

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.regions import prefix
from anlan.desk.access.standing import may, may_row
from anlan.desk.audit.chain import append
from anlan.desk.audit.history import difference
from anlan.desk.exchange.declare import CHANGED, NEW, UNCHANGED, Row, Verdict
from anlan.desk.layers.initials import initials
from anlan.desk.layers.placed import with_cells
from anlan.desk.notices.live import announce
from anlan.know.enterprises.actions import KEPT, act_of, checked_code
from anlan.know.enterprises.categories import code_named, titles_of
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.enterprises.rules import industry_code
from anlan.know.organisations.models import Organisation
from anlan.know.places.datum import to_wgs84
from anlan.know.places.locate import Finder
from anlan.know.places.models import Region

PLAIN = [name for name in KEPT if name not in ("code", "region", "industry", "lon", "lat")]
WRITTEN = [*KEPT, "organisation", "initials", "cell", "version", "changed_at"]
BATCH = 500
ANNOUNCED = 1000  # above so many, open pages are told nothing: they would fetch everything anew


class BadRow(ValueError):
    """The row cannot be taken; the text says why, `field` where."""

    def __init__(self, problem: str, field: str = ""):
        super().__init__(problem)
        self.field = field


@dataclass
class Plan:
    """What will become of one row."""

    enterprise: Enterprise
    before: Enterprise | None
    changes: dict
    categories: set[str] | None = None
    supervisors: list[Organisation] | None = None

    @property
    def verdict(self) -> Verdict:
        return NEW if self.before is None else CHANGED if self.changes else UNCHANGED


@dataclass
class Known:
    """What the rows refer to, read once for all of them."""

    rows: list[Row]
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    categories: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    supervisors: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self):
        codes = {code for row in self.rows if (code := _code(row, quiet=True))}
        for some in batched(codes, BATCH):
            self.enterprises |= {one.code: one for one in Enterprise.objects.filter(code__in=some)}
        links = Enterprise.supervisors.through.objects.select_related("organisation")
        for some in batched([one.pk for one in self.enterprises.values()], BATCH):
            for owner, code in RegulatedAs.objects.filter(enterprise__in=some).values_list("enterprise", "code"):
                self.categories[owner].add(code)
            for link in links.filter(enterprise__in=some):
                self.supervisors[link.enterprise_id].add(link.organisation.name)

    @cached_property
    def regions(self) -> dict[str, list[str]]:
        """Codes by name and by code."""
        found = defaultdict(list)
        for code, name, short in Region.objects.filter(valid_to=None).values_list("code", "name", "short_name"):
            for word in {code, name, short} - {""}:
                found[word].append(code)
        return found

    @cached_property
    def finder(self) -> Finder:
        return Finder()

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        """By name, short name and code."""
        return {
            word: one for one in Organisation.objects.all() for word in (one.short_name, one.name, one.code) if word
        }


def check(user, rows: list[Row]) -> list[Verdict]:
    """What will become of every row; writes nothing."""
    return [plan if isinstance(plan, Verdict) else plan.verdict for plan in plans(user, rows)]


def save(user, rows: list[Row]) -> list[Verdict]:
    """Writes every new or changed row within the caller's transaction, each change recorded."""
    planned = list(plans(user, rows))
    good = [plan for plan in planned if isinstance(plan, Plan) and plan.verdict is not UNCHANGED]
    new = [plan for plan in good if plan.before is None]
    old = [plan for plan in good if plan.before is not None]
    for plan in good:
        plan.enterprise.initials = initials(plan.enterprise.name)
        plan.enterprise.version += 1
        plan.enterprise.changed_at = timezone.now()
    Enterprise.objects.bulk_create(with_cells(plan.enterprise for plan in new), batch_size=BATCH)
    Enterprise.objects.bulk_update(with_cells(plan.enterprise for plan in old), WRITTEN, batch_size=100)
    _regulate(good)
    _supervise(good)
    append(*[act_of(plan.before, plan.enterprise, plan.changes) for plan in good])
    if len(good) <= ANNOUNCED:
        regions, organisations = {p.enterprise.region for p in good}, {p.enterprise.code for p in good}
        announce("enterprises", [plan.enterprise.pk for plan in good], regions, organisations)
    return [plan if isinstance(plan, Verdict) else plan.verdict for plan in planned]


def plans(user, rows: list[Row]) -> Iterator[Plan | Verdict]:
    """One plan a row, or the verdict that it is bad."""
    known = Known(rows)
    for row in rows:
        try:
            yield _plan(user, row, known)
        except BadRow as bad:
            yield Verdict("bad", str(bad), bad.field)


def _plan(user, row: Row, known: Known) -> Plan:
    code = _code(row)
    before = known.enterprises.get(code)
    after = _copy(before) if before else Enterprise(code=code, organisation=code, version=0)
    _fill(after, row.values, known)
    _validate(after)
    _permit(user, before, after)
    plan = Plan(after, before, difference(before, after, KEPT))
    if row.values.get("categories"):
        plan.categories = _categories(row.values["categories"])
        had = known.categories[before.pk] if before else set()
        if had != plan.categories:
            plan.changes["categories"] = [titles_of(had), titles_of(plan.categories)]
    if row.values.get("supervisors"):
        plan.supervisors = _supervisors(row.values["supervisors"], known)
        had, now = (known.supervisors[before.pk] if before else set()), {one.name for one in plan.supervisors}
        if had != now:
            plan.changes["supervisors"] = [sorted(had), sorted(now)]
    return plan


def _code(row: Row, quiet: bool = False) -> str:
    try:
        return checked_code(row.values.get("code") or "")
    except ValidationError as wrong:
        if quiet:
            return ""
        raise BadRow(wrong.messages[0], "code") from None


def _copy(enterprise: Enterprise) -> Enterprise:
    values = {one.attname: getattr(enterprise, one.attname) for one in Enterprise._meta.concrete_fields}
    return Enterprise(**values)


def _fill(enterprise: Enterprise, values: dict, known: Known) -> None:
    for name in PLAIN:
        if values.get(name) is not None:
            setattr(enterprise, name, values[name])
    if values.get("industry"):
        try:
            enterprise.industry = industry_code(values["industry"])
        except ValueError:
            words = _("“%(code)s”不是 GB/T 4754-2017 的代码，例如 C2614、2614 或 C26。") % {"code": values["industry"]}
            raise BadRow(words, "industry") from None
    lon, lat = values.get("lon"), values.get("lat")
    if (lon is None) != (lat is None):
        raise BadRow(_("经度和纬度要么都填，要么都不填。"), "lon" if lon is None else "lat")
    if lon is not None:
        converted = to_wgs84(values.get("datum") or "wgs84", lon, lat)
        enterprise.lon, enterprise.lat = (round(float(degree), 7) for degree in converted)
    enterprise.region = _region(enterprise, values.get("region"), known)


def _region(enterprise: Enterprise, words: str | None, known: Known) -> str:
    if words:
        written = prefix(words) if words.isdecimal() and words.isascii() else words
        codes = set(known.regions.get(written, ()))
        if not codes:
            raise BadRow(_("没有代码或名称为“%(words)s”的区划。") % {"words": words}, "region")
        if len(codes) > 1:
            raise BadRow(
                _("有 %(count)d 个区划叫“%(words)s”，请填代码。") % {"count": len(codes), "words": words}, "region"
            )
        return codes.pop()
    if enterprise.region:
        return enterprise.region
    if enterprise.lon is not None and (code := known.finder.codes_at([enterprise.lon], [enterprise.lat])[0]):
        return code
    raise BadRow(_("没有填辖区，坐标也不在已知边界内。请填区划名称或代码。"), "region")


def _validate(enterprise: Enterprise) -> None:
    """Lengths and choices. Whether the code is taken is known already, and the database guards it."""
    try:
        enterprise.clean_fields(exclude=["initials"])
    except ValidationError as wrong:
        name, messages = next(iter(wrong.message_dict.items()))
        raise BadRow(messages[0], name) from None


def _permit(user, before: Enterprise | None, after: Enterprise) -> None:
    if before is None:
        allowed = may_row(user, "enterprises.add", after)
    else:
        allowed = all(may(user, "enterprises.change", region=one.region, organisation="") for one in (before, after))
    if not allowed:
        raise BadRow(_("不在您的辖区内，不能导入。"), "region")


def _words(text: str) -> Iterable[str]:
    return filter(None, map(str.strip, re.split(r"[、,，;；/\n]", text)))


def _categories(text: str) -> set[str]:
    found = set()
    for words in _words(text):
        code = code_named(words)
        if not code:
            raise BadRow(_("没有监管类别“%(words)s”。多个类别用顿号隔开。") % {"words": words}, "categories")
        found.add(code)
    return found


def _supervisors(text: str, known: Known) -> list[Organisation]:
    found = []
    for words in _words(text):
        if words not in known.organisations:
            raise BadRow(_("没有单位“%(words)s”。多个部门用顿号隔开。") % {"words": words}, "supervisors")
        found.append(known.organisations[words])
    return found


def _regulate(good: list[Plan]) -> None:
    changed = [plan for plan in good if "categories" in plan.changes]
    for some in batched([plan.enterprise.pk for plan in changed], BATCH):
        RegulatedAs.objects.filter(enterprise__in=some).delete()
    RegulatedAs.objects.bulk_create(
        (RegulatedAs(enterprise=plan.enterprise, code=code) for plan in changed for code in sorted(plan.categories)),
        batch_size=2000,
    )


def _supervise(good: list[Plan]) -> None:
    changed = [plan for plan in good if "supervisors" in plan.changes]
    link = Enterprise.supervisors.through
    for some in batched([plan.enterprise.pk for plan in changed], BATCH):
        link.objects.filter(enterprise__in=some).delete()
    link.objects.bulk_create(
        (link(enterprise=plan.enterprise, organisation=one) for plan in changed for one in plan.supervisors),
        batch_size=2000,
        ignore_conflicts=True,
    )
