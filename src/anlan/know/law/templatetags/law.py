"""What the standards say, in the reader's language: their texts come with both."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from anlan.know.law.words import INPUT_TITLES, STATE_TITLES
from anlan.standards.citing import STATUS_TITLES, Status, article_in
from anlan.standards.tracing import shown

register = template.Library()
COLOURS = {"verified": "green", "partial": "yellow", "recalled": "orange", "absent": "secondary"}


@register.filter
def said(value: Any) -> str:
    """A Text, or a text kept in JSON as {"zh": …, "en": …}; lists of them; anything else as people read it."""
    language = get_language() or "zh"
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return value["en" if language.startswith("en") else "zh"]
    if isinstance(value, list | tuple):
        return (", " if language.startswith("en") else "、").join(said(one) for one in value)
    return shown(value, language)


@register.filter
def input_title(name: str) -> Any:
    """What people call a value that a rule was given; its name in code where they have no other."""
    return INPUT_TITLES.get(name, name)


@register.filter
def law_url(instrument: str) -> str:
    """The library's page of an instrument, by its id."""
    return reverse("law.instrument", args=[instrument])


@register.filter
def article(value: str) -> str:
    """A place in an instrument, as its English readers cite it."""
    return article_in(value, get_language() or "zh")


@register.filter
def status_title(status: str) -> str:
    return STATUS_TITLES[Status(status)].said(get_language() or "zh")


@register.filter
def status_colour(status: str) -> str:
    return COLOURS[str(status)]


@register.filter
def state_title(state: str) -> Any:
    return STATE_TITLES[state]
