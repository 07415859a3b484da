import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from anlan.desk.access.standing import Refused
from anlan.desk.audit.history import history
from anlan.desk.figures.declare import figures
from anlan.desk.lists.declare import lists, names
from anlan.desk.subjects.declare import Selector, select
from anlan.know.enterprises import gates
from anlan.know.enterprises.actions import save_enterprise
from anlan.know.enterprises.forms import EnterpriseForm
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.enterprises.rules import check_character
from anlan.know.organisations.models import Organisation
from anlan.know.places.models import Region
from tests.cast import DISTRICT, ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db
NEW = "91999901MAA999999"
NEW += check_character(NEW)


@pytest.fixture
def works(db):
    one = Enterprise.objects.create(
        code=ENTERPRISE_A, name="安澜化工有限公司", region=TOWN, level=1, initials="alhgyxgs"
    )
    two = Enterprise.objects.create(code=ENTERPRISE_B, name="澄江机械厂", region=OTHER_TOWN, status="stopped")
    RegulatedAs.objects.create(enterprise=one, code="hazchem_producer")
    RegulatedAs.objects.create(enterprise=one, code="major_hazard")
    return one, two


def seen(user):
    return set(gates.seen_by(user).values_list("code", flat=True))


def test_a_town_officer_sees_the_own_town_and_a_manager_the_own_file(works, cast):
    assert seen(cast.duty) == {ENTERPRISE_A, ENTERPRISE_B}
    assert seen(cast.town_officer) == seen(cast.manager) == seen(cast.team_leader) == {ENTERPRISE_A}
    assert seen(cast.other_manager) == {ENTERPRISE_B}
    for nobody in (cast.neighbour_duty, cast.stranger, cast.security_administrator):
        assert seen(nobody) == set()


def test_an_enterprise_belongs_to_itself_whoever_says_otherwise(works):
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.filter(code=ENTERPRISE_A).update(organisation=ENTERPRISE_B)


def test_a_file_is_opened_with_categories_and_recorded(cast):
    bureau = Organisation.objects.create(code="B1", name="市场监管局", kind="department", region=DISTRICT)
    enterprise = save_enterprise(
        cast.inspector,
        Enterprise(code=NEW.lower(), name="青屏食品有限公司", region=TOWN, industry="1392"),
        ["ammonia", "limited_space"],
        [bureau],
    )
    assert (enterprise.code, enterprise.organisation, enterprise.industry) == (NEW, NEW, "C1392")
    assert enterprise.initials == "qpspyxgs"
    assert list(bureau.supervised.all()) == [enterprise]
    step = history(f"enterprise:{enterprise.pk}", Enterprise)[0]
    assert (step.action, step.changes) == ("enterprises.add", ())
    save_enterprise(cast.inspector, enterprise, ["ammonia"], [])
    changed = {change.title: change.after for change in history(f"enterprise:{enterprise.pk}", Enterprise)[0].changes}
    assert changed == {"监管类别": "液氨制冷", "行业监管部门": "—"}
    assert not bureau.supervised.exists()


@pytest.mark.parametrize(
    ("code", "says"),
    [(NEW[:-1] + "0", "校验位应为"), ("9199990", None), ("91999901MAA99999OI", "不含 I"), ("不是代码", "应为 18 位")],
)
def test_a_wrong_credit_code_is_refused_with_what_it_should_be(cast, code, says):
    enterprise = Enterprise(code=code, name="某厂", region=TOWN)
    if says is None:
        assert save_enterprise(cast.inspector, enterprise).code == code
        return
    with pytest.raises(ValidationError, match=says):
        save_enterprise(cast.inspector, enterprise)


def test_who_read_an_older_version_is_told_what_differs(works, cast):
    mine, theirs = Enterprise.objects.get(code=ENTERPRISE_A), Enterprise.objects.get(code=ENTERPRISE_A)
    theirs.phone = "111"
    save_enterprise(cast.inspector, theirs)
    mine.phone = "222"
    with pytest.raises(ValidationError, match="联系电话"):
        save_enterprise(cast.inspector, mine)
    assert Enterprise.objects.get(code=ENTERPRISE_A).phone == "111"


