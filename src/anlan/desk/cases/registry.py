"""Finds every capability's process by the name of its room: `states.py` with a PROCESS."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from anlan.desk.cases.process import Process, faults


@cache
def processes() -> dict[str, Process]:
    found: dict[str, Process] = {}
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.states") is None:
            continue
        process = import_module(f"{app.name}.states").PROCESS
        if wrong := faults(process):
            raise ValueError(f"{app.name}.states: " + "; ".join(wrong))
        found[process.kind] = process
    return found


def process_of(kind: str) -> Process:
    return processes()[kind]
