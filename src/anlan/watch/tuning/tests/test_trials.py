"""A trial: the changed rule over the archive beside the one in force."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from anlan.columns.readings import readings
from anlan.telemetry import settings
from anlan.telemetry.archive.history import History
from anlan.telemetry.archive.writer import Store
from anlan.watch.devices.models import Device, Point, Rule
from anlan.watch.devices.profiles import fit
from anlan.watch.tuning import trials
from anlan.watch.tuning.models import Trial
from anlan.watch.tuning.rules import settings_of, windows_of
from tests.cast import ENTERPRISE_A, TOWN

pytest_plugins = ["tests.plant"]
START = datetime(2026, 3, 1, tzinfo=UTC)
RECORDED = Path(__file__).resolve().parents[6] / "shared" / "data" / "sensors"


@pytest.fixture
def home(tmp_path):
    return settings.load({"ANLAN_HOME": str(tmp_path)})


def keep(home, point: int, rows: list[tuple[datetime, float]]) -> None:
    at = np.array([round(when.timestamp() * 1e6) for when, _ in rows])
    Store(home, "r").write(readings([point] * len(rows), at, [value for _, value in rows], [0] * len(rows)), 1)


def trial_of(cast, rule: Rule, after: dict, start=START, days=2, **fields) -> Trial:
    return Trial.objects.create(
        rule=rule,
        after=settings_of(rule) | after,
        starts_at=start,
        ends_at=start + timedelta(days=days),
        asked_by=cast.manager,
        region=rule.region,
        organisation=rule.organisation,
        state="running",
        **fields,
    )


@pytest.fixture
def waves(home, gauge) -> list:
    """Two days in which the level goes to 88 for an hour in every six, and once to 83."""
    rows = [
        (START + timedelta(minutes=n), 88.0 if n % 360 < 60 else 83.0 if 1000 <= n < 1020 else 50.0)
        for n in range(2880)
    ]
    keep(home, gauge.pk, rows)
    return rows


def test_both_rules_are_run_and_told_side_by_side(cast, home, gauge, waves):
    trial = trial_of(cast, gauge.rules.get(kind="H"), {"limit": 82.0})
    found = trials.run(trial, History(home))
    assert (found["before"]["alarms"], found["after"]["alarms"]) == (8, 9)
    assert Trial.objects.get(pk=trial.pk).progress > 50 and Trial.objects.get(pk=trial.pk).points == 1


def test_a_rule_switched_off_raises_nothing(cast, home, gauge, waves):
    trial = trial_of(cast, gauge.rules.get(kind="H"), {"enabled": False})
    assert trials.run(trial, History(home))["after"]["alarms"] == 0


def test_a_vote_is_tried_over_what_its_members_reported(cast, home, db):
    device = Device.objects.create(
        code="RT-1", name="联锁测温", profile="reactor_trip", region=TOWN, organisation=ENTERPRISE_A
    )
    fit(device)
    votes = Rule.objects.get(point__device=device, point__key="votes")
    # Every twenty seconds: the first is over the trip for two hours, the second for one of them, the third never.
    for key, until in {"t1": 180, "t2": 120, "t3": 0}.items():
        times = [START + timedelta(seconds=20 * n) for n in range(3 * 240)]
        over = START + timedelta(minutes=60), START + timedelta(minutes=until)
        keep(home, device.points.get(key=key).pk, [(at, 120.0 if over[0] <= at < over[1] else 80.0) for at in times])
    trial = trial_of(cast, votes, {"limit": 1.0}, days=1 / 6)
    found = trials.run(trial, History(home))
    hours = [[(cleared - raised) // 3_600_000 for _, raised, cleared, _ in side["episodes"]] for side in found.values()]
    assert hours == [[1], [2]]


def test_the_hours_of_a_rule_are_tried_too(cast, home, gauge, waves):
    trial = trial_of(cast, gauge.rules.get(kind="H"), {"calendar": "noise_night"})
    found = trials.run(trial, History(home))
    raised = [datetime.fromtimestamp(one[1] / 1000, UTC) + timedelta(hours=8) for one in found["after"]["episodes"]]
    assert 0 < len(raised) < 8 and all(at.hour >= 22 or at.hour < 6 for at in raised)


def test_what_really_happened_is_found_missed_or_imagined(cast, home, gauge, waves):
    window = [(START + timedelta(minutes=995)).isoformat(), (START + timedelta(minutes=1015)).isoformat()]
    trial = trial_of(cast, gauge.rules.get(kind="H"), {"limit": 82.0}, windows=[window])
    found = trials.run(trial, History(home))
    assert (found["before"]["found"], found["before"]["missed"]) == (0, 1)
    assert (found["after"]["found"], found["after"]["delay"], found["after"]["for_nothing"]) == (1, 300, 8)


def test_devices_of_the_profile_that_the_asker_sees_are_tried_together(cast, home, gauge, waves):
    first = gauge.device
    for number, owner in enumerate((first.organisation, "91999901MAA0000026")):
        device = Device.objects.create(
            code=f"LT-{number}", name=f"罐{number}", profile=first.profile, region=first.region, organisation=owner
        )
        Point.objects.create(device=device, key="level", title="液位")
    trial = trial_of(cast, gauge.rules.get(kind="H"), {}, scope="profile")
    assert len(trials.points_of(trial)) == 2
    trial.within = "888888"
    assert trials.points_of(trial) == []


def test_a_cancelled_trial_stops_between_two_days(cast, home, gauge, waves):
    trial = trial_of(cast, gauge.rules.get(kind="H"), {})
    Trial.objects.filter(pk=trial.pk).update(state="cancelled")
    with pytest.raises(trials.Cancelled):
        trials.run(trial, History(home))


def test_windows_are_read_with_or_without_a_heading_and_a_bad_line_is_named():
    assert len(windows_of("start,end\n2026-03-01 00:00,2026-03-01 01:00\n\n2026-03-02\t2026-03-03\n")) == 2
    with pytest.raises(ValueError, match="2"):
        windows_of("2026-03-01,2026-03-02\n2026-03-02,soon")
    with pytest.raises(ValueError):
        windows_of("2026-03-02,2026-03-01")


def recorded(name: str) -> Path:
    file = RECORDED / name
    if not file.exists():
        pytest.skip(f"{name} is not here: trials on recorded series were not tried")
    return file


def test_a_recorded_motorway_with_labelled_events(cast, home, gauge):
    """Speeds of a motorway in 2015 with the anomalies people marked (NAB): a stricter limit finds no fewer of them."""
    rows = [
        (datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC), float(row["value"]))
        for row in csv.DictReader(recorded("nab_realTraffic_speed_7578.csv").open())
    ]
    told = json.loads(recorded("nab_realTraffic_windows.json").read_text())
    (marked,) = [windows for name, windows in told.items() if "speed_7578" in name]
    windows = [[datetime.fromisoformat(at).replace(tzinfo=UTC).isoformat() for at in pair] for pair in marked]
    keep(home, gauge.pk, rows)
    rule = Rule.objects.create(point=gauge, kind="L", limit=20.0, deadband=5, level=3)
    days = (rows[-1][0] - rows[0][0]).days + 1
    trial = trial_of(cast, rule, {"limit": 50.0}, start=rows[0][0], days=days, windows=windows)
    found = trials.run(trial, History(home))
    assert found["after"]["found"] >= found["before"]["found"] and found["after"]["found"] > 0
    assert found["after"]["alarms"] > found["before"]["alarms"]


def test_a_recorded_landslide_is_tried_with_its_displacement(cast, home, gauge):
    with recorded("lamosano_landslide_displacement_rain.csv").open() as file:
        table = list(csv.reader(file, delimiter=";" if ";" in file.readline() else ","))
    rows = []
    for line in table:
        try:
            at = datetime.fromisoformat(line[0]).replace(tzinfo=UTC)
            rows.append((at, next(float(cell) for cell in line[1:] if cell)))
        except (ValueError, StopIteration):
            continue
    assert len(rows) > 100 and min(value for _, value in rows) < 0.5
    keep(home, gauge.pk, rows)
    rule = Rule.objects.create(point=gauge, kind="L", limit=-1e6, level=2)
    days = min((rows[-1][0] - rows[0][0]).days + 1, 120)
    trial = trial_of(cast, rule, {"limit": 0.5}, start=rows[0][0], days=days)
    found = trials.run(trial, History(home))
    assert found["before"]["alarms"] == 0 and found["after"]["alarms"] > 0
