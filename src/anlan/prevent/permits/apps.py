from importlib import import_module

from django.apps import AppConfig


class PermitsConfig(AppConfig):
    name = "anlan.prevent.permits"

    def ready(self):
        """What a step of the case means for the permit's own row."""
        import_module("anlan.prevent.permits.following")
