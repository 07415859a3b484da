"""Trials that wait are run by the process beside the web, one after the other, and their page shows what they found."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from anlan.watch.devices.models import Device, Point, Rule
from anlan.watch.tuning import actions, trials
from anlan.watch.tuning.models import Trial, Version
from anlan.watch.tuning.rules import settings_of
from anlan.watch.tuning.tests.test_trials import START, home, keep, trial_of

pytest_plugins = ["tests.plant"]
__all__ = ["home"]  # a fixture


@pytest.fixture
def rule(gauge) -> Rule:
    return gauge.rules.get(kind="H")


@pytest.fixture
def archive(home, monkeypatch):
    """The archive that trials of the platform itself read."""
    monkeypatch.setattr(trials, "load", lambda: home)
    return home


@pytest.fixture
def beside(gauge) -> Point:
    """The same point on another device of its profile."""
    device = Device.objects.create(
        code="LT-102", name="2号", profile="tank_level", region=gauge.device.region,
        organisation=gauge.device.organisation,
    )  # fmt: skip
    return Point.objects.create(device=device, key="level", title="液位", unit="%")


def lifted(home, point: int, value: float = 88.0) -> None:
    keep(home, point, [(START + timedelta(minutes=n), value if 60 <= n < 120 else 50.0) for n in range(240)])


def test_a_trial_that_waits_is_run_to_its_end_and_the_next_one_after_it(cast, archive, gauge, rule):
    lifted(archive, gauge.pk)
    first, second = (trial_of(cast, rule, {"limit": limit}) for limit in (80.0, 95.0))
    Trial.objects.update(state=Trial.State.WAITING)
    assert [trials.run_next().pk, trials.run_next().pk, trials.run_next()] == [first.pk, second.pk, None]
    done = list(Trial.objects.order_by("pk").values_list("state", "progress"))
    assert done == [("done", 100), ("done", 100)]
    assert Trial.objects.get(pk=second.pk).outcome["after"]["alarms"] == 0


def test_a_trial_that_cannot_be_run_says_why(cast, archive, gauge, rule, monkeypatch):
    monkeypatch.setattr(trials, "MOST", 0)
    trial = trial_of(cast, rule, {"limit": 80.0})
    Trial.objects.update(state=Trial.State.WAITING)
    trials.run_next()
    trial.refresh_from_db()
    assert trial.state == "failed" and trial.problem


# --- the page -----------------------------------------------------------------------------------------------------
@pytest.fixture
def page(cast, archive, signed_in):
    """The page of a trial after it was run."""

    def shown(trial: Trial, part: str = "manager") -> str:
        Trial.objects.filter(pk=trial.pk).update(state=Trial.State.WAITING)
        trials.run_next()
        return signed_in(getattr(cast, part)).get(reverse("trials.item", args=[trial.pk])).content.decode()

    return shown


def test_the_page_draws_the_series_with_the_old_and_the_new_limit(cast, archive, gauge, rule, page):
    lifted(archive, gauge.pk)
    trial = trial_of(cast, rule, {"limit": 80.0})
    shown = page(trial)
    assert reverse("devices.history", args=[gauge.pk]) in shown
    assert 'limit-before="85"' in shown and 'limit-after="80"' in shown and "data-series" not in shown
    assert f'start="{round(START.timestamp() * 1000)}"' in shown


def test_among_many_series_the_first_is_one_that_alarms_and_the_others_can_be_chosen(
    cast, archive, gauge, beside, rule, page
):
    lifted(archive, gauge.pk, 60.0)
    lifted(archive, beside.pk)
    shown = page(trial_of(cast, rule, {"limit": 80.0}, scope="profile"))
    before, select = shown.split("data-series")
    assert f'src="{reverse("devices.history", args=[beside.pk])}"' in before
    assert select.index("2号 液位") < select.index("1号储罐液位计 液位")


def test_a_limit_of_something_else_than_the_reading_is_not_drawn(cast, archive, gauge, page):
    change = Rule.objects.create(point=gauge, kind="H", of="CHANGE", window=600, limit=10, level=3)
    lifted(archive, gauge.pk)
    shown = page(trial_of(cast, change, {"limit": 5.0}))
    assert "limit-before" not in shown and "限值不画在读数曲线上" in shown


def test_once_the_change_is_in_force_the_page_still_says_what_the_rule_was(cast, archive, gauge, rule, page):
    lifted(archive, gauge.pk)
    trial = trial_of(cast, rule, {"limit": 80.0})
    change = actions.ask(cast.manager, actions.with_settings(rule, settings_of(rule) | {"limit": 80.0}), "早些报警")
    actions.approve(cast.inspector, change)
    assert Version.objects.filter(rule=rule).count() == 2 and timezone.now() > trial.asked_at
    shown = page(trial)
    assert 'limit-before="85"' in shown and 'limit-after="80"' in shown
