from django import template

from research_hub.activity.twins import TWINS, beside

register = template.Library()


@register.simple_tag
def twins_of(page):
    """The other forms in which the list on a page is there, with its filter."""
    address = page.url()
    return [
        {"label": twin.label, "mime": twin.mime, "url": beside(address, twin.file)}
        for twin in TWINS.values()
        if twin.suits(page)
    ]
