"""The migrations, applied one after the other, end at the tables that the models ask for, as site/tables.py trusts."""

import json
import os
import subprocess
import sys

DESCRIBE = """
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection
from anlan.site import tables

{make}

found = {{}}
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names(cursor)):
        columns = [
            (column.name, column.type_code, column.null_ok)
            for column in connection.introspection.get_table_description(cursor, table)
        ]
        bounds = [
            [
                each["columns"] or [], each.get("orders") or [], each["primary_key"], each["unique"],
                each["foreign_key"] or [], each["check"], each["index"],
            ]
            for each in connection.introspection.get_constraints(cursor, table).values()
        ]
        found[table] = [sorted(columns), sorted(map(json.dumps, bounds))]
    cursor.execute("SELECT app, name FROM django_migrations")
    found["migrations"] = sorted(f"{{app}}.{{name}}" for app, name in cursor.fetchall())
print(json.dumps(found))
"""


def made(home, how: str) -> dict:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
    environment |= {"ANLAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "anlan.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE.format(make=how)], env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_an_empty_database_gets_the_tables_that_all_migrations_end_at(tmp_path):
    built = made(tmp_path / "built", "tables.prepare(); tables.prepare()")  # the second finds them and migrates
    migrated = made(tmp_path / "migrated", 'call_command("migrate", verbosity=0)')
    assert set(built) == set(migrated)
    different = {table: (built[table], migrated[table]) for table in built if built[table] != migrated[table]}
    assert not different
    assert len(built["migrations"]) > 50
