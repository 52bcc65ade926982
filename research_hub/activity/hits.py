"""What a search finds of a list: the newest thousand, counted, ordered, and shown with their words marked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from research_hub.languages.text import BADGES, LANGUAGES, current, other

from .cards import Card, Marked, cards
from .counts import FIRST_DATED_KEY, key_bounds, years_of
from .models import KEY_LIMIT, LANGUAGE_BITS
from .search import COLUMNS, KEY, LAST_DAY, MOST_FOUND, WRITTEN_IN, Found, Stretch, count, find, sort_of, tags
from .selection import ALL, Counts, Facets, Selection
from .words import Query, highlight

UNDATED = Stretch(high=FIRST_DATED_KEY)


@dataclass(frozen=True)
class WordSelection(Selection):
    """A selection of what has certain words.

    Up to a thousand matches are fetched once, and everything is counted from those, exactly. Of more, the index
    is asked again for what the dates and the facets leave, and what is told of the rest is “at least”.
    """

    words: Query = field(default_factory=Query)
    by_relevance: bool = False

    def counts(self) -> Counts:
        found, is_cut = Counter(map(sort_of, self._between)), len(self._between) > MOST_FOUND
        if is_cut:
            for sort in [sort for sort in found if self.facets.take(sort)]:
                del found[sort]
            found.update(map(sort_of, self._wanted))
        undated = Counter(map(sort_of, self._undated))
        years = self._years() if self._is_exact else {}
        return Counts(found, undated, years, is_cut, undated.total() > MOST_FOUND)

    def keys(self, start: int, stop: int, total: int, undated: int) -> list[int]:
        return self._ordered()[start:stop]

    def keys_below(self, key: int, limit: int) -> list[int]:
        """By relevance, those that follow a key that is among them, or the first of all."""
        keys = self._ordered()
        if not self.by_relevance:
            keys = [found for found in keys if found < key]
        elif key < KEY_LIMIT:
            keys = keys[keys.index(key) + 1 :] if key in keys else []
        return keys[:limit]

    def _ordered(self) -> list[int]:
        rows = self._wanted[:MOST_FOUND]
        if self.by_relevance:
            rows = sorted(rows, key=self._relevance)
        return [row[KEY] for row in rows]

    def cards(self, keys: Iterable[int], also: Iterable[int], language: str) -> dict[int, Card]:
        """With the words marked; where they stand only in the other language's card, it lends its text."""
        keys = list(keys)
        own = super().cards(keys, also, language)
        marked = {key: mark(own[key], language, self.words) for key in keys if key in own}
        unmarked = [key for key, card in marked.items() if not is_marked(card)]
        lent = cards(unmarked, other(language))
        return own | marked | {key: lend(marked[key], lent[key], language, self.words) for key in unmarked}

    def _years(self) -> dict[int, int]:
        years = years_of(self._everything)
        totals = {year: self.facets.total(years[year]) for year in sorted(years)}
        return {year: n for year, n in totals.items() if n}

    # What was found, newest first: whatever its date, where the dates want it, where the facets want it too.

    @cached_property
    def _everything(self) -> list[Found]:
        return self._find([Stretch()])

    @cached_property
    def _is_exact(self) -> bool:
        """Whether there are no more than can be counted: asked beforehand where the dates want few of so many."""
        if self.is_dated and self.words.terms:
            return count(self.words, self._tags(), MOST_FOUND + 1) <= MOST_FOUND
        return len(self._everything) <= MOST_FOUND

    @cached_property
    def _dated_or_not(self) -> list[Found]:
        """What has a day in the dates, and what is undated."""
        if not self.is_dated:
            return self._everything
        if self._is_exact:
            return [row for row in self._everything if self._is_within(row)]
        return self._find([self._dates, UNDATED])

    @property
    def _undated(self) -> list[Found]:
        return [row for row in self._dated_or_not if row[KEY] < FIRST_DATED_KEY]

    @cached_property
    def _between(self) -> list[Found]:
        if self.undated or not self.is_dated:
            return self._dated_or_not
        return [row for row in self._dated_or_not if row[KEY] >= FIRST_DATED_KEY]

    @cached_property
    def _wanted(self) -> list[Found]:
        if self.facets == ALL:
            return self._between
        if len(self._between) <= MOST_FOUND:
            return [row for row in self._between if self.facets.take(sort_of(row))]
        return self._find(self._stretches, self.facets)

    @cached_property
    def _ranks(self) -> dict[int, int]:
        """The keys of what has all the words in its title, or there and in its summary."""
        ranks: dict[int, int] = {}
        for rank, columns in enumerate([("title",), ("title", "summary")]):
            for row in self._find(self._stretches, self.facets, columns):
                ranks.setdefault(row[KEY], rank)
        return ranks

    def _relevance(self, row: Found) -> tuple[int, bool, int]:
        """The title before the summary before the text, the page's language before the other, the newest first."""
        return self._ranks.get(row[KEY], len(LANGUAGES)), not row[WRITTEN_IN] & LANGUAGE_BITS[current()], -row[KEY]

    def _find(self, stretches: list[Stretch], facets: Facets = ALL, columns: Sequence[str] = ()) -> list[Found]:
        return find(self.words, self._tags(facets), stretches, columns or tuple(COLUMNS))

    def _tags(self, facets: Facets = ALL) -> list[str]:
        languages = [facets.language] if facets.language else []
        return tags(self.lists, facets.kind, facets.type, languages, facets.media)

    # Dates

    @cached_property
    def _dates(self) -> Stretch:
        return Stretch(*key_bounds(*self.days))

    @property
    def _stretches(self) -> list[Stretch]:
        if not self.is_dated:
            return [Stretch()]
        return [self._dates, UNDATED] if self.undated else [self._dates]

    def _is_within(self, row: Found) -> bool:
        dates = self._dates
        return row[KEY] < FIRST_DATED_KEY or (dates.low <= row[KEY] < dates.high and row[LAST_DAY] >= dates.reaches)


def mark(card: Card, language: str, words: Query) -> Marked:
    """The card with the words marked."""
    return Marked(
        card,
        {
            "title": highlight(card["title"], card["lang"] or language, words),
            "summary": highlight(card["summary"], card["summary_lang"] or language, words),
        },
    )


def is_marked(card: dict) -> bool:
    return any("<mark>" in text for text in card["marked"].values())


def lend(own: dict, foreign: Card, language: str, words: Query) -> dict:
    """A card without the words, with what the other language's has of them."""
    lent = mark(foreign, other(language), words)
    if not is_marked(lent):
        return own
    return own | {
        "marked": lent["marked"],
        "url": foreign["url"],
        "title": foreign["title"],
        "summary": foreign["summary"],
        "lang": _seen_from(language, foreign["lang"]),
        "summary_lang": _seen_from(language, foreign["summary_lang"]),
        "badge": str(BADGES[other(language)]),
    }


def _seen_from(language: str, lang: str) -> str:
    """What marks a text on a page of this language that was marked so, or not at all, on one of the other."""
    return "" if lang == language else other(language)
