"""Counters: which ones an entry in its place adds to, and how any stretch of a list is summed from them."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Value

from .dates import MAX_YEAR, MIN_YEAR
from .hot import fetch
from .kinds import is_counted_by_month
from .models import KEY_LIMIT, LONGEST_DAYS, Listing, PeriodCount

FIRST_DATED_KEY = 1 << 32  # keys below it are those of undated entries
FIRST_DAY, LAST_DAY = date(MIN_YEAR, 1, 1), date(MAX_YEAR, 12, 31)
ONE_DAY = timedelta(days=1)
HALF_A_YEAR = 6  # months

BETWEEN = -2  # beside the periods of PeriodCount: what lies between two days

COUNTER_COLUMNS = ("list_id", "level", "period", "kind", "type", "languages", "media")
NUMBERS = ("n", "carried")

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
    return Counter(cell for place in places for cell in _cells_of(*place))


def _cells_of(key, number, kind, type_, languages, media, last_day, *_rest) -> Iterator[Cell]:
    sort, by_year = (kind, type_, languages, bool(media)), (kind, 0, languages, False)
    for level, period, is_carried in periods_of(key >> 32, last_day, is_counted_by_month(number)):
        counted = by_year if level == PeriodCount.PAGE and period > 0 else sort
        yield number, level, period, *counted, is_carried


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
    page = (LEVEL, [number, PeriodCount.PAGE])
    return _collect([page, *_between(number, first or FIRST_DAY, last or LAST_DAY)] if dated else [page])


def read_year_counts(number: int) -> dict[int, Counter[Sort]]:
    """Every sort by year, for the bars of a list that is narrowed by type or recording."""
    if is_counted_by_month(number):
        return _collect([(LEVEL, [number, PeriodCount.YEARS])])
    return years_of_rows(Listing.objects.filter(list_id=number))


def count_rows(everything: QuerySet, between: QuerySet | None) -> dict[int, Counter[Sort]]:
    """What read_counts tells, of rows for which there are no counters: where lists meet, or words are sought."""
    undated = everything.filter(sort_key__lt=FIRST_DATED_KEY)
    others = [_counted(undated, PeriodCount.UNDATED)]
    if between is not None:
        others.append(_counted(between, BETWEEN))
    return _group(_counted(everything, PeriodCount.ALL).union(*others, all=True))


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


def _group(rows: Iterable[tuple]) -> dict[int, Counter[Sort]]:
    """Rows of period, kind, type, languages, with a recording, how many: by period, then by sort."""
    periods: dict[int, Counter[Sort]] = defaultdict(Counter)
    for period, kind, type_, languages, media, n in rows:
        if n:
            periods[period][kind, type_, languages, bool(media)] += n
    return periods


def _counted(rows: QuerySet, period: int) -> QuerySet:
    recorded = ExpressionWrapper(Q(media__gt=0), output_field=BooleanField())
    rows = rows.annotate(of=Value(period), recorded=recorded).order_by()
    sorts = rows.values("of", "kind", "type", "languages", "recorded").annotate(much=Count("sort_key"))
    return sorts.values_list("of", "kind", "type", "languages", "recorded", "much")


# The arms of the one query, each with its parameters. They are SQL as those in hot.py are, and give such rows as
# `_group` takes; what several of them tell of one sort is added up there.

Arm = tuple[str, list[int]]

LEVEL = """
    SELECT period, kind, type, languages, media, n + carried FROM activity_periodcount
    WHERE list_id = %s AND level = %s"""

CARRIED = f"""
    SELECT {BETWEEN}, kind, type, languages, media, carried FROM activity_periodcount
    WHERE list_id = %s AND level = {PeriodCount.MONTHS} AND period = %s AND carried > 0"""

PERIODS = f"""
    SELECT {BETWEEN}, kind, type, languages, media, SUM({{}}n) FROM activity_periodcount
    WHERE list_id = %s AND level = %s AND period BETWEEN %s AND %s GROUP BY kind, type, languages, media"""
ADDED, TAKEN = PERIODS.format(""), PERIODS.format("-")

ROWS = f"""
    SELECT {BETWEEN}, kind, type, languages, media > 0, {{}}COUNT(*) FROM activity_listing
    WHERE list_id = %s AND {{}} GROUP BY kind, type, languages, media > 0"""
LASTING = ROWS.format("", "sort_key >= %s AND sort_key < %s AND last_day >= %s")
BEGUN, BEGUN_LATER = (ROWS.format(sign, "sort_key >= %s AND sort_key < %s") for sign in ("", "-"))
ENDED = ROWS.format("-", "sort_key >= %s AND sort_key < %s AND last_day < %s")
CARRIED_AND_ENDED = ROWS.format("-", "crosses AND last_day >= %s AND last_day < %s AND sort_key < %s")


def _collect(arms: list[Arm]) -> dict[int, Counter[Sort]]:
    statement = " UNION ALL ".join(sql for sql, _numbers in arms)
    return _group(fetch(statement, [number for _sql, numbers in arms for number in numbers]))


def _between(number: int, first: date, last: date) -> list[Arm]:
    """Entries with a day from the first to the last.

    Whole years and months are read from counters; of a month that is cut, the shorter part is counted one by one. Of
    the first day's month that is what lasts to that day or begins from then on; or what ends before it, to be taken
    from what begins in the whole month.
    """
    if not is_counted_by_month(number):
        return [(LASTING, [number, *key_bounds(first, last)])]
    start, end = first.replace(day=1), month_end(first)
    stop = min(last, end)
    arms = [_carried(number, first)]
    if start < first:
        arms.append((CARRIED_AND_ENDED, [number, start.toordinal(), first.toordinal(), key_of(start)]))
    if (stop - first).days < end.day // 2:
        arms.append((LASTING, [number, key_of(start), key_of(first), first.toordinal()]))
        arms.append((BEGUN, [number, key_of(first), key_after(stop)]))
        return arms + (_begun(number, end + ONE_DAY, last) if stop < last else [])
    if start < first:
        arms.append((ENDED, [number, key_of(start), key_of(first), first.toordinal()]))
    return [*arms, *_begun(number, start, last)]


def _carried(number: int, first: date) -> Arm:
    """What lasts into a day's month from before it; into January, from the year before."""
    return CARRIED, [number, first.year * 100 + first.month]


