from django.conf import settings
from django.utils.functional import SimpleLazyObject

from research_hub.languages.addresses import paths_of, switch_links
from research_hub.languages.text import current

MENU = ("topic_list", "activity", "publication_list", "event_list", "author_list", "search")


def site(request):
    """What every page says about the site; a page of a record brings better language links of its own."""
    language = current()
    in_menu = request.path in {paths_of(name)[language] for name in MENU}
    return {
        "site": {"name": settings.SITE_NAME[language], "tagline": settings.SITE_TAGLINE[language]},
        "LANGUAGE_CODE": language,
        "menu_place": request.path if in_menu else "",
        "language_links": SimpleLazyObject(lambda: switch_links(request.path)),
    }
