"""Every ledger with a place is a layer of the one map."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import Column, Layer, Mark
from anlan.desk.registers import gates
from anlan.desk.registers.declare import RecordType, record_types
from anlan.desk.registers.models import Record


def _layer(kind: RecordType) -> Layer:
    shape, colour = kind.symbol
    return Layer(
        name=kind.code.replace("_", "-"),
        title=kind.title,
        group=_("登记台账"),
        permission=kind.see,
        queryset=partial(_held, kind),
        label="title",
        symbol="status",
        legend=(
            Mark("in_force", colour, shape, _("有效")),
            Mark("retired", "grey", shape, _("已注销")),
        ),
        columns={"status": Column("status", _("状态"))},
        filters=("status",),
        search=("title", "initials"),
        facts=((_("名称"), "title"), (_("单位代码"), "organisation"), (_("有效期止"), "valid_to")),
        detail=partial(_page, kind),
        order=200 + kind.order,
        live="registers",
        changed="changed_at",
    )


def _held(kind: RecordType, user):
    placed = gates.of_type(user, kind).filter(cell__isnull=False)
    return placed.exclude(stage__in=kind.endings) if kind.mapped == "open" else placed


def _page(kind: RecordType, record: Record) -> str:
    return f"/{kind.list_name}/{record.pk}/"


LAYERS = [_layer(kind) for kind in record_types().values() if kind.place]
