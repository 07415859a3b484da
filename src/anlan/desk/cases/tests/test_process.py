from dataclasses import replace
from types import SimpleNamespace

import pytest

from anlan.desk.cases.process import Process, State, Step, faults

SOUND = Process(
    kind="test.case",
    title="事项",
    initial="new",
    states=[State("new", "新"), State("doing", "办理"), State("closed", "办结", group="closed")],
    steps=[
        Step("start", "开始", ["new"], "doing", "test.start"),
        Step("finish", "办结", ["doing"], "closed", "test.finish", apart_from=["start"]),
        Step("urge", "催办", ["new", "doing"], None, "test.urge"),
    ],
)


def test_a_sound_table_has_no_faults():
    assert faults(SOUND) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"initial": "nowhere"}, "the initial state 'nowhere' is not a state"),
        ({"states": [*SOUND.states, State("island", "孤岛")]}, "state 'island' can never be reached"),
        ({"states": [*SOUND.states, State("new", "新")]}, "state 'new' stands twice"),
        ({"steps": [*SOUND.steps, Step("start", "又", ["new"], "doing", "x.y")]}, "step 'start' stands twice"),
        ({"steps": [*SOUND.steps, Step("lose", "丢", ["gone"], "doing", "x.y")]}, "step 'lose' names 'gone'"),
        ({"steps": SOUND.steps[:1]}, "from state 'new' no closed state can be reached"),
        (
            {"steps": [*SOUND.steps, Step("judge", "评", ["new"], "closed", "x.y", apart_from=["dance"])]},
            "step 'judge' must differ from 'dance'",
        ),
        (
            {"states": [State("new", "新", clock="late"), *SOUND.states[1:]]},
            "runs the clock 'late', which is not declared",
        ),
        ({"clocks": {"idle": None}}, "clock 'idle' is declared but no state runs it"),
    ],
)
def test_each_unsoundness_is_named(change, sentence):
    assert any(sentence in fault for fault in faults(replace(SOUND, **change)))


def test_a_step_may_fork_as_the_case_says_and_only_into_its_ways():
    case = SimpleNamespace(state="new", data={"to": "doing"})
    forked = replace(SOUND.steps[0], target="closed", ways=["doing"], way=lambda case: case.data.get("to"))
    assert forked.leads_to(case) == "doing"
    case.data = {}
    assert forked.leads_to(case) == "closed"
    case.data = {"to": "nowhere"}
    with pytest.raises(ValueError, match="none of its ways"):
        forked.leads_to(case)


def test_a_state_reached_only_by_a_fork_is_reached():
    states = [*SOUND.states, State("aside", "旁")]
    fork = replace(SOUND.steps[0], ways=["aside"])
    back = Step("back", "回", ["aside"], "doing", "test.back")
    assert faults(replace(SOUND, states=states, steps=[fork, *SOUND.steps[1:], back])) == []
