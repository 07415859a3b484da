from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PagesConfig(AppConfig):
    name = "anlan.desk.pages"

    def ready(self):
        post_migrate.connect(_build_grams, sender=self, dispatch_uid="grams")


def _build_grams(using: str, **_said) -> None:
    from anlan.desk.pages.grams import build

    build(using)
