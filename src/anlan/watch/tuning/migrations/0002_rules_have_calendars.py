from django.db import migrations


def add_calendar(apps, _schema):
    """Settings written before rules had calendars are of rules that are always in force."""
    for name, fields in {"Version": ["settings"], "Change": ["before", "after"], "Trial": ["after"]}.items():
        rows = apps.get_model("tuning", name).objects
        for row in rows.iterator():
            for field in fields:
                setattr(row, field, {"calendar": "", **getattr(row, field)})
            row.save(update_fields=fields)


class Migration(migrations.Migration):
    dependencies = [("tuning", "0001_initial"), ("devices", "0005_calendars_and_computed_points")]

    operations = [migrations.RunPython(add_calendar, migrations.RunPython.noop)]
