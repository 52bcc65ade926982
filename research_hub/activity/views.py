from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from research_hub.languages.keys import is_number
from research_hub.languages.text import current
from research_hub.languages.views import BilingualDetail, BilingualPage

from .caching import Versioned
from .filters import ActivityFilter
from .models import EVERYTHING
from .page import ActivityPage, NoSuchPage


class ListOnPage(Versioned):
    """A page with a list on it. What was typed into its filter leads to the address that says it for everyone."""

    list_heading = _("Recent Activity")
    fixed: dict = {}

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except NoSuchPage as missing:
            return TemplateResponse(request, "activity/no_such_page.html", {"activity": missing.page}, status=404)

    def get_list_number(self) -> int:
        return EVERYTHING

    def get_keys(self):
        return [f"list-{self.get_list_number()}"]

    def get_further_keys(self) -> list[int]:
        """Keys of cards that the page shows elsewhere, fetched along with the list's."""
        return []

    @cached_property
    def filter(self) -> ActivityFilter:
        return ActivityFilter(self.request.GET, self.get_list_number(), self.fixed)

    @cached_property
    def page(self) -> ActivityPage:
        return ActivityPage(
            self.filter,
            super().get_paths()[current()],
            page_number(self.request.GET.get("page", "1")),
            self.list_heading,
            also=tuple(self.get_further_keys()),
        )

    def get_redirect(self):
        return super().get_redirect() or self.filter.redirect(self.request.path)

    def get_paths(self):
        return {language: path + self.page.query for language, path in super().get_paths().items()}

    def get_own_path(self):
        is_one_of_few = "q" not in self.filter.canonical
        return self.request.path + self.page.query if is_one_of_few else ""

    def is_for_readers_only(self) -> bool:
        """Whether search engines are to leave this address alone: one facet is a page of its own, words are not."""
        return len(self.filter.canonical) > 1 or "q" in self.filter.canonical

    def get_context_data(self, **kwargs):
        noindex = self.is_for_readers_only()
        return super().get_context_data(activity=self.page, noindex=noindex, **kwargs)


class OwnerDetail(ListOnPage, BilingualDetail):
    """The page of a record that has a list: a topic, a region, an author, a series."""

    def get_list_number(self):
        return self.object.list_number


class Activity(ListOnPage, BilingualPage):
    template_name = "activity/activity_list.html"
    url_name = "activity"
    name = _("Activity")


class Search(ListOnPage, BilingualPage):
    template_name = "activity/search.html"
    url_name = "search"
    name = _("Search")

    @property
    def list_heading(self):
        return _("Results") if "q" in self.filter.canonical else _("Recent Activity")

    def is_for_readers_only(self):
        return True


def page_number(text: str) -> int:
    if not is_number(text, digits=5):
        raise Http404
    return int(text)
