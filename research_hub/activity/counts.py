"""Counters: which ones an entry in its place adds to, and how any stretch of a list is summed from them."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Sum, Value

from .dates import MAX_YEAR, MIN_YEAR
from .hot import page_counts
from .kinds import is_counted_by_month
from .models import KEY_LIMIT, LONGEST_DAYS, Listing, PeriodCount

FIRST_DATED_KEY = 1 << 32  # keys below it are those of undated entries
FIRST_DAY, LAST_DAY = date(MIN_YEAR, 1, 1), date(MAX_YEAR, 12, 31)
ONE_DAY = timedelta(days=1)

BETWEEN = -2  # beside the periods of PeriodCount: what lies between two days

COUNTER_COLUMNS = ("list_id", "level", "period", "kind", "type", "languages", "media")

Place = tuple[int, ...]  # the columns of a Listing, in the order of sync.PLACE_COLUMNS
Cell = tuple[int, int, int, int, int, int, bool, bool]  # COUNTER_COLUMNS, and whether it is carried
Sort = tuple[int, int, int, bool]  # kind, type, languages, with a recording


@lru_cache(maxsize=50_000)
def month_of(day: int) -> int:
    """The period of an ordinal day: 201702."""
    moment = date.fromordinal(day) if day else None
    return moment.year * 100 + moment.month if moment else 0


def next_month(month: int) -> int:
    return month + 1 if month % 100 < 12 else month + 89


def cells_of(places: Iterable[Place]) -> Counter[Cell]:
    """What entries in these places add to the counters."""
    cells: Counter[Cell] = Counter()
    for key, number, kind, type_, languages, media, last_day, *_ in places:
        sort = (kind, type_, languages, bool(media))
        for level, period, is_carried in periods_of(key >> 32, last_day, is_counted_by_month(number)):
            rolled_up = level == PeriodCount.PAGE and period > 0
            counted = (kind, 0, languages, False) if rolled_up else sort
            cells[(number, level, period, *counted, is_carried)] += 1
    return cells


@lru_cache(maxsize=50_000)
def periods_of(first_day: int, last_day: int, by_month: bool) -> list[tuple[int, int, bool]]:
    """Level, period and whether carried, of each counter that an entry of these days adds one to."""
    everything = (PeriodCount.PAGE, PeriodCount.ALL, False)
    if not first_day:
        return [everything, (PeriodCount.PAGE, PeriodCount.UNDATED, False)]
    months = [month_of(first_day)]
    while months[-1] < month_of(last_day):
        months.append(next_month(months[-1]))
    years = range(months[0] // 100, months[-1] // 100 + 1)
    levels = [(PeriodCount.PAGE, years)]
    if by_month:
        levels += [(PeriodCount.YEARS, years), (PeriodCount.MONTHS, months)]
    return [everything] + [(level, period, period != periods[0]) for level, periods in levels for period in periods]


def read_counts(number: int, dated: bool, first: date | None, last: date | None) -> dict[int, Counter[Sort]]:
    """In one query, what a page of a list counts: by period, and where it is `dated`, BETWEEN two days."""
    if not dated:
        return _group(page_counts(number))
    arms = [_level_arm(number, PeriodCount.PAGE), *_between_arms(number, first or FIRST_DAY, last or LAST_DAY)]
    return _collect(arms)


def read_year_counts(number: int) -> dict[int, Counter[Sort]]:
    """Every sort by year, for the bars of a list that is narrowed by type or recording."""
    if is_counted_by_month(number):
        return _collect([_level_arm(number, PeriodCount.YEARS)])
    return years_of_rows(Listing.objects.filter(list_id=number))


def count_rows(everything: QuerySet, between: QuerySet | None) -> dict[int, Counter[Sort]]:
    """What read_counts tells, of rows for which there are no counters: where lists meet, or words are sought."""
    undated = everything.filter(sort_key__lt=FIRST_DATED_KEY)
    arms = [_row_arm(everything, PeriodCount.ALL), _row_arm(undated, PeriodCount.UNDATED)]
    return _collect(arms if between is None else [*arms, _row_arm(between, BETWEEN)])


def years_of_rows(rows: QuerySet) -> dict[int, Counter[Sort]]:
    """Every sort by year, of rows few enough to be read one by one."""
    return years_of(rows.values_list("sort_key", "last_day", "kind", "type", "languages", "media"))


def years_of(rows: Iterable[tuple]) -> dict[int, Counter[Sort]]:
    """Every sort by year, of rows of key, last day, kind, type, languages and media."""
    years: dict[int, Counter[Sort]] = defaultdict(Counter)
    for key, last_day, kind, type_, languages, media in rows:
        first, last = month_of(key >> 32) // 100, month_of(last_day) // 100
        for year in range(first, last + 1):
            years[year][kind, type_, languages, media > 0] += 1
    years.pop(PeriodCount.UNDATED, None)
    return years


def within(rows: QuerySet, first: date | None, last: date | None) -> QuerySet:
    """Rows with a day between two days."""
    low, high, reaches = key_bounds(first, last)
    if first:
        rows = rows.filter(last_day__gte=reaches)
    if last:
        rows = rows.filter(sort_key__lt=high)
    return rows.filter(sort_key__gte=low)


def key_bounds(first: date | None, last: date | None) -> tuple[int, int, int]:
    """The keys from and up to which an entry may have a day between two days, and the day that it lasts to.

    It may have begun LONGEST_DAYS before its last day.
    """
    low = max(first.toordinal() - LONGEST_DAYS, 1) << 32 if first else FIRST_DATED_KEY
    return low, key_after(last) if last else KEY_LIMIT, first.toordinal() if first else 0


def key_of(day: date) -> int:
    """The lowest key an entry of this day may have."""
    return day.toordinal() << 32


def key_after(day: date) -> int:
    return (day.toordinal() + 1) << 32


# The arms of the one query: each gives rows of period, kind, type, languages, with a recording, how many.


def _collect(arms: list[QuerySet]) -> dict[int, Counter[Sort]]:
    first, *others = arms
    return _group(first.union(*others, all=True) if others else first)


def _group(rows: Iterable[tuple]) -> dict[int, Counter[Sort]]:
    """Rows of period, kind, type, languages, with a recording, how many: by period, then by sort."""
    periods: dict[int, Counter[Sort]] = defaultdict(Counter)
    for period, kind, type_, languages, media, n in rows:
        if n:
            periods[period][kind, type_, languages, bool(media)] += n
    return periods


def _counter_arm(rows: QuerySet, period, n) -> QuerySet:
    rows = rows.annotate(of=period, much=n).order_by()
    return rows.values_list("of", "kind", "type", "languages", "media", "much")


def _level_arm(number: int, level: int) -> QuerySet:
    rows = PeriodCount.objects.filter(list_id=number, level=level)
    return _counter_arm(rows, F("period"), F("n") + F("carried"))


def _row_arm(rows: QuerySet, period: int, sign: int = 1) -> QuerySet:
    recorded = ExpressionWrapper(Q(media__gt=0), output_field=BooleanField())
    rows = rows.annotate(of=Value(period), recorded=recorded).order_by()
    sorts = rows.values("of", "kind", "type", "languages", "recorded").annotate(much=Count("sort_key") * sign)
    return sorts.values_list("of", "kind", "type", "languages", "recorded", "much")


def _between_arms(number: int, first: date, last: date) -> list[QuerySet]:
    """The entries that begin between the days, and those that began before and last into them.

    Whole years and months are read from counters. Of a month that is cut, the entries that begin in it are
    counted one by one.
    """
    rows = Listing.objects.filter(list_id=number)
    if not is_counted_by_month(number):
        return [_row_arm(within(rows, first, last), BETWEEN)]
    arms = []
    start, stop = first, last
    if first.day > 1:
        arms += _arms_of_cut_month(rows, number, first)
        start = month_end(first) + ONE_DAY
        arms.append(_begun_arm(rows, first, min(last, month_end(first))))
    else:
        arms.append(_carried_arm(number, first))
    if stop != month_end(stop) and stop >= start:
        arms.append(_begun_arm(rows, max(start, stop.replace(day=1)), stop))
        stop = stop.replace(day=1) - ONE_DAY
    if start <= stop:
        arms.append(_whole_months_arm(number, start, stop))
    return arms


def _begun_arm(rows: QuerySet, first: date, last: date) -> QuerySet:
    return _row_arm(rows.filter(sort_key__gte=key_of(first), sort_key__lt=key_after(last)), BETWEEN)


def _carried_arm(number: int, first: date) -> QuerySet:
    """What lasts into a month from before it; into January, from the year before."""
    level, period = PeriodCount.MONTHS, first.year * 100 + first.month
    rows = PeriodCount.objects.filter(list_id=number, level=level, period=period, carried__gt=0)
    return _counter_arm(rows, Value(BETWEEN), F("carried"))


def _arms_of_cut_month(rows: QuerySet, number: int, first: date) -> list[QuerySet]:
    """What lasts into a day within a month: what lasts into the month, less what ends before the day,
    and what begins in the month before the day and does not end before it."""
    start = first.replace(day=1)
    ended = rows.filter(
        crosses=True, last_day__gte=start.toordinal(), last_day__lt=first.toordinal(), sort_key__lt=key_of(start)
    )
    begun = rows.filter(sort_key__gte=key_of(start), sort_key__lt=key_of(first), last_day__gte=first.toordinal())
    return [_carried_arm(number, start), _row_arm(ended, BETWEEN, sign=-1), _row_arm(begun, BETWEEN)]


def _whole_months_arm(number: int, start: date, stop: date) -> QuerySet:
    """What begins from a first of a month to an end of one: whole years by year, the rest by month."""
    years = (start.year + (start.month > 1), stop.year - (stop.month < 12))
    months = (start.year * 100 + start.month, stop.year * 100 + stop.month)
    chosen = Q(level=PeriodCount.MONTHS, period__range=months)
    if years[0] <= years[1]:
        before = Q(level=PeriodCount.MONTHS, period__range=(months[0], years[0] * 100))
        after = Q(level=PeriodCount.MONTHS, period__range=(years[1] * 100 + 13, months[1]))
        chosen = Q(level=PeriodCount.YEARS, period__range=years) | before | after
    rows = PeriodCount.objects.filter(chosen, list_id=number).annotate(of=Value(BETWEEN)).order_by()
    sorts = rows.values("of", "kind", "type", "languages", "media").annotate(much=Sum("n"))
    return sorts.values_list("of", "kind", "type", "languages", "media", "much")


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
