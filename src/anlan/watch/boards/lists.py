from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Entry

MENU = [
    Entry(
        _("区域看板"),
        "boards.regions",
        "warnings.see",
        group="watch",
        order=2,
        icon="layout-grid",
        sides=("government",),
    ),
    Entry(
        _("行业看板"), "boards.sectors", "warnings.see", group="watch", order=3, icon="chart-bar", sides=("government",)
    ),
]
