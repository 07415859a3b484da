from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Entry

MENU = [Entry(_("法规标准库"), "law", "law.see", group="know", order=80, icon="book")]
