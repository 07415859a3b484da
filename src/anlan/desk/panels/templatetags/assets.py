"""`{% load assets %}{% asset "shell" %}`: the script and style sheets of one entry of the web build."""

from django import template
from django.utils.html import format_html, format_html_join

from anlan.desk.panels import assets

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    found = assets.entry(name)
    styles = format_html_join("", '<link rel="stylesheet" href="{}">', ((assets.url(path),) for path in found.styles))
    early = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((assets.url(path),) for path in found.preloads)
    )
    return styles + early + format_html('<script type="module" src="{}"></script>', assets.url(found.script))
