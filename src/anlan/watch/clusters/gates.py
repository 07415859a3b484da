from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.watch.clusters.models import Cluster


def seen_by(user) -> QuerySet[Cluster]:
    return narrow(user, "alarms.see", Cluster.objects.all())
