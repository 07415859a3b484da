from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """How one person likes to look at one list: filters, order and columns as a query string, under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=64)
    title = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = _("保存的视图")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "list", "title"], name="one_view_of_a_name")]

    def __str__(self):
        return self.title
