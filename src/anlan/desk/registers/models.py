from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.layers.placed import Placed
from anlan.desk.registers.declare import RecordType, record_types


class Record(Governed, Placed):
    """One entry of a ledger. `data` is checked by its type; `version` is the lock of every change."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("有效")
        RETIRED = "retired", _("已注销")

    type = models.CharField(_("台账"), max_length=48)
    key = models.CharField(_("唯一标识"), max_length=200, null=True, blank=True)
    title = models.CharField(_("名称"), max_length=200)
    initials = models.CharField(_("拼音首字母"), max_length=200, blank=True)
    data = models.JSONField(_("内容"), default=dict)
    valid_from = models.DateField(_("有效期起"), null=True, blank=True)
    valid_to = models.DateField(_("有效期止"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.IN_FORCE)
    stage = models.CharField(_("阶段"), max_length=32, blank=True)
    stage_on = models.DateField(_("进入阶段的日期"), null=True, blank=True)
    gathered = models.JSONField(_("汇集的数据"), default=list, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True, db_index=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)

    class Meta:
        verbose_name = _("台账记录")
        constraints = [
            models.UniqueConstraint(fields=["type", "key"], name="one_record_of_a_key"),
            models.CheckConstraint(
                name="record_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["type", "status", "title", "id"], name="records_by_title"),
            models.Index(fields=["type", "region", "title", "initials"], name="records_of_a_region"),
            models.Index(fields=["type", "organisation", "title", "initials"], name="records_of_a_unit"),
            models.Index(fields=["type", "valid_to"], name="records_by_end"),
            models.Index(fields=["type", "region", "status", "valid_to"], name="records_by_standing"),
            models.Index(fields=["type", "initials"], name="records_by_initials"),
            models.Index(fields=["type", "stage", "region"], name="records_in_a_stage"),
            models.Index(fields=["type", "status", "-id"], name="records_newest"),
        ]

    def __str__(self):
        return self.title

    @property
    def kind(self) -> RecordType | None:
        """The type; None when its pack has been taken away."""
        return record_types().get(self.type)


class RecordKey(models.Model):
    """A key field of a record in a column of its own, so that both databases filter by an index."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="keys")
    type = models.CharField(max_length=48)
    field = models.CharField(max_length=64)
    text = models.CharField(max_length=200, null=True)
    number = models.FloatField(null=True)
    day = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["type", "field", "text", "record"], name="record_keys_text"),
            models.Index(fields=["type", "field", "number", "record"], name="record_keys_number"),
            models.Index(fields=["type", "field", "day", "record"], name="record_keys_day"),
        ]


class RecordVersion(models.Model):
    """The record as it was after each change. Written once; the audit chain holds the same, sealed, at `position`."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(_("操作"), max_length=16)
    words = models.CharField(_("说明"), max_length=500, blank=True)
    state = models.JSONField(default=dict)
    difference = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="one_version_of_a_number")]


class Signature(models.Model):
    """What a person has signed in the name of an organisation, in the stage the record stood in. Written once."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="signatures")
    stage = models.CharField(_("阶段"), max_length=32)
    organisation = models.CharField(_("单位"), max_length=32)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    words = models.CharField(_("意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("签署")
        constraints = [
            models.UniqueConstraint(fields=["record", "stage", "organisation"], name="one_signature_an_organisation")
        ]
