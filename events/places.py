"""Where an event takes place, as readers say it."""

from collections.abc import Iterable
from functools import cache

from babel import Locale

from research_hub.languages.text import current, read
from topics.models import Region


def where(event, countries: dict[str, str]) -> str:
    """Venue, city and country; the country by its name, or by its code where that is nobody's."""
    country = countries.get(event.country, event.country)
    return ", ".join(part for part in (read(event, "venue").words, event.city, country) if part)


def countries_of(events: Iterable) -> dict[str, str]:
    """The names of the countries of these events, by their codes; as the site's regions say them, where they do."""
    codes = {event.country for event in events if event.country}
    found = Region.objects.filter(code__in=codes) if codes else []
    named = {region.code: read(region, "name").words for region in found}
    return {code: territories(current()).get(code, code) for code in codes} | named


@cache
def territories(language: str) -> dict[str, str]:
    """What the countries of the world are called in a language, by their codes."""
    return dict(Locale.parse(language).territories)
