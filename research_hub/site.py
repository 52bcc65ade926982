from django.conf import settings
from django.utils.functional import SimpleLazyObject

from research_hub.languages.addresses import switch_links
from research_hub.languages.text import current


def site(request):
    """What every page says about the site; a page of a record brings better language links of its own."""
    language = current()
    return {
        "site": {"name": settings.SITE_NAME[language], "tagline": settings.SITE_TAGLINE[language]},
        "LANGUAGE_CODE": language,
        "language_links": SimpleLazyObject(lambda: switch_links(request.path)),
    }
