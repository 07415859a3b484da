from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "anlan.site"

    def ready(self):
        import_module("anlan.site.checks")
