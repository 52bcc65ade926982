from django import template
from django.utils.safestring import mark_safe

from research_hub.languages.text import current

register = template.Library()


class DrawnOnce(template.Node):
    """What it has drawn is kept with the template, for as long as that is."""

    def __init__(self, nodelist, values):
        self.nodelist, self.values = nodelist, values
        self.drawn: dict[tuple, str] = {}

    def render(self, context):
        key = (current(), *(value.resolve(context) for value in self.values))
        if key not in self.drawn:
            self.drawn[key] = self.nodelist.render(context)
        return mark_safe(self.drawn[key])


@register.tag
def drawn_once(parser, token):
    """`{% drawn_once place %}…{% end_drawn_once %}`: what is the same on each page of a language with these values,
    of which there are few."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(["end_drawn_once"])
    parser.delete_first_token()
    return DrawnOnce(nodelist, values)
