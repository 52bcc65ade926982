"""The topics as readers meet them: they are few, so they are read whole, once for each version of the site."""

from collections import Counter
from functools import lru_cache

from django.utils.html import strip_tags
from django.utils.text import Truncator

from research_hub.activity.page import entries
from research_hub.activity.selection import list_sizes
from research_hub.languages.addresses import formerly_at, link_to
from research_hub.languages.text import current, other, read

from .models import FeaturedEntry, Topic

INTRO_WORDS = 24


class Tree:
    """All topics, in order, each knowing its parent; to be read only, as all who show one share it."""

    def __init__(self):
        self.topics = list(Topic.objects.select_related("image").in_order())
        by_pk = {topic.pk: topic for topic in self.topics}
        self._below: dict[int | None, list[Topic]] = {pk: [] for pk in (None, *by_pk)}
        for topic in self.topics:
            topic.parent = by_pk.get(topic.parent_id)
            self._below[topic.parent_id].append(topic)
        self._featured: dict[int, list[int]] = {pk: [] for pk in by_pk}
        chosen = FeaturedEntry.objects.filter(activity__sort_key__gt=0).order_by("position")
        for pk, key in chosen.values_list("topic_id", "activity__sort_key"):
            self._featured[pk].append(key)
        self._summaries: dict[str, list[dict]] = {}

    def featured(self, topic: Topic) -> list[int]:
        """The keys of what stands at the top of a topic's page, of what is public now."""
        return self._featured[topic.pk]

    def at(self, slug: str) -> Topic | None:
        """The topic of which this is the slug, the page's language before the other."""
        for language in (current(), other(current())):
            found = next((topic for topic in self.topics if getattr(topic, f"slug_{language}") == slug), None)
            if found:
                return found
        former = formerly_at(Topic, slug)
        return next((topic for topic in self.topics if topic.pk in former), None)

    def below(self, topic: Topic | None) -> list[Topic]:
        return self._below[topic and topic.pk]

    def summaries(self) -> list[dict]:
        """Each topic at the top with those below it and how much stands on its list; made once in a language."""
        language = current()
        if language not in self._summaries:
            sizes = list_sizes(topic.list_number for topic in self.topics)
            self._summaries[language] = [self._summary(topic, sizes) for topic in self.below(None)]
        return self._summaries[language]

    def _summary(self, topic: Topic, sizes: Counter[int]) -> dict:
        intro = read(topic, "intro")
        return link_to(topic) | {
            "count_text": entries(sizes[topic.list_number]),
            "intro": Truncator(strip_tags(intro.html)).words(INTRO_WORDS),
            "intro_lang": intro.language if intro.is_foreign else "",
            "children": [self._summary(child, sizes) for child in self.below(topic)],
        }


@lru_cache(maxsize=2)
def topics_at(version: int) -> Tree:
    """The topics at a version of the site, which is read before they are: so newer words may stand under an older
    version, which nobody asks for again, but never older under a newer."""
    return Tree()
