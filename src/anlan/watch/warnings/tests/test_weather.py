"""A bulletin of an authority weighs on the regions it names, as long as it holds."""

from datetime import UTC, datetime, timedelta

import pytest

from anlan.watch.bulletins.models import Bulletin
from anlan.watch.warnings.models import Contribution
from anlan.watch.warnings.weather import weigh_bulletins
from tests.cast import DISTRICT, TOWN

NOW = datetime(2026, 7, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def bulletin(db):
    def make(**other) -> Bulletin:
        fields = {
            "source": "national", "identifier": "1", "sender": "s", "sent": NOW, "status": "Actual", "kind": "Alert",
            "scope": "Public", "event": "暴雨", "level": 1, "severity": "Extreme", "urgency": "Immediate",
            "certainty": "Likely", "headline": "暴雨红色预警", "effective": NOW, "expires": NOW + timedelta(hours=3),
            "regions": [DISTRICT],
        }  # fmt: skip
        return Bulletin.objects.create(**fields | other)

    return make


def in_force() -> set[str]:
    return set(Contribution.objects.filter(ended_at=None).values_list("region", flat=True))


def test_a_bulletin_weighs_on_each_region_it_names_once(bulletin):
    bulletin(regions=[DISTRICT, TOWN])
    assert weigh_bulletins(NOW) == 2
    assert weigh_bulletins(NOW) == 0
    assert in_force() == {DISTRICT, TOWN}


@pytest.mark.parametrize(
    "other", [{"status": "Exercise"}, {"status": "Test"}, {"kind": "Cancel"}, {"level": None}, {"regions": []},
              {"effective": NOW + timedelta(hours=1)}, {"expires": NOW}, {"ended_at": NOW}]
)  # fmt: skip
def test_a_drill_what_has_no_colour_and_what_does_not_hold_weighs_nothing(bulletin, other):
    bulletin(**other)
    assert weigh_bulletins(NOW) == 0


def test_it_ends_with_the_bulletin(bulletin):
    held = bulletin()
    weigh_bulletins(NOW)
    held.ended_at = NOW + timedelta(minutes=5)
    held.save()
    assert weigh_bulletins(NOW + timedelta(minutes=6)) == 1
    assert in_force() == set()
