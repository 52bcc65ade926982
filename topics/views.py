from django.http import Http404
from django.utils import timezone

from research_hub.activity.caching import Versioned
from research_hub.activity.kinds import KINDS
from research_hub.activity.selection import upcoming_keys
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

    def get_context_data(self, **kwargs):
        return super().get_context_data(topics=topics_at(self.version).summaries(), **kwargs)


class TopicDetail(OwnerDetail):
    model = Topic

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
            "parent": link_to(topic.parent) if topic.parent else None,
            "children": [link_to(child) for child in self.tree.below(topic)],
            "featured": self.page.cards_of(self.featured),
            "upcoming": self.page.cards_of(self.upcoming),
        }


class RegionDetail(OwnerDetail):
    model = Region
    queryset = Region.objects.select_related("parent")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        parent = self.object.parent
        return context | {"parent": link_to(parent) if parent else None}
