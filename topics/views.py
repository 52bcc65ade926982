from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator

from research_hub.activity.caching import Versioned
from research_hub.activity.cards import cards_in
from research_hub.activity.kinds import KINDS
from research_hub.activity.models import PeriodCount
from research_hub.activity.page import entries
from research_hub.activity.selection import upcoming_keys
from research_hub.activity.views import OwnerDetail
from research_hub.languages.addresses import link_to
from research_hub.languages.text import current, other, read
from research_hub.languages.views import BilingualPage
from research_hub.media.views import picture

from .models import FeaturedEntry, Region, Topic

UPCOMING = 3


class TopicList(Versioned, BilingualPage):
    template_name = "topics/topic_list.html"
    url_name = "topic_list"

    def get_context_data(self, **kwargs):
        return super().get_context_data(topics=topic_tree(), **kwargs)


class TopicDetail(OwnerDetail):
    model = Topic

    def get_object(self, queryset=None):
        """The topic, and in the same query those below it."""
        for language in (current(), other(current())):
            slug = {f"slug_{language}": self.kwargs["slug"]}
            family = Q(**slug) | Q(**{f"parent__{field}": value for field, value in slug.items()})
            found = list(Topic.objects.filter(family).select_related("parent", "image").in_order())
            topic = next((t for t in found if getattr(t, f"slug_{language}") == self.kwargs["slug"]), None)
            if topic:
                self.children = [child for child in found if child.parent_id == topic.pk]
                return topic
        raise Http404

    def get_further_keys(self):
        self.upcoming = upcoming_keys(self.object.list_number, KINDS["event"].code, timezone.localdate(), UPCOMING)
        return self.upcoming

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        topic = self.object
        return context | {
            "image": picture(topic.image),
            "parent": link_to(topic.parent) if topic.parent else None,
            "children": [link_to(child) for child in self.children],
            "featured": featured_cards(FeaturedEntry.objects.filter(topic=topic).order_by("position")),
            "upcoming": self.page.cards_of(self.upcoming),
        }


class RegionDetail(OwnerDetail):
    model = Region
    queryset = Region.objects.select_related("parent")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        parent = self.object.parent
        return context | {"parent": link_to(parent) if parent else None}


def featured_cards(featured) -> list[dict]:
    """The cards of featured entries that are public now."""
    return cards_in(featured, current(), "activity__")


def topic_tree() -> list[dict]:
    """The topics in order, each with those below it and how much stands on its list."""
    topics = list(Topic.objects.in_order())
    totals = PeriodCount.objects.filter(
        list_id__in=[topic.list_number for topic in topics], level=PeriodCount.PAGE, period=PeriodCount.ALL
    ).values_list("list_id", "n")
    counts: dict[int, int] = {}
    for number, n in totals:
        counts[number] = counts.get(number, 0) + n
    shown = {topic.pk: topic_summary(topic, counts.get(topic.list_number, 0)) for topic in topics}
    for topic in topics:
        if topic.parent_id:
            shown[topic.parent_id]["children"].append(shown[topic.pk])
    return [shown[topic.pk] for topic in topics if not topic.parent_id]


def topic_summary(topic: Topic, n: int) -> dict:
    intro = read(topic, "intro")
    return link_to(topic) | {
        "count_text": entries(n),
        "intro": Truncator(strip_tags(intro.html)).words(24),
        "intro_lang": intro.language if intro.is_foreign else "",
        "children": [],
    }
