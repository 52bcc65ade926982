from django.utils import timezone

from research_hub.activity.caching import Versioned
from research_hub.activity.cards import cards
from research_hub.activity.kinds import KINDS
from research_hub.activity.models import EVERYTHING
from research_hub.activity.selection import newest_keys, upcoming_keys
from research_hub.languages.text import current
from research_hub.languages.views import BilingualPage
from topics.tree import topics_at

FEATURED = 3
UPCOMING = 4
LATEST = 8


class Home(Versioned, BilingualPage):
    template_name = "research_hub/home.html"
    url_name = "home"

    def get_context_data(self, **kwargs):
        tree, today = topics_at(self.version), timezone.localdate()
        featured = [key for topic in tree.topics for key in tree.featured(topic)[:1]][:FEATURED]
        latest = newest_keys(EVERYTHING, today, LATEST)
        upcoming = upcoming_keys(EVERYTHING, KINDS["event"].code, today, UPCOMING)
        shown = cards([*featured, *latest, *upcoming], current())
        return super().get_context_data(
            featured=[shown[key] for key in dict.fromkeys(featured)],
            upcoming=[shown[key] for key in upcoming],
            latest=[shown[key] for key in latest],
            topics=tree.summaries(),
            **kwargs,
        )
