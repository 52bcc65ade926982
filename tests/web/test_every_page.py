"""No kind of page is left out of the checks."""

from django.urls import URLPattern, get_resolver, resolve
from django.utils import translation

from research_hub.languages.views import BilingualDetail, BilingualPage

from .pages import PATHS


def patterns(resolver):
    """Those of pages: what does not end in a slash is a file."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if str(pattern.pattern).endswith("/") or not str(pattern.pattern):
                yield pattern
        else:
            yield from patterns(pattern)


def test_each_page_of_the_site_is_checked():
    pages = {
        pattern.name
        for pattern in patterns(get_resolver())
        if pattern.name and issubclass(getattr(pattern.callback, "view_class", object), BilingualPage | BilingualDetail)
    }
    assert len(pages) > 10
    for place, language in enumerate(("en", "es")):
        with translation.override(language):
            checked = {resolve(paths[place].partition("?")[0]).url_name for paths in PATHS.values()}
        assert pages - checked == set()
