from django.utils.translation import gettext_lazy as _

from anlan.desk.documents import gates
from anlan.desk.lists.declare import Column, Filter, List, Menu

LISTS = [
    List(
        name="documents",
        title=_("文件"),
        gate=gates.listed_for,
        permission="documents.see",
        columns=[
            Column("name", _("文件名"), link=True),
            Column("media_type", _("类型"), kind="code", default=False),
            Column("size", _("大小"), kind="file"),
            Column("organisation", _("单位"), kind="organisation"),
            Column("region", _("辖区"), kind="region"),
            Column("added_by", _("上传人"), kind="user"),
            Column("added_at", _("上传时间"), kind="time"),
        ],
        filters=[
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
            Filter("added_at", _("上传时间"), kind="dates"),
        ],
        search=("name",),
        order=("-added_at",),
        related=("added_by",),
        menu=Menu(group="ledger", order=90, icon="files"),
        item="documents.download",
        empty=_("还没有文件。办理事项时上传的佐证材料会列在这里。"),
    )
]
