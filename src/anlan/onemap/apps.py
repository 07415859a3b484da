from django.apps import AppConfig
from django.core import checks


class OneMapConfig(AppConfig):
    name = "anlan.onemap"
    label = "onemap"

    def ready(self):
        checks.register(declarations_are_sound)


def declarations_are_sound(app_configs, **options):
    """Wrong layers and wrong online base maps stop the start, each with a hint."""
    from anlan.desk.layers.declare import WrongLayer
    from anlan.desk.layers.discover import discover
    from anlan.onemap import basemaps

    problems = []
    try:
        discover()
    except WrongLayer as wrong:
        problems.append(checks.Error(str(wrong), hint="Mend the capability's layers.py.", id="onemap.E001"))
    try:
        basemaps.online()
    except basemaps.WrongBasemaps as wrong:
        problems.append(checks.Error(str(wrong), hint=basemaps.HINT, id="onemap.E002"))
    return problems
