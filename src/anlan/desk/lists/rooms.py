"""Finds the rooms of all capabilities by their name: `lists.py`, `panels.py`, `forms.py`, `naming.py` …"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

HOUSE = "anlan."  # other people's packages have modules of these names that mean something else


class WrongDeclaration(ImproperlyConfigured):
    """A room declares something the shared pages cannot use; the text says where, what and what to do."""


def declared(room: str, names: dict[str, type]) -> Iterator[tuple[str, str, object]]:
    """(module, name of the list, entry) for every entry of the lists so named, e.g. {"LISTS": List}."""
    for app in apps.get_app_configs():
        dotted = f"{app.name}.{room}"
        if not app.name.startswith(HOUSE) or find_spec(dotted) is None:
            continue
        module = import_module(dotted)
        if not any(hasattr(module, name) for name in names):
            raise WrongDeclaration(f"{dotted} has none of {', '.join(names)}: declare one, or remove the file.")
        for name, kind in names.items():
            for entry in getattr(module, name, ()):
                if not isinstance(entry, kind):
                    raise WrongDeclaration(
                        f"{dotted}: {name} holds {entry!r}, which is not a {kind.__name__}; import it from declare.py."
                    )
                yield dotted, name, entry


def refuse(module: str, what: str, faults: list[str]) -> None:
    """Stops the start with one sentence for each fault."""
    if faults:
        raise WrongDeclaration(f"{module}: {what}: " + "; ".join(faults))


def permission_faults(permission: str) -> list[str]:
    room, dot, verb = permission.partition(".")
    return [] if room and dot and verb else [f"the permission {permission!r} is not of the form '<capability>.<verb>'"]
