from datetime import timedelta

from django.utils import timezone

from anlan.desk.exchange.declare import Row
from anlan.prevent.hazards.counting import rebuild
from anlan.prevent.hazards.ledger import check, save
from anlan.prevent.hazards.models import Hazard, Tally
from tests.cast import ENTERPRISE_A


def row(number=2, **more):
    today = timezone.localdate()
    given = {"enterprise": "松塘化工有限公司", "title": "配电箱未上锁", "found_on": today - timedelta(days=40)}
    return Row(number, given | more)


def test_a_ledger_is_read_once_however_often_it_is_imported(cast, enterprise):
    rows = [row(), row(3, title="灭火器过期", kind="消防", grade="major"), row(4)]
    assert [verdict.state for verdict in save(cast.manager, rows)] == ["new", "new", "unchanged"]
    assert [verdict.state for verdict in save(cast.manager, rows)] == ["unchanged"] * 3
    assert Hazard.objects.count() == 2
    major = Hazard.objects.get(title="灭火器过期")
    assert (major.kind, major.level, major.state, major.sector) == ("fire", 1, "settling", "hazchem_producer")
    assert major.case.number == major.number and major.case.steps.count() == 1


def test_what_the_ledger_says_is_over_is_cancelled_and_counted(cast, enterprise):
    day = timezone.localdate() - timedelta(days=30)
    save(cast.manager, [row(closed_on=day, measure="已上锁", rest={"备注": "二车间"})])
    hazard = Hazard.objects.get()
    assert hazard.state == "cancelled" and not hazard.is_open and "二车间" in hazard.words
    kept = sorted(Tally.objects.filter(found__gt=0).values_list("dimension", "value", "found", "closed", "in_time"))
    rebuild()
    assert sorted(Tally.objects.values_list("dimension", "value", "found", "closed", "in_time")) == kept


def test_what_cannot_be_is_refused_with_the_reason(cast, enterprise, other_enterprise):
    today = timezone.localdate()
    rows = [
        row(enterprise="没有的企业"),
        row(enterprise="另一企业"),
        row(found_on=today + timedelta(days=1)),
        row(closed_on=today - timedelta(days=90)),
        row(kind="莫名其妙"),
    ]
    verdicts = check(cast.manager, rows)
    assert [verdict.state for verdict in verdicts] == ["bad"] * 5
    assert [verdict.field for verdict in verdicts] == ["enterprise", "enterprise", "found_on", "closed_on", "kind"]
    assert save(cast.manager, rows) == verdicts and not Hazard.objects.exists()


def test_an_enterprise_is_known_by_its_code_too(cast, enterprise):
    assert check(cast.inspector, [row(enterprise=ENTERPRISE_A)])[0].state == "new"
