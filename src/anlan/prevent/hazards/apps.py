from importlib import import_module

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "anlan.prevent.hazards"

    def ready(self):
        """What a step of the case means for the danger's own row."""
        import_module("anlan.prevent.hazards.following")
