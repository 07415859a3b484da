"""The verbs of organisations and people: add, change, leave."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.history import difference
from anlan.desk.layers.initials import initials
from anlan.know.organisations.models import Organisation, Person, Position

ORGANISATION = [
    "code",
    "name",
    "short_name",
    "kind",
    "region",
    "parent",
    "address",
    "phone",
    "duty_phone",
    "lon",
    "lat",
]  # what history shows
PERSON = ["name", "phone", "organisation", "region", "user", "active"]
POSITION = ["organisation", "title", "duties", "order", "duty_phone"]


@transaction.atomic
def save_organisation(user, organisation: Organisation) -> Organisation:
    before = _before(Organisation, organisation)
    if before and before.code != organisation.code:
        raise ValidationError({"code": _("单位代码不能修改：其他记录按它归属。")})
    organisation.organisation = organisation.code
    _require(user, "organisations.change", before, organisation)
    if organisation.parent_id and _circles(organisation):
        raise ValidationError({"parent": _("上级单位不能是本单位或其下级。")})
    organisation.initials = initials(organisation.name)
    organisation.full_clean()
    organisation.save()
    changes = difference(before, organisation, ORGANISATION)
    append(_act("organisations", before, organisation, organisation.name, changes))
    return organisation


@transaction.atomic
def save_person(user, person: Person, position: dict | None = None) -> Person:
    """Adds or changes a person and, when given, the title held in the person's own organisation."""
    before = _before(Person, person)
    _require(user, "people.change", before, person)
    person.initials = initials(person.name)
    person.full_clean()
    person.save()
    changes = difference(before, person, PERSON)
    if position and position.get("title"):
        held = person.positions.filter(organisation=person.organisation).first()
        held = held or Position(person=person, organisation=person.organisation)
        old = Position.objects.filter(pk=held.pk).first() if held.pk else None
        for name, value in position.items():
            setattr(held, name, value)
        held.full_clean()
        held.save()
        changes |= difference(old, held, ("title", "duties", "order", "duty_phone"))
    append(_act("people", before, person, person.name, changes))
    return person


@transaction.atomic
def save_position(user, position: Position) -> Position:
    """A further title of a person, perhaps in another organisation."""
    before = _before(Position, position)
    require(user, "people.change", position.person)
    position.full_clean()
    position.save()
    changes = difference(before, position, POSITION)
    append(_act("people", position.person, position.person, f"{position.person} {position.title}", changes))
    return position


@transaction.atomic
def leave(user, people: list[Person]) -> int:
    """These people no longer work there. They stay on record and are called no more."""
    for person in people:
        require(user, "people.change", person)
        person.active = False
        person.save(update_fields=["active", "changed_at"])
    changes = {"active": [True, False]}
    append(*[_act("people", person, person, person.name, changes) for person in people])
    return len(people)


def _before(model: type[Model], row: Model) -> Model | None:
    return model.objects.select_for_update().filter(pk=row.pk).first() if row.pk else None


def _require(user, permission: str, before: Model | None, after: Model) -> None:
    """Whoever moves a row must hold the right where it was and where it goes."""
    if before is not None:
        require(user, permission, before)
    require(user, permission, after)


def _circles(organisation: Organisation) -> bool:
    above, seen = organisation.parent, {organisation.pk}
    while above is not None:
        if above.pk in seen:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def _act(room: str, before: Model | None, row: Model, words: str, changes: dict) -> Act:
    subject = {"organisations": "organisation", "people": "person"}[room]
    return Act(
        action=f"{room}.change" if before else f"{room}.add",
        subject=f"{subject}:{row.pk}",
        region=row.region,
        organisation=row.organisation,
        words=(_("变更“%(name)s”") if before else _("登记“%(name)s”")) % {"name": words},
        data={"changes": changes},
    )
