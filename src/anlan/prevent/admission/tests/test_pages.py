from datetime import timedelta

from django.utils import timezone

from anlan.know.enterprises.models import Enterprise
from anlan.prevent.admission.models import Contractor, Entry
from tests.cast import ENTERPRISE_A, TOWN


def test_a_contractor_is_kept_and_entry_is_asked_through_the_pages(cast, signed_in, contractor, welder, certificate):
    Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工有限公司", region=TOWN)
    certificate("T-100001", "welding", timezone.localdate() - timedelta(days=1))
    client = signed_in(cast.manager)
    page = client.get(f"/contractors/{contractor.pk}/").content.decode()
    assert "已于" in page and "申请入厂" in page
    today = timezone.localdate().isoformat()
    form = {"contractor": contractor.pk, "staff": [welder.pk], "work": "更换管段", "kind": "hot_work",
            "starts_on": today, "ends_on": today}  # fmt: skip
    answer = client.post("/entry-permits/new/", form, follow=True)
    assert answer.status_code == 200
    entry = Entry.objects.get()
    assert entry.state == Entry.State.REFUSED
    assert "到期" in answer.content.decode() and "安全生产法 第30条" in answer.content.decode()
    new = {"organisation": ENTERPRISE_A, "code": "91999901MAB0000092", "name": "新承包商"}
    assert client.post("/contractors/new/", new).status_code == 302
    assert Contractor.objects.filter(name="新承包商", region=TOWN).exists()


def test_a_form_for_another_enterprise_is_refused(cast, signed_in, contractor):
    Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工有限公司", region=TOWN)
    form = {"organisation": ENTERPRISE_A, "code": "91999901MAB0000093", "name": "混入"}
    signed_in(cast.other_manager).post("/contractors/new/", form)
    assert not Contractor.objects.filter(name="混入").exists()


def test_reasons_are_said_in_the_readers_language(cast, signed_in, contractor):
    contractor.agreement_until = None
    contractor.save()
    entry = Entry.objects.create(
        contractor=contractor, region=TOWN, organisation=ENTERPRISE_A, work="x", starts_on=timezone.localdate(),
        ends_on=timezone.localdate(), state="refused", asked_at=timezone.now(), asked_by=cast.manager,
        reasons=[{"about": "甲", "words": {"zh": "没有协议", "en": "has no agreement"}, "clause": None}],
    )  # fmt: skip
    client = signed_in(cast.manager)
    client.cookies["django_language"] = "en"
    assert "has no agreement" in client.get(f"/entry-permits/{entry.pk}/").content.decode()
