from collections import defaultdict

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from research_hub.activity.caching import Versioned
from research_hub.activity.kinds import KINDS
from research_hub.activity.page import listed_owner
from research_hub.activity.selection import list_sizes, upcoming_keys
from research_hub.activity.views import OwnerDetail
from research_hub.languages.addresses import link_to
from research_hub.languages.views import BilingualPage
from research_hub.media.views import picture

from .models import Region, Topic
from .tree import topics_at

UPCOMING = 3


class TopicList(Versioned, BilingualPage):
    template_name = "topics/topic_list.html"
    url_name = "topic_list"
    name = _("Topics")

    def get_context_data(self, **kwargs):
        return super().get_context_data(topics=topics_at(self.version).summaries(), **kwargs)


class TopicDetail(OwnerDetail):
    model = Topic
    above = TopicList

    def get_object(self, queryset=None):
        self.tree = topics_at(self.version)
        topic = self.tree.at(self.kwargs["slug"])
        if topic is None:
            raise Http404
        return topic

    def get_further_keys(self):
        self.upcoming = upcoming_keys(self.object.list_number, KINDS["event"].code, timezone.localdate(), UPCOMING)
        self.featured = self.tree.featured(self.object)
        return [*self.upcoming, *self.featured]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        topic = self.object
        return context | {
            "image": picture(topic.image),
            "children": [link_to(child) for child in self.tree.below(topic)],
            "featured": self.page.cards_of(self.featured),
            "upcoming": self.page.cards_of(self.upcoming),
        }

    def get_steps_between(self):
        return steps_above(self.object)


class RegionList(Versioned, BilingualPage):
    template_name = "topics/region_list.html"
    url_name = "region_list"
    name = _("Places")

    def get_context_data(self, **kwargs):
        regions = list(Region.objects.in_order())
        sizes = list_sizes(region.list_number for region in regions)
        below = defaultdict(list)
        for region in regions:
            below[region.parent_id].append(region)
        shown = [
            listed_owner(region, sizes) | {"children": [listed_owner(child, sizes) for child in below[region.pk]]}
            for region in below[None]
        ]
        return super().get_context_data(regions=shown, **kwargs)


class RegionDetail(OwnerDetail):
    model = Region
    above = RegionList
    queryset = Region.objects.select_related("parent")

    def get_steps_between(self):
        return steps_above(self.object)


def steps_above(subject) -> list[dict]:
    return [link_to(subject.parent)] if subject.parent else []
