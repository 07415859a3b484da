from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form, Part
from anlan.know.enterprises import gates as enterprise_gates
from anlan.know.organisations.fields import OrganisationField
from anlan.prevent.admission import actions, gates
from anlan.prevent.admission.models import Contractor, Entry, Staff, Violation

# Kinds of special work that ask for more than training; the codes are those of prevent/permits.
WORKS = [
    ("", _("一般作业")),
    ("hot_work", _("动火作业")),
    ("confined_space_entry", _("受限空间作业")),
    ("work_at_height", _("高处作业")),
    ("lifting", _("吊装作业")),
    ("temporary_power", _("临时用电作业")),
    ("excavation", _("动土作业")),
    ("road_closure", _("断路作业")),
    ("blinding", _("盲板抽堵作业")),
]


class ContractorForm(forms.ModelForm):
    organisation = OrganisationField(label=_("为哪家企业作业"))

    class Meta:
        model = Contractor
        fields = [
            *("organisation", "code", "name", "scope", "qualification", "qualification_until"),
            *("licence", "licence_until", "agreement_until", "contact", "phone"),
        ]
        widgets = {name: forms.DateInput() for name in ("qualification_until", "licence_until", "agreement_until")}

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.user = user

    def clean_organisation(self):
        code = self.cleaned_data["organisation"]
        self.enterprise = enterprise_gates.seen_by(self.user).filter(code=code).first()
        if self.enterprise is None:
            raise forms.ValidationError(_("请选择您负责的企业。"))
        return code

    def save_by(self, user):
        contractor = self.save(commit=False)
        contractor.region = self.enterprise.region
        return actions.save_contractor(user, contractor)


class _OfContractor(forms.ModelForm):
    """A form about one contractor the person may see; its people are those of that contractor."""

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, **options)
        self.fields["contractor"].queryset = gates.seen_by(user).order_by("name")
        if "staff" in self.fields:
            chosen = self.data.get("contractor") or self.initial.get("contractor")
            staff = gates.staff_seen_by(user).filter(contractor=chosen) if str(chosen or "").isdigit() else None
            self.fields["staff"].queryset = Staff.objects.none() if staff is None else staff.order_by("name")


class StaffForm(_OfContractor):
    class Meta:
        model = Staff
        fields = [
            "contractor", "name", "job", "phone", "certificate", "trained_on", "trained_until", "insured_until",
        ]  # fmt: skip
        widgets = {name: forms.DateInput() for name in ("trained_on", "trained_until", "insured_until")}
        help_texts = {"certificate": _("有效期以“特种作业证”台账为准，过期的证书当场查出。")}


class EntryForm(_OfContractor):
    kind = forms.ChoiceField(label=_("作业类别"), choices=WORKS, required=False)

    class Meta:
        model = Entry
        fields = ["contractor", "staff", "work", "kind", "starts_on", "ends_on"]
        widgets = {"starts_on": forms.DateInput(), "ends_on": forms.DateInput(), "staff": forms.CheckboxSelectMultiple}

    def ask(self, user):
        given = self.cleaned_data
        return actions.ask(
            user,
            actions.Asking(
                contractor=given["contractor"],
                staff=list(given["staff"]),
                work=given["work"],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                kind=given["kind"],
            ),
        )


class ViolationForm(_OfContractor):
    class Meta:
        model = Violation
        fields = ["contractor", "staff", "on", "words", "points"]
        widgets = {"on": forms.DateInput()}


def _initial(user, query) -> dict:
    """Begun from a contractor's page: about that contractor."""
    asked = query.get("contractor", "")
    chosen = gates.seen_by(user).filter(pk=asked).first() if asked.isdigit() else None
    if chosen is None:
        own = list(gates.seen_by(user)[:2])
        chosen = own[0] if len(own) == 1 else None
    return {"contractor": chosen.pk} if chosen else {}


def _own_enterprise(user, query) -> dict:
    own = list(enterprise_gates.seen_by(user)[:2])
    return {"organisation": own[0].code} if len(own) == 1 else {}


FORMS = [
    Form(
        on="contractors",
        form=ContractorForm,
        add="admission.change",
        change="admission.change",
        save=lambda user, form: form.save_by(user),
        title=_("承包商"),
        takes_user=True,
        initial=_own_enterprise,
        parts=[
            Part(_("承包商"), ["organisation", "code", "name", "scope", "contact", "phone"]),
            Part(
                _("资质和协议"),
                ["qualification", "qualification_until", "licence", "licence_until", "agreement_until"],
            ),
        ],
    ),
    Form(
        on="contract-staff",
        form=StaffForm,
        add="admission.change",
        change="admission.change",
        save=lambda user, form: actions.save_staff(user, form.save(commit=False)),
        title=_("承包商人员"),
        takes_user=True,
        initial=_initial,
    ),
    Form(
        on="entry-permits",
        form=EntryForm,
        add="admission.ask",
        save=lambda user, form: form.ask(user),
        title=_("入厂申请"),
        takes_user=True,
        initial=_initial,
    ),
    Form(
        on="contractor-violations",
        form=ViolationForm,
        add="admission.violation",
        save=lambda user, form: actions.record_violation(user, form.save(commit=False)),
        title=_("承包商违章"),
        takes_user=True,
        initial=_initial,
    ),
]
