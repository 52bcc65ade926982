from django.utils import timezone

from research_hub.activity.caching import Versioned
from research_hub.activity.cards import cards
from research_hub.activity.kinds import KINDS
from research_hub.activity.models import EVERYTHING
from research_hub.activity.selection import newest_keys, upcoming_keys
from research_hub.languages.text import current
from research_hub.languages.views import BilingualPage
from topics.models import FeaturedEntry
from topics.views import featured_cards, topic_tree

FEATURED = 3
UPCOMING = 4
LATEST = 8


class Home(Versioned, BilingualPage):
    template_name = "research_hub/home.html"
    url_name = "home"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        latest = newest_keys(EVERYTHING, today, LATEST)
        upcoming = upcoming_keys(EVERYTHING, KINDS["event"].code, today, UPCOMING)
        shown = cards([*latest, *upcoming], current())
        first_choices = FeaturedEntry.objects.filter(position=1).order_by("topic__position", "topic_id")
        return super().get_context_data(
            featured=featured_cards(first_choices)[:FEATURED],
            upcoming=[shown[key] for key in upcoming],
            latest=[shown[key] for key in latest],
            topics=topic_tree(),
            **kwargs,
        )
