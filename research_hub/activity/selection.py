"""What a reader asked to see of a list, and how it is read: twenty keys from one index, then their cards."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from .cards import Card, cards
from .counts import (
    BETWEEN,
    FIRST_DATED_KEY,
    Sort,
    count_rows,
    key_after,
    key_bounds,
    key_of,
    read_counts,
    read_year_counts,
    within,
    years_of_rows,
)
from .dates import PartialDate
from .hot import (
    IN_LANGUAGE,
    LASTS_TO,
    OF_KIND,
    OF_TYPE,
    STANDS_ON,
    WITH_MEDIA,
    Condition,
    most_shared,
    newest,
    newest_narrowed,
    newest_of_each,
    soonest,
)
from .models import EVERYTHING, KEY_LIMIT, LANGUAGE_BITS, Listing, PeriodCount

LOOKED_AT = 20  # entries of each list, among which those alike are sought
MOST_READ = 2_000  # entries where lists meet, of which the years are still counted


@dataclass(frozen=True)
class Facets:
    """The sorts that are wanted; None takes all."""

    kind: int | None = None
    type: int | None = None
    language: str | None = None
    media: bool = False

    def take(self, sort: Sort) -> bool:
        kind, type_, languages, with_media = sort
        return (
            (not self.kind or self.kind == kind)
            and (not self.type or self.type == type_)
            and (not self.language or bool(languages & LANGUAGE_BITS[self.language]))
            and (not self.media or with_media)
        )

    def total(self, counts: Counter[Sort]) -> int:
        if self == ALL:
            return counts.total()
        return sum(n for sort, n in counts.items() if self.take(sort))

    def conditions(self) -> list[Condition]:
        found: list[Condition] = []
        if self.kind:
            found.append((OF_KIND, (self.kind,)))
        if self.type:
            found.append((OF_TYPE, (self.type,)))
        if self.language:
            found.append((IN_LANGUAGE, (LANGUAGE_BITS[self.language], sum(LANGUAGE_BITS.values()))))
        if self.media:
            found.append((WITH_MEDIA, (0,)))
        return found


ALL = Facets()


@dataclass(frozen=True)
class Counts:
    """What is there: `found` are the sorts that the dates select, `undated` those without a date, `years` how many
    of the wanted sorts have a day in each year, whatever dates are asked for. Where a search finds too much to be
    counted, they say what is found, or undated beside dates, `at_least`; and nothing of the years, where all dates have
    too much."""

    found: Counter[Sort]
    undated: Counter[Sort]
    years: dict[int, int]
    at_least: bool = False
    undated_at_least: bool = False


@dataclass(frozen=True)
class Selection:
    """One list, or where several meet, narrowed. `since` and `until` are in order; `undated` keeps those too."""

    lists: tuple[int, ...] = (EVERYTHING,)
    since: PartialDate | None = None
    until: PartialDate | None = None
    undated: bool = False
    facets: Facets = ALL

    @property
    def is_dated(self) -> bool:
        return bool(self.since or self.until)

    @property
    def days(self) -> tuple[date | None, date | None]:
        return self.since and self.since.lo, self.until and self.until.hi

    def counts(self) -> Counts:
        crossed = len(self.lists) > 1
        periods = self._count_crossing() if crossed else read_counts(self.lists[0], self.is_dated, *self.days)
        everything, undated = periods.pop(PeriodCount.ALL, Counter()), periods.pop(PeriodCount.UNDATED, Counter())
        found = periods.pop(BETWEEN, Counter()) if self.is_dated else everything
        if self.is_dated and self.undated:
            found = found + undated
        if crossed:
            periods = years_of_rows(self._rows()) if everything.total() <= MOST_READ else {}
        elif self.facets.type or self.facets.media:
            periods = read_year_counts(self.lists[0])
        years = {year: self.facets.total(periods[year]) for year in sorted(periods)}
        return Counts(found, undated, {year: n for year, n in years.items() if n})

    def keys(self, start: int, stop: int, total: int, undated: int) -> list[int]:
        """The sort keys of the entries from start to stop, newest first, the undated last.

        `total` is how many there are, `undated` how many of them have no date. Knowing it, the database
        need not look for more.
        """
        stop = min(stop, total)
        if self == Selection(self.lists[:1]):
            return newest(self.lists[0], start, stop) if start < stop else []
        if not self.is_dated:
            return self._newest(start, stop)
        dated = total - undated
        keys = self._newest_dated(start, min(stop, dated))
        return keys + self._newest(max(0, start - dated), stop - dated, high=FIRST_DATED_KEY)

    def keys_below(self, key: int, limit: int) -> list[int]:
        """The sort keys that follow one in the same order; it costs no more however far down the list that is."""
        if self == Selection(self.lists[:1]):
            return newest(self.lists[0], 0, limit, below=key)
        if not self.is_dated:
            return self._newest(0, limit, high=key)
        dated = self._newest_dated(0, limit, high=key)
        undated = min(key, FIRST_DATED_KEY)
        return dated + (self._newest(0, limit - len(dated), high=undated) if self.undated else [])

    def _newest_dated(self, start: int, stop: int, high: int = KEY_LIMIT) -> list[int]:
        """Those with a day between the dates."""
        low, after, reaches = key_bounds(*self.days)
        return self._newest(start, stop, low, min(high, after), [(LASTS_TO, (reaches,))] if reaches else [])

    def _newest(self, start: int, stop: int, low: int = 1, high: int = KEY_LIMIT, also: Sequence[Condition] = ()):
        first, *others = self.lists
        on_others = [(STANDS_ON, (number,)) for number in others]
        return newest_narrowed(first, low, high, [*self.facets.conditions(), *on_others, *also], start, stop)

    def cards(self, keys: Iterable[int], also: Iterable[int], language: str) -> dict[int, Card]:
        """The cards of its own entries and of those that the page shows elsewhere."""
        wanted = [*keys, *also]
        return cards(wanted, language) if wanted else {}

    def _count_crossing(self) -> dict[int, Counter[Sort]]:
        rows = self._rows()
        return count_rows(rows, within(rows, *self.days) if self.is_dated else None)

    def _rows(self) -> QuerySet:
        """The rows of the first list that stand on the others too; put the shortest first."""
        first, *others = self.lists
        rows = Listing.objects.filter(list_id=first)
        for number in others:
            rows = rows.filter(Exists(Listing.objects.filter(sort_key=OuterRef("sort_key"), list_id=number)))
        return rows


def shortest_first(numbers: Iterable[int]) -> tuple[int, ...]:
    """Lists in the order in which to look for what stands on all of them."""
    numbers = list(numbers)
    sizes = list_sizes(numbers)
    return tuple(sorted(numbers, key=lambda number: sizes[number]))


def list_sizes(numbers: Iterable[int]) -> Counter[int]:
    """How many entries stand on each of these lists."""
    sizes: Counter[int] = Counter()
    rows = PeriodCount.objects.filter(list_id__in=list(numbers), level=PeriodCount.PAGE, period=PeriodCount.ALL)
    for number, n in rows.values_list("list_id", "n"):
        sizes[number] += n
    return sizes


def newest_keys(number: int, today: date, limit: int) -> list[int]:
    """The latest entries of a list, leaving out what is yet to come."""
    return newest(number, 0, limit, below=key_after(today))


def alike_keys(numbers: Iterable[int], today: date, limit: int) -> list[int]:
    """Of the latest entries of each of these lists, those that stand on the most of them, the newest first among
    equals; without what is yet to come. It reads so many rows a list, however many stand there."""
    numbers = list(numbers)
    keys = newest_of_each(numbers, LOOKED_AT, below=key_after(today))
    return most_shared(keys, numbers, limit)


def upcoming_keys(number: int, kind: int, today: date, limit: int) -> list[int]:
    """The next entries of a kind on a list, soonest first."""
    return soonest(number, kind, key_of(today), limit)
