"""What a reader asked to see of a list, and how it is read: twenty keys from one index, then their cards."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from .dates import PartialDate
from .models import EVERYTHING, LANGUAGE_BITS, LONGEST_DAYS, Activity, Listing, YearCount

FIRST_DATED_KEY = 1 << 32  # keys below it are those of undated entries


@dataclass(frozen=True)
class Tally:
    """Counts of a list by sort (kind, type, languages, with a recording), and by year of the wanted sorts."""

    everything: Counter
    undated: Counter
    years: dict[int, int]


def total(counts: Counter, kind=None, type=None, language=None, media=False) -> int:
    """How many are of this kind, type, language ("en" or "es"), with a recording."""
    return sum(
        n
        for (cell_kind, cell_type, languages, with_media), n in counts.items()
        if (not kind or kind == cell_kind)
        and (not type or type == cell_type)
        and (not language or bool(languages & LANGUAGE_BITS[language]))
        and (not media or with_media)
    )


@dataclass(frozen=True)
class Selection:
    """One list, or where several meet, narrowed. `since` and `until` are in order; `undated` keeps those too."""

    lists: tuple[int, ...] = (EVERYTHING,)
    since: PartialDate | None = None
    until: PartialDate | None = None
    undated: bool = False
    kind: int | None = None
    type: int | None = None
    language: str | None = None
    media: bool = False

    @property
    def is_dated(self) -> bool:
        return bool(self.since or self.until)

    @property
    def facets(self) -> dict:
        return {"kind": self.kind, "type": self.type, "language": self.language, "media": self.media}

    def tally(self) -> "Tally":
        """What the counters of the list say; where several lists meet, it is counted."""
        if len(self.lists) > 1:
            return Tally(_count(self._rows()), _count(_undated(self._rows())), {})
        narrow = Q(type=self.type or 0, media=self.media, year__gt=0)
        rows = YearCount.objects.filter(Q(year__lte=0) | narrow, list_id=self.lists[0], n__gt=0)
        by_year = defaultdict(list)
        for year, *row in rows.values_list("year", "kind", "type", "languages", "media", "n"):
            by_year[year].append(row)
        everything, undated = (_split(by_year.pop(year, [])) for year in (YearCount.ALL, 0))
        years = {year: self._wanted_of(by_year[year]) for year in sorted(by_year)}
        return Tally(everything, undated, {year: n for year, n in years.items() if n})

    def found(self, tally: "Tally") -> Counter:
        """The sorts that these dates select, whatever sorts are wanted."""
        if not self.is_dated:
            return tally.everything
        dated = _count(self._within(self._rows()))
        return dated + tally.undated if self.undated else dated

    def keys(self, start: int, stop: int, dated: int) -> list[int]:
        """The sort keys of the entries from start to stop, newest first, the undated last.

        `dated` is how many entries the dates select: behind them begin the undated, where they are wanted.
        """
        rows = self._narrowed(self._rows())
        if not self.is_dated:
            return _slice(rows, start, stop)
        keys = _slice(self._within(rows), start, stop) if start < dated else []
        if self.undated and stop > dated:
            keys += _slice(_undated(rows), max(0, start - dated), stop - dated)
        return keys

    def _wanted_of(self, rows: list) -> int:
        return sum(n for kind, _type, languages, _media, n in rows if self._wants(kind, languages))

    def _wants(self, kind: int, languages: int) -> bool:
        return (not self.kind or kind == self.kind) and (
            not self.language or bool(languages & LANGUAGE_BITS[self.language])
        )

    def _rows(self) -> QuerySet:
        first, *others = self.lists
        rows = Listing.objects.filter(list_id=first)
        for number in others:
            rows = rows.filter(Exists(Listing.objects.filter(sort_key=OuterRef("sort_key"), list_id=number)))
        return rows

    def _narrowed(self, rows: QuerySet) -> QuerySet:
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.type:
            rows = rows.filter(type=self.type)
        if self.language:
            bit = LANGUAGE_BITS[self.language]
            rows = rows.filter(languages__in=[bit, sum(LANGUAGE_BITS.values())])
        if self.media:
            rows = rows.filter(media__gt=0)
        return rows

    def _within(self, rows: QuerySet) -> QuerySet:
        """Rows whose days overlap the period; an entry may have begun LONGEST_DAYS before its last day."""
        lowest = FIRST_DATED_KEY
        if self.since:
            first = self.since.lo.toordinal()
            lowest = max(first - LONGEST_DAYS, 1) << 32
            rows = rows.filter(last_day__gte=first)
        if self.until:
            rows = rows.filter(sort_key__lt=(self.until.hi.toordinal() + 1) << 32)
        return rows.filter(sort_key__gte=lowest)


def _slice(rows: QuerySet, start: int, stop: int) -> list[int]:
    return list(rows.order_by("-sort_key").values_list("sort_key", flat=True)[start:stop])


def _undated(rows: QuerySet) -> QuerySet:
    return rows.filter(sort_key__lt=FIRST_DATED_KEY)


def _count(rows: QuerySet) -> Counter:
    rows = rows.values("kind", "type", "languages", "media").annotate(n=Count("sort_key"))
    counts: Counter = Counter()
    for row in rows:
        counts[row["kind"], row["type"], row["languages"], row["media"] > 0] += row["n"]
    return counts


def _split(rows: Iterable[tuple]) -> Counter:
    """Counter rows overlap: a type's are in its kind's, those with a recording are in all. Cells do not."""
    told = {(kind, type_, languages, media): n for kind, type_, languages, media, n in rows}
    counts: Counter = Counter()
    for (kind, type_, languages, media), n in told.items():
        if not media:
            n -= told.get((kind, type_, languages, True), 0)
        counts[kind, type_, languages, media] += n
        if type_:
            counts[kind, 0, languages, media] -= n
    return +counts


def cards(keys: Iterable[int], language: str) -> dict[int, dict]:
    """The finished cards of these keys."""
    return dict(Activity.objects.filter(sort_key__in=keys).values_list("sort_key", f"card_{language}"))


def newest_keys(number: int, today: date, limit: int) -> list[int]:
    """The latest entries of a list, leaving out what is yet to come."""
    rows = Listing.objects.filter(list_id=number, sort_key__lt=(today.toordinal() + 1) << 32)
    return _slice(rows, 0, limit)


def upcoming_keys(number: int, kind: int, today: date, limit: int) -> list[int]:
    """The next entries of a kind on a list, soonest first."""
    rows = Listing.objects.filter(list_id=number, kind=kind, sort_key__gte=today.toordinal() << 32)
    return list(rows.order_by("sort_key").values_list("sort_key", flat=True)[:limit])
