"""That a template was taken over, and what came of it, so that it can be taken back. No decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.know.enterprises.models import Enterprise


class Adoption(Governed):
    """`points`, `records`: keys of what was made. Taken back, the row stays with `undone_at`."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="adoptions", verbose_name=_("企业")
    )
    template = models.CharField(_("模板"), max_length=64)
    edition = models.CharField(_("版本"), max_length=24, blank=True)
    at = models.DateTimeField(_("采用时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    points = models.JSONField(default=list)
    records = models.JSONField(default=list)
    undone_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("采用模板")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "template"], condition=Q(undone_at=None), name="one_adoption_a_template"
            )
        ]
        indexes = [models.Index(fields=["organisation", "-at"], name="adoptions_of_an_enterprise")]

    def __str__(self):
        return self.template
