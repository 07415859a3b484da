"""Alarms from before the desk get their state: those still active keep waiting, those that are over are over."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.models import F


def set_states(apps, _schema):
    alarms = apps.get_model("alarms", "Alarm").objects
    alarms.update(latest=F("episode"), annunciated_at=F("received_at"))
    alarms.filter(active=False).update(state="normal", rank=3)
    alarms.filter(active=True, acknowledged_at__isnull=False).update(state="acknowledged", rank=1)
    alarms.filter(active=True, acknowledged_at=None).update(state="unacknowledged", rank=0)
    late = [(pk, at) for pk, at in alarms.values_list("pk", "raised_at").iterator()]
    model = apps.get_model("alarms", "Alarm")
    for start in range(0, len(late), 500):
        model.objects.bulk_update(
            [model(pk=pk, minute=_minute(at)) for pk, at in late[start : start + 500]], ["minute"]
        )


def _minute(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 60)


class Migration(migrations.Migration):
    dependencies = [("alarms", "0004_desk")]
    operations = [migrations.RunPython(set_states, migrations.RunPython.noop)]
