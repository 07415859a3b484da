"""`{% load anlan %}`: icons, values of every kind, and the query string with something changed."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from anlan.desk.pages import timing, values
from anlan.desk.wording.units import shown

register = template.Library()


@cache
def _sprite() -> str:
    """The address of the drawings, with a mark of what is in them: browsers keep them for ever."""
    path = Path(settings.WEB_DIST) / "icons.svg"
    mark = sha256(path.read_bytes()).hexdigest()[:8] if path.exists() else "none"
    return f"{static('web/icons.svg')}?v={mark}"


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the Tabler outline set, beside words: it says nothing by itself. The build gathers the names."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', _sprite(), name
    )


@register.filter
def level(value):
    return values.level(value)


@register.filter
def unit(code):
    return shown(code or "")


@register.filter
def moment(value):
    return values.moment(value) if value else values.NOTHING


@register.filter
def due(value):
    return values.deadline(None, "", value) if value else values.NOTHING


@register.simple_tag
def time_words() -> str:
    return json.dumps(timing.words(), ensure_ascii=False)


@register.simple_tag(takes_context=True)
def changed(context, **changes) -> str:
    """This page's query string with some values set, or removed when None."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"
