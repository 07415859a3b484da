from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Entry
from anlan.site.running import PERMISSION

MENU = [Entry(_("运行状态"), "running", PERMISSION, group="system", order=10, icon="activity")]
