"""Daily and monthly reports: numbered, made of the data of their period, told to those they are for. A report does not
change once it is made; who corrects something does so in the data, and the next report says it."""

import tempfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from anlan.desk.access.models import Post
from anlan.desk.access.regions import within
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import holders
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.context import acting
from anlan.desk.cases.models import Case
from anlan.desk.documents import store
from anlan.desk.documents.models import Document
from anlan.desk.documents.types import XLSX
from anlan.desk.exchange.export import ExportColumn, write
from anlan.desk.notices.actions import tell
from anlan.know.enterprises.models import Enterprise
from anlan.know.places.models import Region
from anlan.watch.warnings.actions import KIND
from anlan.watch.warnings.analysis import COMPARED, LEVELS, Rows, bounds, compared
from anlan.watch.warnings.models import ColourChange, OnlinePatrol, Report
from anlan.watch.warnings.wording import CAUSE_TITLES, FIGURES, LEVEL_TITLES

PREFIX = {Report.Kind.DAY: "YJRB", Report.Kind.MONTH: "YJYB"}
MOST = 300  # reports made in one round; the rest follow at the next


def make_due(now: datetime) -> int:
    """Yesterday's reports and, on the first days of a month, those of the month before. Safe to run twice."""
    today = timezone.localdate(now)
    yesterday = today - timedelta(days=1)
    with acting("reports"):
        made = _make(Report.Kind.DAY, yesterday, yesterday)
        if today.day <= 5 and made < MOST:
            last = today.replace(day=1) - timedelta(days=1)
            made += _make(Report.Kind.MONTH, last.replace(day=1), last)
    return made


def _make(kind: str, first: date, last: date) -> int:
    """For every county; for every enterprise that had a warning in the period. Only those not made yet."""
    there = set(Report.objects.filter(kind=kind, first=first).values_list("region", "organisation"))
    wanted = [(code, "") for code in _counties()] + _owners(first, last)
    chosen = [place for place in wanted if place not in there][:MOST]
    for region, organisation in chosen:
        make(kind, first, last, region, organisation)
    return len(chosen)


def _counties() -> list[str]:
    """Counties in which somebody may read a report."""
    readers = [role.code for role in all_roles().values() if role.side != "enterprise" and role.grants("warnings.see")]
    served = {region[:6] for region in Post.objects.filter(role__in=readers).values_list("region", flat=True)}
    counties = Region.objects.filter(level=Region.Level.COUNTY, valid_to=None).order_by("code")
    return [code for code in counties.values_list("code", flat=True) if any(code.startswith(one) for one in served)]


def _owners(first: date, last: date) -> list[tuple[str, str]]:
    start, end = bounds(first, last)
    cases = Case.objects.filter(kind=KIND, opened_at__gte=start, opened_at__lt=end, exercise=False)
    owners = set(cases.exclude(organisation="").values_list("organisation", flat=True))
    return list(Enterprise.objects.filter(code__in=owners).order_by("code").values_list("region", "code"))


def rows_of(region: str, organisation: str) -> Rows:
    place = {"organisation": organisation} if organisation else {}
    where = within(region) if not organisation else within("")
    return Rows(
        cases=Case.objects.filter(where, kind=KIND, **place),
        changes=ColourChange.objects.filter(where, **place),
        patrols=OnlinePatrol.objects.filter(where, **place),
    )


@transaction.atomic
def make(kind: str, first: date, last: date, region: str, organisation: str = "") -> Report:
    """One report with its workbook; who it is for is told."""
    content = compared(rows_of(region, organisation), first, last)
    number = f"{PREFIX[kind]}-{first:%Y%m%d}-{organisation or region}"
    report = Report(
        region=region, organisation=organisation, number=number, kind=kind, first=first, last=last, content=content,
        made_at=timezone.now(),
    )  # fmt: skip
    report.document = _workbook(report)
    report.save()
    data = {"kind": kind, "opened": content["now"]["opened"], "document": report.document.digest}
    append(
        Act(
            action="warnings.report",
            subject=f"warning-report:{report.pk}",
            region=region,
            organisation=organisation,
            words=number,
            data=data,
        )
    )
    _publish(report)
    return report


def _publish(report: Report) -> None:
    now = report.content["now"]
    people = holders("warnings.see", region=report.region, organisation=report.organisation)
    if report.organisation:  # an enterprise's own report is for the enterprise; the county has its own
        enterprise = [role.code for role in all_roles().values() if role.side == "enterprise"]
        people = people.filter(posts__role__in=enterprise, posts__organisation=report.organisation).distinct()
    tell(
        list(people),
        title=f"{report.get_kind_display()} {report.number}",
        body=_("发起 %(opened)d 件，办结 %(closed)d 件，期末未办结 %(open)d 件。")
        % {"opened": now["opened"], "closed": now["closed"], "open": now["open_at_end"]},
        url=f"/warning-reports/{report.pk}/",
        level=None,
        room="warnings",
        key=f"warning-report:{report.number}",
    )


def lines(report: Report) -> list[tuple[str, object, object, object]]:
    """The report as a table: what, in this period, in the one before, difference."""
    now, earlier, differs = (report.content[name] for name in ("now", "before", "difference"))
    found = [(str(FIGURES[name]), now[name], earlier[name], differs[name]) for name in COMPARED]
    for level in map(str, LEVELS):
        title = _("其中%(level)s") % {"level": LEVEL_TITLES[int(level)]}
        counts = now["levels"][level], earlier["levels"][level]
        found.insert(int(level), (title, *counts, counts[0] - counts[1]))
    for cause in sorted({*now["causes"], *earlier["causes"]}):
        counts = now["causes"].get(cause, 0), earlier["causes"].get(cause, 0)
        found.append((_("原因：%(cause)s") % {"cause": CAUSE_TITLES.get(cause, cause)}, *counts, counts[0] - counts[1]))
    return found


def _workbook(report: Report) -> Document:
    """The same table as a file that stays as it was."""
    with override(settings.LANGUAGE_CODE), tempfile.TemporaryFile() as file:
        columns = [
            ExportColumn(report.number, lambda row: row[0], 34),
            ExportColumn(_("本期"), lambda row: row[1]),
            ExportColumn(_("上期"), lambda row: row[2]),
            ExportColumn(_("增减"), lambda row: row[3]),
        ]
        write(file, lines(report), columns, "xlsx")
        file.seek(0)
        digest, size = store.keep(_pieces(file), settings.DOCUMENT_BYTES)
    return Document.objects.create(
        name=f"{report.number}.xlsx",
        media_type=XLSX.media_type,
        size=size,
        digest=digest,
        added_by=None,
        region=report.region,
        organisation=report.organisation,
    )


def _pieces(file) -> Iterable[bytes]:
    while piece := file.read(65_536):
        yield piece
