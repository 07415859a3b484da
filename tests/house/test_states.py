"""Every closed loop is a sound table, and its drawing in docs/states/ is made from it."""

import pytest
from django.utils import translation

from anlan.desk.access.roles import all_roles
from anlan.desk.cases.process import Process, faults
from anlan.desk.cases.registry import processes
from tests.house.golden import ROOT, compare

FOLDER = ROOT / "docs" / "states"
KINDS = sorted(processes())


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_is_sound(kind):
    assert faults(processes()[kind]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_may_be_taken_by_somebody(kind):
    for step in processes()[kind].steps:
        if step.by_hand:
            assert any(role.grants(step.permission) for role in all_roles().values()), (
                f"no role holds {step.permission}, so nobody can ever take the step '{step.action}'"
            )


@pytest.mark.parametrize("kind", KINDS)
def test_one_key_means_one_step(kind):
    for state in processes()[kind].states:
        keys = [step.shortcut for step in processes()[kind].steps_from(state.name) if step.shortcut]
        assert len(keys) == len(set(keys)), f"in state '{state.name}' one key stands for two steps"


@pytest.mark.parametrize("kind", KINDS)
def test_the_drawing_is_made_from_the_table(kind):
    with translation.override("zh-hans"):
        compare(FOLDER / f"{kind.split('.')[0]}.md", drawing(processes()[kind]))


def test_no_drawing_is_left_of_a_process_that_is_gone():
    there = {path.stem for path in FOLDER.glob("*.md")}
    assert there == {kind.split(".")[0] for kind in KINDS}


def drawing(process: Process) -> str:
    """The page of one process: a Mermaid diagram and the table of its steps."""
    lines = [f"# {process.kind} {process.title}", "", "Made from its `states.py` by `make renew`; do not edit.", ""]
    lines += ["```mermaid", "stateDiagram-v2"]
    lines += [f"  {state.name}: {state.name} {state.title}" for state in process.states]
    lines.append(f"  [*] --> {process.initial}")
    for step in process.steps:
        for source in step.source:
            lines += [f"  {source} --> {name}: {step.action} {step.title}" for name in step.targets or (source,)]
    lines += [f"  {state.name} --> [*]" for state in process.states if state.group == "closed"]
    lines += [
        "```",
        "",
        "| step | 中文 | from | to | permission | not by who took | asks for |",
        "|---|---|---|---|---|---|---|",
    ]
    for step in process.steps:
        asks = (["words"] if step.words else []) + [one.name for one in step.fields]
        asks += [f"{step.evidence} document(s)"] if step.evidence else []
        lines.append(
            f"| {step.action} | {step.title} | {', '.join(step.source)} | {' or '.join(step.targets) or 'stays'} "
            f"| `{step.permission}` | {', '.join(step.apart_from)} | {', '.join(asks)} |"
        )
    lines += ["", "| state | 中文 | group | clock |", "|---|---|---|---|"]
    lines += [f"| {s.name} | {s.title} | {s.group} | {s.clock} |" for s in process.states]
    return "\n".join(lines) + "\n"
