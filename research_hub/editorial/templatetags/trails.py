from django import template

from research_hub.editorial.structured import breadcrumbs, json_ld

register = template.Library()


@register.filter
def as_json_ld(trail: list[dict]):
    """The way to a page, for machines."""
    return json_ld([breadcrumbs(trail)])
