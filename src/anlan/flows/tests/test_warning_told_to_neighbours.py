from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.cases.models import Case
from anlan.prevent.risks import gates
from anlan.prevent.risks.joining import reply, save_agreement, share
from anlan.prevent.risks.models import Agreement, SharedWarning
from anlan.watch.warnings.actions import Occasion, warn
from tests.cast import DISTRICT, NEIGHBOUR, TOWN


@pytest.fixture
def agreement(cast) -> Agreement:
    cast.all()
    return save_agreement(
        cast.inspector,
        Agreement(title="界河联防", region=DISTRICT, regions=[NEIGHBOUR], since=date(2026, 1, 1), reply_hours=2),
    )


def test_of_two_counties_with_one_agreement_b_receives_the_red_warning_of_a_and_its_reply_is_recorded(agreement, cast):
    """S62: Given two adjoining counties with one agreement, when A issues a red warning near the border, then B
    receives it and its reply is recorded."""
    warn(Occasion(subject="device:1", title="界河油品泄漏", level=1, region=TOWN, organisation="", at=timezone.now()))
    (sharing,) = SharedWarning.objects.all()
    assert (sharing.region, sharing.from_region, sharing.words) == (NEIGHBOUR, TOWN, "界河油品泄漏")
    assert cast.neighbour_duty.notices.filter(title__contains="联防通报").exists()
    assert sharing in gates.sharings_seen_by(cast.neighbour_duty)
    reply(cast.neighbour_duty, [sharing], "已封闭下游取水口")
    sharing.refresh_from_db()
    assert (sharing.reply, sharing.replied_by) == ("已封闭下游取水口", cast.neighbour_duty)
    with pytest.raises(ValidationError, match="已经回复"):
        reply(cast.neighbour_duty, [sharing], "再说一次")
    assert Case.objects.count() == 1


def test_only_the_partner_answers_and_a_lesser_warning_is_not_told(agreement, cast):
    assert share(source="case:1", region=TOWN, level=3, words="小事") == []
    (sharing,) = share(source="case:2", region=TOWN, level=1, words="大事")
    assert share(source="case:2", region=TOWN, level=1, words="大事") == []
    for part in ("duty", "manager", "town_officer"):
        with pytest.raises(Refused):
            reply(getattr(cast, part), [sharing], "x")
