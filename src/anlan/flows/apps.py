from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "anlan.flows"

    def ready(self):
        """Every flow in this folder begins to listen."""
        for module in iter_modules([self.path]):
            if module.name not in {"apps", "tests"}:
                import_module(f"anlan.flows.{module.name}")
