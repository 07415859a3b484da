"""The only doors to hidden dangers: government posts by region, enterprise posts what is their own."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.hazards.models import Hazard, Listing, Terms

SEE = "hazards.see"


def seen_by(user, permission: str = SEE) -> QuerySet[Hazard]:
    return narrow(user, permission, Hazard.objects.all())


def major_seen_by(user) -> QuerySet[Hazard]:
    """What the dynamic map shows: a cancelled one leaves it."""
    return seen_by(user).filter(level=1, is_open=True)


def listings_seen_by(user) -> QuerySet[Listing]:
    return narrow(user, SEE, Listing.objects.all())


def published_listings() -> QuerySet[Listing]:
    """What anybody may read: only what an officer has published."""
    return Listing.objects.filter(published_at__isnull=False)


def enterprises_for(user, permission: str) -> QuerySet[Enterprise]:
    """The enterprises for which this person may do this."""
    return narrow(user, permission, Enterprise.objects.all())


def terms_seen_by(user, permission: str = "hazards.configure") -> QuerySet[Terms]:
    return narrow(user, permission, Terms.objects.all())
