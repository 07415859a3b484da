"""The organisation picker of forms."""

from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import names
from anlan.know.organisations.models import Organisation
from anlan.know.places.fields import NamedField


class OrganisationField(NamedField):
    """The code of an organisation or enterprise that exists."""

    kind = "organisation"

    def __init__(self, **options):
        options.setdefault("label", _("单位"))
        super().__init__(**options)

    def codes(self, value: str) -> list[str]:
        if names()[self.kind].titles({value}):
            return [value]
        return list(Organisation.objects.filter(name=value).values_list("code", flat=True)[:20])