def test_an_enterprise_says_its_own_telephone_and_not_its_own_grade(works, cast):
    own = Enterprise.objects.get(code=ENTERPRISE_A)
    own.duty_phone = "0000001"
    save_enterprise(cast.manager, own)
    own.level = 4
    with pytest.raises(ValidationError, match="风险等级"):
        save_enterprise(cast.manager, own)
    with pytest.raises(ValidationError, match="监管类别"):
        save_enterprise(cast.manager, Enterprise.objects.get(code=ENTERPRISE_A), categories=[])
    with pytest.raises(Refused):
        save_enterprise(cast.manager, Enterprise.objects.get(code=ENTERPRISE_B))


def test_nobody_moves_an_enterprise_into_a_region_out_of_reach(works, cast):
    moved = Enterprise.objects.get(code=ENTERPRISE_A)
    moved.region = OTHER_TOWN
    with pytest.raises(Refused):
        save_enterprise(cast.town_officer, moved)
    with pytest.raises(Refused):
        save_enterprise(cast.town_officer, Enterprise(code=NEW, name="某厂", region=TOWN))


def test_an_unknown_category_or_industry_is_refused(works, cast):
    with pytest.raises(ValidationError, match="没有监管类别"):
        save_enterprise(cast.inspector, works[0], ["nonsense"])
    works[0].industry = "Z99"
    with pytest.raises(ValidationError, match="GB/T 4754"):
        save_enterprise(cast.inspector, works[0])


def test_the_form_offers_only_what_the_person_may_change(works, cast):
    form = EnterpriseForm(instance=works[0], user=cast.manager)
    assert "level" not in form.fields and "categories" not in form.fields and "safety_phone" in form.fields
    full = EnterpriseForm(instance=works[0], user=cast.inspector)
    assert full.fields["code"].disabled and not full.fields["level"].disabled


def test_the_form_saves_through_the_verb(works, cast):
    Region.objects.create(code=TOWN, name="安和镇", level=9)
    data = {
        "name": "安澜化工有限公司",
        "region": "安和镇",
        "status": "operating",
        "version": "0",
        "categories": ["dust"],
    }
    form = EnterpriseForm(data, instance=Enterprise.objects.get(code=ENTERPRISE_A), user=cast.inspector)
    assert form.is_valid(), form.errors
    saved = form.save_by(cast.inspector)
    assert (saved.code, saved.version) == (ENTERPRISE_A, 1)
    assert list(saved.categories.values_list("code", flat=True)) == ["dust"]


def test_the_category_filter_shows_each_enterprise_once(works, cast):
    category = next(one for one in lists()["enterprises"].filters if one.name == "category")
    found = category.apply(gates.seen_by(cast.duty), ["hazchem_producer", "major_hazard"])
    assert [one.code for one in found] == [ENTERPRISE_A]


def test_codes_are_named_and_found_within_reach(works, cast):
    organisation = names()["organisation"]
    assert organisation.titles({ENTERPRISE_A, "?"}) == {ENTERPRISE_A: "安澜化工有限公司"}
    assert organisation.find(cast.duty, "alhg") == [(ENTERPRISE_A, "安澜化工有限公司")]
    assert organisation.find(cast.other_manager, "alhg") == []


def test_figures_count_what_is_not_closed(works):
    Enterprise.objects.create(code="GONE", name="已关", region=TOWN, status="closed")
    counted = figures()
    assert counted["enterprises_count"].compute(None, None, DISTRICT) == 2.0
    assert counted["enterprises_count"].compute(None, None, TOWN) == 1.0
    assert counted["enterprises_hazchem_producer"].compute(None, None, "") == 1.0
    assert counted["enterprises_red"].compute(None, None, DISTRICT) == 1.0


def test_obligations_bind_those_that_operate_in_a_category(works):
    found = list(select(Selector(room="enterprises", side="enterprise", categories=("major_hazard",))))
    assert [one.key for one in found] == [f"enterprise:{ENTERPRISE_A}"]
    assert len(list(select(Selector(room="enterprises")))) == 1, "one of the two has stopped"
