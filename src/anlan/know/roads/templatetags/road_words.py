from django import template

from anlan.know.roads import wording

register = template.Library()
register.filter("distance", wording.distance)
register.filter("duration", wording.duration)
