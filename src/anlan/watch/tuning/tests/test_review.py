"""A rule changes by request and a second person's approval; what goes round that is counted."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.watch.devices import published
from anlan.watch.devices.models import Rule
from anlan.watch.tuning import actions, figures
from anlan.watch.tuning.models import Change, Trial, Version

pytest_plugins = ["tests.plant"]


@pytest.fixture
def rule(gauge) -> Rule:
    return gauge.rules.get(kind="H")


def to(rule: Rule, **fields) -> Rule:
    changed = Rule.objects.get(pk=rule.pk)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def limit(rule: Rule) -> tuple[float, int]:
    return Rule.objects.values_list("limit", "version").get(pk=rule.pk)


def as_shown(form) -> dict:
    """What the browser would send of an untouched form."""
    held = {name: form.initial.get(name) for name in form.fields}
    return {name: "" if value is None else value for name, value in held.items()}


def unauthorised() -> float:
    today = timezone.localdate()
    figure = next(one for one in figures.FIGURES if one.name == "tuning.unauthorised")
    return figure.compute(today, today + timedelta(days=1), "")


def test_what_is_asked_holds_only_when_a_second_person_has_approved_it(cast, rule):
    change = actions.ask(cast.manager, to(rule, limit=80), "液位计换了量程")
    assert limit(rule) == (85, 1)
    actions.approve(cast.head, change, "同意")
    assert limit(rule) == (80, 2)
    (told,) = [one for one in published.rules() if one.id == rule.pk]
    assert (told.limit, told.version) == (80, 2)
    assert list(Version.objects.values_list("number", "settings__limit").order_by("number")) == [(1, 85), (2, 80)]
    assert Entry.objects.filter(action="tuning.approve").exists() and unauthorised() == 0


def test_nobody_approves_his_own_change(cast, rule):
    change = actions.ask(cast.inspector, to(rule, limit=80), "试")
    with pytest.raises(Refused):
        actions.approve(cast.inspector, change)
    assert limit(rule) == (85, 1)


@pytest.mark.parametrize("part", ["worker", "other_manager", "stranger", "duty", "security_administrator"])
def test_who_may_not_ask_changes_nothing(cast, rule, part):
    with pytest.raises(Refused):
        actions.ask(getattr(cast, part), to(rule, limit=80), "试")
    assert not Change.objects.exists()


def test_a_refused_or_withdrawn_change_changes_nothing(cast, rule):
    change = actions.ask(cast.manager, to(rule, limit=80), "试")
    with pytest.raises(ValidationError):
        actions.refuse(cast.head, change, " ")
    actions.refuse(cast.head, change, "理由不足")
    second = actions.ask(cast.manager, to(rule, limit=81), "再试")
    with pytest.raises(Refused):
        actions.withdraw(cast.inspector, second)
    actions.withdraw(cast.manager, second)
    assert limit(rule) == (85, 1) and not Version.objects.exists()


def test_one_change_at_a_time_and_none_that_changes_nothing(cast, rule):
    with pytest.raises(ValidationError):
        actions.ask(cast.manager, to(rule), "没有变化")
    actions.ask(cast.manager, to(rule, limit=80), "试")
    with pytest.raises(ValidationError):
        actions.ask(cast.inspector, to(rule, limit=70), "又试")


def test_an_emergency_change_holds_at_once_and_stays_flagged_until_approved(cast, rule):
    change = actions.ask(cast.duty, to(rule, limit=70), "泄漏，先降限值", direct=True)
    assert limit(rule) == (70, 2) and unauthorised() == 1
    actions.approve(cast.inspector, change)
    assert limit(rule) == (70, 2) and unauthorised() == 0
    with pytest.raises(Refused):
        actions.ask(cast.manager, to(rule, limit=60), "试", direct=True)


def test_an_emergency_change_that_is_refused_is_taken_back_as_a_version(cast, rule):
    change = actions.ask(cast.duty, to(rule, limit=70), "先降限值", direct=True)
    actions.refuse(cast.inspector, change, "不必")
    assert limit(rule) == (85, 3) and unauthorised() == 0
    assert list(Version.objects.values_list("settings__limit", flat=True).order_by("number")) == [85, 70, 85]


def test_a_change_approved_late_does_not_undo_what_came_between(cast, rule):
    slow = actions.ask(cast.manager, to(rule, limit=80), "试")
    Rule.objects.filter(pk=rule.pk).update(deadband=3)
    with pytest.raises(ValidationError):
        actions.approve(cast.head, slow)
    assert limit(rule)[0] == 85


def test_a_rule_changed_by_another_way_is_counted(cast, rule):
    actions.approve(cast.head, actions.ask(cast.manager, to(rule, limit=80), "试"))
    Rule.objects.filter(pk=rule.pk).update(limit=99)
    assert unauthorised() == 1 and [one.pk for one in figures.astray("")] == [rule.pk]
    assert figures.astray("888888") == []


def test_an_alarm_belongs_to_the_version_in_force_when_it_was_raised(cast, rule):
    before = timezone.now()
    assert actions.version_at(rule.pk, before) is None
    actions.approve(cast.head, actions.ask(cast.manager, to(rule, limit=80), "试"))
    assert actions.version_at(rule.pk, before) == 1 and actions.version_at(rule.pk, timezone.now()) == 2


def test_the_pages_take_a_change_from_its_form_to_its_approval(cast, client, rule):
    client.force_login(cast.manager)
    form = client.get(reverse("rules.edit", args=[rule.pk]))
    assert form.status_code == 200 and "变更理由" in form.content.decode()
    given = as_shown(form.context["form"])
    given |= {"limit": "82", "calendar": "noise_night", "why": "校准", "enabled": "on"}
    answer = client.post(reverse("rules.edit", args=[rule.pk]), given)
    assert answer.status_code in (302, 204), answer.context["form"].errors
    change = Change.objects.get()
    page = client.get(reverse("rule-changes.item", args=[change.pk])).content.decode()
    assert "82" in page and "夜间" in page and "校准" in page and change.state == "asked"
    actions.approve(cast.head, change)
    assert "第 2 版" not in client.get(reverse("rules.item", args=[rule.pk])).content.decode()
    assert "待补批" not in client.get(reverse("rules.item", args=[rule.pk])).content.decode()
    assert "孙丽" in client.get(reverse("rules.item", args=[rule.pk])).content.decode()


def test_settings_from_before_rules_had_calendars_are_of_rules_in_force_always(cast, rule):
    change = actions.ask(cast.duty, to(rule, limit=70), "先降限值", direct=True)
    for row, fields in ((change, ["before", "after"]), *((one, ["settings"]) for one in Version.objects.all())):
        for field in fields:
            del getattr(row, field)["calendar"]
        row.save()
    actions.approve(cast.inspector, change)
    assert unauthorised() == 1
    import_module("anlan.watch.tuning.migrations.0002_rules_have_calendars").add_calendar(apps, None)
    assert unauthorised() == 0 and Change.objects.get().before["calendar"] == ""


def test_a_trial_is_asked_for_on_a_form_and_may_be_cancelled(cast, client, rule):
    client.force_login(cast.manager)
    form = client.get(reverse("trials.new") + f"?rule={rule.pk}")
    given = as_shown(form.context["form"])
    given |= {"limit": "80", "scope": "point", "starts_at": "2026-03-01 00:00", "ends_at": "2026-03-02 00:00"}
    given |= {"windows": "2026-03-01 04:00,2026-03-01 05:00", "enabled": "on", "rule": str(rule.pk)}
    answer = client.post(reverse("trials.new"), given)
    assert answer.status_code in (302, 204), answer.context["form"].errors
    trial = Trial.objects.get()
    assert trial.after["limit"] == 80 and trial.windows == [["2026-03-01T04:00:00+08:00", "2026-03-01T05:00:00+08:00"]]
    actions.cancel(cast.manager, trial)
    assert Trial.objects.get().state == "cancelled"
    with pytest.raises(ValidationError):
        actions.cancel(cast.manager, trial)


@pytest.mark.parametrize("part", ["worker", "stranger", "other_manager"])
def test_a_trial_is_not_for_everybody(cast, client, rule, part):
    client.force_login(getattr(cast, part))
    assert client.get(reverse("trials.new") + f"?rule={rule.pk}").status_code in (403, 404, 200)
    client.post(reverse("trials.new"), {"rule": rule.pk, "scope": "point"})
    assert not Trial.objects.exists()


@pytest.mark.parametrize(
    ("state", "offered"), [(state, state in ("waiting", "running")) for state in Trial.State.values]
)
def test_only_a_trial_at_work_can_be_cancelled_and_its_page_says_no_more(cast, rule, signed_in, state, offered):
    now = timezone.now()
    trial = Trial.objects.create(
        rule=rule, after=actions.settings_of(rule), starts_at=now - timedelta(days=1), ends_at=now, state=state,
        asked_by=cast.manager, region=rule.region, organisation=rule.organisation,
    )  # fmt: skip
    page = signed_in(cast.manager).get(reverse("trials.item", args=[trial.pk])).content.decode()
    assert ("取消试算" in page) is offered
    assert str(trial.get_state_display()) in page.split("<main")[1]
    if not offered:
        with pytest.raises(ValidationError, match="已经结束"):
            actions.cancel(cast.manager, trial)


def test_a_decided_change_offers_no_decision(cast, rule, signed_in):
    change = actions.ask(cast.manager, to(rule, limit=80), "液位计换了量程")
    address = reverse("rule-changes.item", args=[change.pk])
    assert ">批准</button>" in signed_in(cast.head).get(address).content.decode()
    assert ">撤回</button>" in signed_in(cast.manager).get(address).content.decode()
    actions.approve(cast.head, change, "同意")
    page = signed_in(cast.head).get(address).content.decode()
    assert ">批准</button>" not in page and 'data-dialog="act-refuse"' not in page
    assert ">撤回</button>" not in signed_in(cast.manager).get(address).content.decode()
