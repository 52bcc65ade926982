from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from research_hub.languages.addresses import absolute
from research_hub.languages.views import BilingualPage

from ..caching import Versioned
from ..page import number
from ..search import MOST_FOUND
from .base import TWINS, since_ever
from .feeds import SIZE
from .table import MOST_ROWS


class Feeds(Versioned, BilingualPage):
    """What the twins of the lists are, and how to use them."""

    clock = staticmethod(since_ever)
    template_name = "activity/feeds.html"
    url_name = "feeds"
    name = _("Feeds and calendars")

    def get_context_data(self, **kwargs):
        everything = reverse("activity")
        forms = [
            {"label": twin.label, "about": twin.about, "url": absolute(everything + twin.file)}
            for twin in TWINS.values()
        ]
        sizes = {"size": number(SIZE), "most_rows": number(MOST_ROWS), "most_found": number(MOST_FOUND)}
        return super().get_context_data(forms=forms, **sizes, **kwargs)