def _begun(number: int, start: date, last: date) -> list[Arm]:
    """What begins from the first of a month to a day; of the day's month, the shorter part is counted."""
    end = month_end(last)
    if last == end:
        return _begun_in_months(number, start, end)
    if last.day > end.day // 2:
        return [*_begun_in_months(number, start, end), (BEGUN_LATER, [number, key_after(last), key_after(end)])]
    month = last.replace(day=1)
    whole = _begun_in_months(number, start, month - ONE_DAY) if start < month else []
    return [*whole, (BEGUN, [number, key_of(month), key_after(last)])]


def _begun_in_months(number: int, start: date, stop: date) -> list[Arm]:
    """What begins from a first of a month to an end of one. Of a year that is cut the shorter part is read: its
    months are added, or taken from the year."""
    if start.year == stop.year and stop.month - start.month < HALF_A_YEAR:
        return [_months(ADDED, number, start.year, start.month, stop.month)]
    first_year, last_year, arms = start.year, stop.year, []
    if start.month > HALF_A_YEAR:
        first_year += 1
        arms.append(_months(ADDED, number, start.year, start.month, 12))
    elif start.month > 1:
        arms.append(_months(TAKEN, number, start.year, 1, start.month - 1))
    if stop.month < HALF_A_YEAR:
        last_year -= 1
        arms.append(_months(ADDED, number, stop.year, 1, stop.month))
    elif stop.month < 12:
        arms.append(_months(TAKEN, number, stop.year, stop.month + 1, 12))
    if first_year <= last_year:
        arms.append((ADDED, [number, PeriodCount.YEARS, first_year, last_year]))
    return arms


def _months(sql: str, number: int, year: int, first: int, last: int) -> Arm:
    return sql, [number, PeriodCount.MONTHS, year * 100 + first, year * 100 + last]


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
