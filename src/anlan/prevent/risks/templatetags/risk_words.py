"""`{% load risk_words %}`: texts of standards in the reader's language, colours by name, numbers as SVG wants them."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import LEVEL_WORDS
from anlan.prevent.risks.models import ResponsibleLevel

register = template.Library()
COLOURS = {1: _("红色"), 2: _("橙色"), 3: _("黄色"), 4: _("蓝色")}


@register.filter
def bilingual(text):
    return text.said(get_language() or "zh")


@register.filter
def colour(level):
    return COLOURS.get(level, _("未评价"))


@register.filter
def level_word(level):
    return LEVEL_WORDS.get(level, "")


@register.filter
def responsible(code):
    return ResponsibleLevel(code).label if code in ResponsibleLevel.values else code


@register.filter
def at(mapping, key):
    return mapping.get(key, "")


@register.filter
def plain(number):
    """Without the separators of a language: 1000 and 43.5."""
    return f"{float(number):g}"


@register.simple_tag
def governance(organisation: str) -> str:
    """Where the open dangers of an enterprise are listed, if the platform keeps them."""
    try:
        return f"{reverse('hazards')}?organisation={organisation}&open=1"
    except NoReverseMatch:
        return ""
