from django import template

from research_hub.languages.text import Text, read

register = template.Library()


@register.filter
def text(record, field: str) -> Text:
    """`{{ topic|text:"name" }}`: the field in the page's language, or in the one it has."""
    return read(record, field)
