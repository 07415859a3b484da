from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Entry
from anlan.prevent.onboarding.gates import ADOPT

MENU = [Entry(_("企业快速建立"), "onboarding", ADOPT, group="risks", order=5, icon="rocket")]
