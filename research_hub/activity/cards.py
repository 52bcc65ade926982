"""Cards: what a list shows of an entry, kept as they were last read and drawn."""

import json
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast
from django.template.loader import get_template
from django.utils.safestring import SafeString

from .hot import card_texts

KEPT = 20_000  # cards in a process's memory, about 2 kB each

TEMPLATE = "activity/_card.html"
OPEN = {"title": "\0title\0", "summary": "\0summary\0"}  # no text of a card has a NUL in it


class Card(dict):
    """A finished card. It is shared by all who show it, so nobody changes it; `card | {…}` makes another."""

    def __init__(self, values):
        super().__init__(values)
        self._drawn: dict[int, str] = {}

    def draw(self, level: int) -> str:
        """Its markup, with its title as a heading of this level; drawn once."""
        if level not in self._drawn:
            self._drawn[level] = draw(self, level)
        return self._drawn[level]

    def draw_around(self, level: int) -> str:
        """The same with OPEN where title and summary stand."""
        if -level not in self._drawn:
            self._drawn[-level] = draw(self | {"marked": OPEN}, level)
        return self._drawn[-level]


class Marked(dict):
    """A card whose title and summary have words marked in them; the rest of its markup is that of the card."""

    def __init__(self, card: Card, marked: dict[str, SafeString]):
        super().__init__(card | {"marked": marked})
        self.card = card

    def draw(self, level: int) -> str:
        drawn = self.card.draw_around(level)
        for name, text in self["marked"].items():
            drawn = drawn.replace(OPEN[name], text)
        return drawn


def draw(card: dict, level: int) -> str:
    return get_template(TEMPLATE).render({"card": card, "level": level})


@lru_cache(KEPT)
def read_card(text: str) -> Card:
    """The card of this JSON; the same text is the same card, so one that has changed is read anew."""
    return Card(json.loads(text))


def as_text(language: str, prefix: str = "") -> Cast:
    """The column of a card as the JSON that `read_card` reads."""
    return Cast(f"{prefix}card_{language}", TextField())


def cards(keys: Iterable[int], language: str) -> dict[int, Card]:
    """The finished cards of these keys."""
    return {key: read_card(text) for key, text in card_texts(list(keys), language)}
