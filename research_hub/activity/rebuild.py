"""Making the read model anew from the entries, and proving that it equals them."""

from collections import Counter
from collections.abc import Callable, Iterator

from .counts import COUNTER_COLUMNS, Cell, cells_of
from .kinds import KINDS, Kind
from .models import Activity, List, Listing, PeriodCount, SearchEntry
from .search import empty, faults, row_of, stored
from .sync import (
    ACTIVITY_COLUMNS,
    CHUNK,
    PLACE_COLUMNS,
    activity_of,
    add_new,
    add_to_counters,
    chunks,
    derive,
    places_of,
    touch,
    writing,
)

Progress = Callable[[int, int], None]


def rebuild(progress: Progress) -> int:
    """Empty the read model and fill it again, in one transaction; returns how many entries it holds."""
    with writing():
        for model in (PeriodCount, Listing, Activity):
            model.objects.all().delete()
        empty()
        cells: Counter[Cell] = Counter()
        for kind, chunk in _published(progress):
            cells.update(cells_of(add_new(kind, chunk)))
        add_to_counters(cells)
        touch(List.objects.values_list("pk", flat=True))
        return Activity.objects.count()


def drift(progress: Progress) -> list[str]:
    """Every way in which the read model differs from the entries it was made from, as sentences."""
    with writing():
        return list(_differences(progress))


def _published(progress: Progress) -> Iterator[tuple[Kind, list[int]]]:
    work = [
        (kind, chunk)
        for kind in KINDS.values()
        for chunk in chunks(list(kind.model.objects.published().order_by("pk").values_list("pk", flat=True)))
    ]
    for done, (kind, chunk) in enumerate(work, start=1):
        yield kind, chunk
        progress(done, len(work))


def _differences(progress: Progress) -> Iterator[str]:
    cells: Counter[Cell] = Counter()
    numbers = set()
    keys = set()
    for kind, chunk in _published(progress):
        wanted = derive(kind, chunk)
        new = {number: activity_of(kind, number, row) for number, row in wanted.items()}
        old = Activity.objects.in_bulk(list(new))
        places = set().union(*(places_of(new[number], row.lists) for number, row in wanted.items()))
        new_keys = [activity.sort_key for activity in new.values()]
        listed = set(Listing.objects.filter(sort_key__in=new_keys).values_list(*PLACE_COLUMNS))
        words = stored(new_keys)
        for number, activity in new.items():
            yield from _row_differences(activity, old.get(number))
            if words.get(activity.sort_key) != row_of(activity, wanted[number]):
                yield f"{activity.uid}: search has other words of it"
        yield from (f"{place}: missing from its list" for place in sorted(places - listed))
        yield from (f"{place}: on a list where it does not belong" for place in sorted(listed - places))
        cells.update(cells_of(places))
        numbers.update(new)
        keys.update(new_keys)
    yield from _strays(numbers, keys)
    yield from _miscounts(cells)
    yield from faults()


def _row_differences(wanted: Activity, stored: Activity | None) -> Iterator[str]:
    if stored is None:
        yield f"{wanted.uid}: published, but not in the activity"
        return
    for name in ACTIVITY_COLUMNS:
        if getattr(wanted, name) != getattr(stored, name):
            yield f"{wanted.uid}: its {name} is out of date"


def _strays(numbers: set[int], keys: set[int]) -> Iterator[str]:
    for pk, uid in Activity.objects.values_list("pk", "uid").iterator(CHUNK):
        if pk not in numbers:
            yield f"{uid}: in the activity, but not published"
    for key, number in Listing.objects.values_list("sort_key", "list_id").iterator(CHUNK):
        if key not in keys:
            yield f"{key}: on list {number}, but not published"
    for key in SearchEntry.objects.values_list("pk", flat=True).iterator(CHUNK):
        if key not in keys:
            yield f"{key}: found by search, but not published"


def _miscounts(cells: Counter[Cell]) -> Iterator[str]:
    for *key, n, carried in PeriodCount.objects.values_list(*COUNTER_COLUMNS, "n", "carried").iterator(CHUNK):
        for is_carried, counted in ((False, n), (True, carried)):
            expected = cells.pop((*key, is_carried), 0)
            if counted != expected:
                yield f"{dict(zip(COUNTER_COLUMNS, key, strict=True))}: counted {counted}, there are {expected}"
    for *key, _is_carried in cells:
        yield f"{dict(zip(COUNTER_COLUMNS, key, strict=True))}: not counted"
