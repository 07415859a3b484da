from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Entry

MENU = [Entry(_("一张图"), "onemap:map", group="map", order=10, icon="map-2")]
