"""The consultation of the flood season, from its day to the warning (row S60)."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import Refused
from anlan.desk.cases.models import Case
from anlan.desk.obligations.generating import generate
from anlan.desk.obligations.models import Obligation
from anlan.desk.registers import advancing
from anlan.know.places.models import Region
from tests.cast import DISTRICT

pytestmark = pytest.mark.django_db


def test_the_flood_season_opens_on_its_day_gathers_its_inputs_and_three_signatures_issue_the_warning(
    cast, danger, hands, keep
):
    """S60: Given the flood season template, when it opens on its date, then inputs of flood, weather and enterprise
    risk are gathered, a judgement is signed by 3 departments, and a warning is issued from it."""
    Region.objects.create(code=DISTRICT, name="云汀区", level=Region.Level.COUNTY, kind="district")
    asked = Obligation.objects.filter(rule="flood_consultation", subject=f"region:{DISTRICT}")
    generate(datetime(2027, 3, 20, 4, tzinfo=UTC))
    assert not asked.exists(), "not before its day"
    generate(datetime(2027, 3, 22, 4, tzinfo=UTC))
    assert asked.get().due_on == date(2027, 4, 10)
    hands.grade(danger(), "major", by=cast.inspector)
    values = {"title_words": "汛期会商", "season": "flood", "held_on": "2027-03-25"}
    for part in ("manager", "town_officer", "assessor", "stranger"):
        with pytest.raises(Refused):
            keep(getattr(cast, part), "risk_consultations", values, DISTRICT, "")
    record = keep(cast.inspector, "risk_consultations", values, DISTRICT, "")
    gathered = {item["figure"]: item["value"] for item in record.gathered}
    assert gathered["enterprises_count"] == 2 and gathered["hazards_major_found"] == 1
    with pytest.raises(ValidationError, match="天气和水情"):
        advancing.advance(cast.inspector, record, "judged")
    record.data |= {"weather": "连续降雨，水位超警戒", "opinions": "各部门意见", "judgement": "内涝风险较大"}
    record.data |= {"level": "2", "plan": "低洼企业停工检查"}
    record.save(update_fields=["data"])
    advancing.advance(cast.inspector, record, "judged")
    for number in range(3):
        with pytest.raises(ValidationError, match="3"):
            advancing.advance(cast.inspector, record, "issued")
        signer = User.objects.create(username=f"department{number}", name="某局")
        Post.objects.create(user=signer, role="inspector", organisation=f"DEPT{number}", region=DISTRICT)
        advancing.sign(signer, record, "同意")
    for part in ("manager", "town_officer", "assessor"):
        with pytest.raises(Refused):
            advancing.sign(getattr(cast, part), record)
    advancing.advance(cast.inspector, record, "issued")
    warning = Case.objects.get(kind="warnings.warning")
    assert (warning.level, warning.title, warning.region) == (2, "汛期会商", DISTRICT)
