from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from research_hub.activity.cards import Card, Marked, draw

register = template.Library()


@register.simple_tag
def draw_cards(cards, level: int):
    """Each card's own markup, in a row; what templates/activity/_card.html drew is safe."""
    drawn = [card.draw(level) if isinstance(card, Card | Marked) else draw(card, level) for card in cards]
    return mark_safe("".join(drawn))


BAR = (
    '<li><a id="y{0}" href="{1}"{2}><svg aria-hidden="true"><rect width="100%" height="{3}%"/></svg>'
    "{0} <span>{4}</span></a></li>\n"
)
NO_BAR = '<li{1}><svg aria-hidden="true"></svg>{0} <span>0</span></li>\n'  # an <a> that leads nowhere is a fault


@register.simple_tag
def draw_years(years):
    """The bars of the years. As a template they were a quarter of the time that a page takes."""
    return mark_safe("".join(bar(**year) for year in years))


def bar(year: str, count: str, url: str, height: str, current: bool) -> str:
    """Of what is in it only the address is not made of digits alone."""
    chosen = ' aria-current="true"' if current else ""
    if not count:
        return NO_BAR.format(year, chosen)
    return BAR.format(year, escape(url), chosen, height, count)


@register.simple_tag
def draw_options(choice):
    """What a list can be narrowed to by one of the fields above it, with how much there would be."""
    return mark_safe("".join(option(**one, chosen=choice["value"]) for one in choice["options"]))


def option(value: str, label: str, count: str | None, chosen: str) -> str:
    there = f" ({count})" if value and count is not None else ""
    selected = " selected" if value == chosen else ""
    return f'<option value="{escape(value)}"{selected}>{escape(label)}{escape(there)}</option>'
