from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Entry

MENU = [Entry(_("数据导入"), "imports", "exchange.import", group="know", order=90, icon="file-import")]
