from datetime import date

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.watch.fireweather.models import FireWeather


def seen_by(user) -> QuerySet[FireWeather]:
    """Fire weather of the stations somebody may see."""
    return narrow(user, "devices.see", FireWeather.objects.all(), "device__region", "device__organisation")


def of_day(user, day: date) -> QuerySet[FireWeather]:
    return seen_by(user).filter(day=day)
