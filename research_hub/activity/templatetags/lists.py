from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from research_hub.activity.cards import Card, draw

register = template.Library()


@register.simple_tag
def draw_cards(cards, level: int):
    """Each card's own markup, in a row; what templates/activity/_card.html drew is safe."""
    drawn = [card.draw(level) if isinstance(card, Card) else draw(card, level) for card in cards]
    return mark_safe("".join(drawn))


BAR = '<li><a id="y{}"{}{}><svg aria-hidden="true"><rect width="100%" height="{}%"/></svg>{} <span>{}</span></a></li>\n'
CURRENT = SafeString(' aria-current="true"')


@register.simple_tag
def draw_years(years):
    """The bars of the years. As a template they were a quarter of the time that a page takes."""
    return format_html_join("", BAR, (bar(**year) for year in years))


def bar(year: str, count: str, url: str, height: str, current: bool) -> tuple:
    link = format_html(' href="{}"', url) if count else ""
    return year, link, CURRENT if current else "", height, year, count or "0"
