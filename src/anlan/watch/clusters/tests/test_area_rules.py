"""The arithmetic of area rules: what is one cluster, what is none, and the examples every pack gives with its rules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan import packs
from anlan.watch.clusters.area_rules import DEGREE, AreaRule, Seen, _read, area_rules, clusters
from anlan.watch.clusters.rules import owner_of_all, region_of_all

RULE = AreaRule(
    code="gas", title="", devices=frozenset({"combustible_gas"}), kinds=frozenset(), count=3, metres=100, minutes=5,
    level=1, source="", status="configured",
)  # fmt: skip
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}: {example['name']}")
    for rule in area_rules()
    for example in packs.section("area_rules")[rule.code]["tests"]
]


def seen(alarms) -> Seen:
    """[device, second, metres east, metres north] at 30° north."""
    device, ts, east, north = np.array(alarms, dtype=float).reshape(-1, 4).T
    return Seen(device, ts, 110 + east / DEGREE / np.cos(np.radians(30)), 30 + north / DEGREE)


def found(alarms, rule=RULE) -> list[list[int]]:
    return [one.tolist() for one in clusters(seen(alarms), rule)]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_rule_keeps_the_examples_of_its_pack(rule, example):
    columns = seen(example["alarms"])
    assert [len(set(columns.device[one])) for one in clusters(columns, rule)] == example["clusters"]


def test_a_cluster_lists_its_alarms_by_time_whatever_their_order():
    assert found([[3, 120, 40, 60], [1, 0, 0, 0], [2, 60, 40, 0]]) == [[1, 2, 0]]


def test_the_edges_of_reach_and_time_are_within():
    assert found([[1, 0, 0, 0], [2, 0, 0, 0], [3, 300, 99.9, 0]]) == [[0, 1, 2]]
    assert found([[1, 0, 0, 0], [2, 0, 0, 0], [3, 301, 99.9, 0]]) == []


def test_silence_counts_for_no_rule_and_other_kinds_only_where_they_are_named():
    assert RULE.counts("combustible_gas", "H") and not RULE.counts("combustible_gas", "SILENCE")
    assert not RULE.counts("tank_level", "H")


def test_a_profile_that_no_pack_has_is_refused_with_its_name():
    entry = packs.section("area_rules")["gas_cloud"] | {"devices": ["nothing_such"]}
    with pytest.raises(packs.PackError, match="nothing_such"):
        _read("own", entry)


def test_a_cluster_belongs_to_the_smallest_division_that_holds_all_and_to_a_sole_owner():
    assert region_of_all(["999901001", "999901001"]) == "999901001"
    assert region_of_all(["999901001", "999901002"]) == "999901"
    assert region_of_all(["999901001", "999901001003"]) == "999901001"
    assert region_of_all(["11", "99"]) == region_of_all([]) == ""
    assert (owner_of_all(["A", "A"]), owner_of_all(["A", "B"])) == ("A", "")


alarms = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 900), st.integers(-300, 300), st.integers(-300, 300)), max_size=25
)


@given(alarms)
def test_clusters_share_no_alarm_and_each_has_devices_enough(given):
    columns = seen(given)
    found = [set(one.tolist()) for one in clusters(columns, RULE)]
    assert sum(map(len, found)) == len(set().union(*found))
    assert all(len(set(columns.device[list(one)])) >= RULE.count for one in found)


@given(alarms, st.tuples(st.integers(1, 6), st.integers(0, 900), st.integers(-300, 300), st.integers(-300, 300)))
def test_one_more_alarm_never_takes_an_alarm_out_of_a_cluster(given, one_more):
    before = set().union(*(one.tolist() for one in clusters(seen(given), RULE)))
    after = set().union(*(one.tolist() for one in clusters(seen([*given, one_more]), RULE)))
    assert before <= after


@given(alarms)
def test_an_alarm_outside_all_clusters_completes_none(given):
    columns = seen(given)
    within = set().union(*(one.tolist() for one in clusters(columns, RULE)))
    for at in set(range(len(given))) - within:
        assert len(set(columns.device[columns.near(at, RULE)])) < RULE.count
