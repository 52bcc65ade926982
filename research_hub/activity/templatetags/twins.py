from django import template
from django.urls import reverse

from research_hub.activity.twins import TWINS, beside

register = template.Library()


@register.simple_tag
def twins_of(page):
    """The other forms in which the list on a page is there, with its filter; without a list, those of everything."""
    address = page.url() if page else reverse("activity")
    return [
        {"label": twin.label, "mime": twin.mime, "url": beside(address, twin.file)}
        for twin in TWINS.values()
        if not page or twin.suits(page)
    ]
