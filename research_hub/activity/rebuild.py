"""Making the read model anew from the entries, and proving that it equals them.

Both go through the entries by their keys, lowest first, as the tables are ordered: rows come in where they belong, and
what is stored of a run of keys is read in one piece.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple, TypeVar

from django.db.models import Exists, OuterRef

from .counts import COUNTER_COLUMNS, NUMBERS, Cell, Place, cells_of
from .dates import number_of
from .filling import empty_tables, filling
from .kinds import BITS, KINDS, kind_by_code
from .models import KEY_LIMIT, Activity, List, Listing, PeriodCount, PublicRow
from .rows import insert
from .search import empty, faults, row_of, stored_between
from .side_by_side import allowed, side_by_side, usual_processes
from .sync import (
    ACTIVITY_COLUMNS,
    PLACE_COLUMNS,
    Progress,
    Rows,
    Shown,
    activity_of,
    add_new,
    chunks,
    counters,
    derive,
    places_of,
    rows_of,
    stored_activities,
    stored_places,
    touch,
    writing,
)

CHUNK = 1_000  # entries at a time: bounds memory
LISTS = 20  # that are counted at a time: bounds memory, too
COUNTED_COLUMNS = PLACE_COLUMNS[:-2]  # without `direct` and `crosses`

Result = TypeVar("Result")


def rebuild(progress: Progress, processes: int | None = None) -> int:
    """Empty the read model and fill it again, in one transaction; returns how many entries it holds.

    What is written is worked out by several processes, as many as there are processors where nothing else is said.
    """
    processes = allowed(processes)
    with writing():
        keys = _published_keys()
        empty_tables()
        empty()
        with filling(), _shared(keys, processes) as (share, runs):
            for rows in _told(share(_rows, runs), runs, progress):
                add_new(rows)
        touch({*_all_lists(), *Listing.objects.values_list("list_id", flat=True).distinct()})
        count_anew()
        return len(keys)


def count_anew() -> None:
    """Fill the counters, of which there are none, from the lists."""
    for numbers in chunks(_all_lists(), LISTS):
        insert("activity_periodcount", (*COUNTER_COLUMNS, *NUMBERS), counters(_counted(numbers)))


def drift(progress: Progress, processes: int | None = None) -> list[str]:
    """Every way in which the read model differs from the entries it was made from, as sentences; found by as many
    processes as make it anew."""
    processes = allowed(processes)
    with writing():
        return list(_differences(progress, processes))


def _published_keys() -> array:
    """The keys of all that is published, lowest first: eight bytes an entry."""
    keys = array("q")
    for kind in KINDS.values():
        keys.extend(kind.model.objects.published().sort_keys(kind.number))
    return array("q", sorted(keys))


class Run(NamedTuple):
    """The published keys from one up to another, of which there are no others between."""

    low: int
    high: int
    keys: array


@contextmanager
def _shared(keys: array, processes: int | None) -> Iterator[tuple[Callable[..., Iterator], list[Run]]]:
    """A `map` over so many processes, the usual ones where none are named, and the runs of keys that they share."""
    processes = processes or usual_processes(len(keys))
    with side_by_side(processes) as share:
        yield share, _runs(keys, processes)


def _runs(keys: array, processes: int) -> list[Run]:
    """All keys there may be, in runs that are shared by so many processes."""
    size = max(1, min(CHUNK, -(-len(keys) // processes)))
    lows = [1, *keys[size::size], KEY_LIMIT]
    return [Run(*bounds, chunk) for bounds, chunk in zip(pairwise(lows), [*chunks(keys, size)] or [keys], strict=True)]


def _told(results: Iterable[Result], runs: list[Run], progress: Progress) -> Iterator[Result]:
    done, total = 0, sum(len(run.keys) for run in runs)
    for run, result in zip(runs, results, strict=True):
        yield result
        done += len(run.keys)
        progress(done, total)


def _rows(run: Run) -> Rows:
    return rows_of(_derived(run.keys))


def _derived(keys: array) -> list[tuple[Shown, PublicRow]]:
    """What the public may know of the entries with these keys, in the order of their keys."""
    by_code = defaultdict(list)
    for key in keys:
        number = number_of(key)
        by_code[number & (1 << BITS) - 1].append(number >> BITS)
    found = []
    for code, pks in by_code.items():
        kind = kind_by_code(code)
        found += [(activity_of(kind, number, row), row) for number, row in derive(kind, pks).items()]
    return sorted(found, key=lambda entry: entry[0].sort_key)


def _differences(progress: Progress, processes: int | None) -> Iterator[str]:
    with _shared(_published_keys(), processes) as (share, runs):
        yield from chain.from_iterable(_told(share(_differences_within, runs), runs, progress))
        yield from _strays()
        yield from chain.from_iterable(share(_miscounts, list(chunks(_all_lists(), LISTS))))
    yield from faults()


def _differences_within(run: Run) -> list[str]:
    """What is stored of a run of keys, against the entries that have them."""
    return list(_differences_between(run.low, run.high, _derived(run.keys)))


def _differences_between(low: int, high: int, derived: list[tuple[Shown, PublicRow]]) -> Iterator[str]:
    old = stored_activities(Activity.objects.filter(pk__in=[activity.id for activity, _row in derived]))
    listed = set(stored_places(Listing.objects.filter(sort_key__gte=low, sort_key__lt=high)))
    words = stored_between(low, high)
    known, places = {activity.sort_key for activity, _row in derived}, set()
    for activity, row in derived:
        yield from _row_differences(activity, old.get(activity.id))
        if words.get(activity.sort_key) != row_of(activity, row):
            yield f"{activity.uid}: search has other words of it"
        places |= places_of(activity, row.lists)
    yield from (f"{key}: found by search, but not published" for key in sorted(words.keys() - known))
    yield from (f"{place}: missing from its list" for place in sorted(places - listed))
    for place in sorted(listed - places):
        if place[0] in known:
            yield f"{place}: on a list where it does not belong"
        else:
            yield f"{place[0]}: on list {place[1]}, but not published"


def _row_differences(wanted: Shown, stored: Shown | None) -> Iterator[str]:
    if stored == wanted:
        return
    if stored is None:
        yield f"{wanted.uid}: published, but not in the activity"
        return
    for name, new, old in zip(ACTIVITY_COLUMNS, wanted, stored, strict=True):
        if new != old:
            yield f"{wanted.uid}: its {name} is out of date"


def _strays() -> Iterator[str]:
    """Rows of what is not published. Of what is, each was looked at: so what has no such entry is too much."""
    for kind in KINDS.values():
        published = kind.model.objects.published().filter(pk=OuterRef("object_id"))
        rows = Activity.objects.filter(~Exists(published), kind=kind.code)
        yield from (f"{uid}: in the activity, but not published" for uid in rows.values_list("uid", flat=True))


def _miscounts(numbers: list[int]) -> list[str]:
    """Where the counters of these lists say otherwise than their rows, each of which was looked at before."""
    return list(_miscounted(numbers, _counted(numbers)))


def _miscounted(numbers: list[int], expected: Counter[Cell]) -> Iterator[str]:
    rows = PeriodCount.objects.filter(list_id__in=numbers).values_list(*COUNTER_COLUMNS, *NUMBERS)
    for *key, n, carried in rows.iterator(CHUNK):
        name = dict(zip(COUNTER_COLUMNS, key, strict=True))
        for is_carried, counted in ((False, n), (True, carried)):
            there_are = expected.pop((*key, is_carried), 0)
            if counted != there_are:
                yield f"{name}: counted {counted}, there are {there_are}"
    for *key, _is_carried in expected:
        yield f"{dict(zip(COUNTER_COLUMNS, key, strict=True))}: not counted"


def _counted(numbers: list[int]) -> Counter[Cell]:
    """What the rows of these lists add up to."""
    rows = Listing.objects.filter(list_id__in=numbers).values_list(*COUNTED_COLUMNS)
    return _added_up(rows.iterator(CHUNK))


def _added_up(places: Iterable[Place]) -> Counter[Cell]:
    """What cells_of tells of each place; those of the same sort and months are looked at once, since days count
    for nothing."""
    alike = Counter(
        (number, (_month_start(key >> 32), kind, type_, languages, media > 0, _month_start(last_day)))
        for key, number, kind, type_, languages, media, last_day in places
    )
    cells: Counter[Cell] = Counter()
    for (number, sort), n in alike.items():
        for cell in _cells_beside(number & (1 << BITS) - 1, *sort):
            cells[number, *cell] += n
    return cells


@lru_cache(maxsize=20_000)
def _cells_beside(code: int, first_day: int, *rest: int) -> list[tuple]:
    """The cells of such a place, without the number of the list: of a list it only matters whose it is."""
    return [cell[1:] for cell in cells_of([(first_day << 32, code, *rest)])]


@lru_cache(maxsize=50_000)
def _month_start(day: int) -> int:
    return date.fromordinal(day).replace(day=1).toordinal() if day else 0


def _all_lists() -> list[int]:
    return list(List.objects.order_by("pk").values_list("pk", flat=True))
