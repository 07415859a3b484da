"""The tables of the platform, made or brought up to date.

An empty database is built from today's models in one go, and the migrations are noted as done: applying each of them
in turn ends at the same tables after ten times the work. `tests/house/test_tables_are_migrated.py` holds the two
against each other.
"""

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def prepare(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Every table as the models have it, whatever there was before."""
    if connections[alias].introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False, database=alias)
    else:
        build(alias)


def build(alias: str = DEFAULT_DB_ALIAS) -> None:
    """All tables of an empty database, all or none where the database can; every migration noted as done."""
    connection = connections[alias]
    recorder = MigrationRecorder(connection)
    known = MigrationLoader(connection).graph.nodes
    emit_pre_migrate_signal(0, False, alias)
    with connection.schema_editor(atomic=True) as editor:
        for config in apps.get_app_configs():
            for model in router.get_migratable_models(config, alias, include_auto_created=False):
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
        editor.create_model(recorder.Migration)
        recorder.migration_qs.bulk_create(recorder.Migration(app=app, name=name) for app, name in sorted(known))
    emit_post_migrate_signal(0, False, alias)
