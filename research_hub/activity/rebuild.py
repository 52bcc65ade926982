"""Making the read model anew from the entries, and proving that it equals them."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from .counts import COUNTER_COLUMNS, NUMBERS, Cell, cells_of
from .kinds import KINDS, Kind
from .models import Activity, List, Listing, PeriodCount, SearchEntry
from .rows import insert
from .search import empty, faults, row_of, stored
from .sync import (
    ACTIVITY_COLUMNS,
    CHUNK,
    PLACE_COLUMNS,
    Progress,
    activity_of,
    add_new,
    chunks,
    counters,
    derive,
    of_all_kinds,
    places_of,
    touch,
    writing,
)

LISTS = 20  # that are counted at a time: bounds memory
COUNTED_COLUMNS = PLACE_COLUMNS[:-2]  # without `direct` and `crosses`


def rebuild(progress: Progress) -> int:
    """Empty the read model and fill it again, in one transaction; returns how many entries it holds."""
    with writing():
        for model in (PeriodCount, Listing, Activity):
            model.objects.all().delete()
        empty()
        for kind, chunk in _published(progress):
            add_new(kind, chunk)
        touch({*_all_lists(), *Listing.objects.values_list("list_id", flat=True).distinct()})
        for _numbers, cells in _counted():
            insert("activity_periodcount", (*COUNTER_COLUMNS, *NUMBERS), counters(cells))
        return Activity.objects.count()


def drift(progress: Progress) -> list[str]:
    """Every way in which the read model differs from the entries it was made from, as sentences."""
    with writing():
        return list(_differences(progress))


def _published(progress: Progress) -> Iterator[tuple[Kind, list[int]]]:
    return of_all_kinds(lambda entries: entries.published(), progress)


def _differences(progress: Progress) -> Iterator[str]:
    for kind, chunk in _published(progress):
        wanted = derive(kind, chunk)
        new = {number: activity_of(kind, number, row) for number, row in wanted.items()}
        old = Activity.objects.in_bulk(list(new))
        places = set().union(*(places_of(new[number], row.lists) for number, row in wanted.items()))
        keys = [activity.sort_key for activity in new.values()]
        listed = set(Listing.objects.filter(sort_key__in=keys).values_list(*PLACE_COLUMNS))
        words = stored(keys)
        for number, activity in new.items():
            yield from _row_differences(activity, old.get(number))
            if words.get(activity.sort_key) != row_of(activity, wanted[number]):
                yield f"{activity.uid}: search has other words of it"
        yield from (f"{place}: missing from its list" for place in sorted(places - listed))
        yield from (f"{place}: on a list where it does not belong" for place in sorted(listed - places))
    yield from _strays()
    for numbers, cells in _counted():
        yield from _miscounts(numbers, cells)
    yield from faults()


def _row_differences(wanted: Activity, stored: Activity | None) -> Iterator[str]:
    if stored is None:
        yield f"{wanted.uid}: published, but not in the activity"
        return
    for name in ACTIVITY_COLUMNS:
        if getattr(wanted, name) != getattr(stored, name):
            yield f"{wanted.uid}: its {name} is out of date"


def _strays() -> Iterator[str]:
    """Rows of what is not published. Of what is, each was looked at: so what has no such entry is too much."""
    for kind in KINDS.values():
        published = kind.model.objects.published().filter(pk=OuterRef("object_id"))
        rows = Activity.objects.filter(~Exists(published), kind=kind.code)
        yield from (f"{uid}: in the activity, but not published" for uid in rows.values_list("uid", flat=True))
    entry = Activity.objects.filter(sort_key=OuterRef("sort_key"))
    for key, number in Listing.objects.filter(~Exists(entry)).values_list("sort_key", "list_id"):
        yield f"{key}: on list {number}, but not published"
    for key in SearchEntry.objects.filter(~Exists(entry)).values_list("sort_key", flat=True):
        yield f"{key}: found by search, but not published"


def _miscounts(numbers: list[int], expected: Counter[Cell]) -> Iterator[str]:
    """Where the counters of these lists say otherwise than their rows, each of which was looked at before."""
    rows = PeriodCount.objects.filter(list_id__in=numbers).values_list(*COUNTER_COLUMNS, *NUMBERS)
    for *key, n, carried in rows.iterator(CHUNK):
        name = dict(zip(COUNTER_COLUMNS, key, strict=True))
        for is_carried, counted in ((False, n), (True, carried)):
            there_are = expected.pop((*key, is_carried), 0)
            if counted != there_are:
                yield f"{name}: counted {counted}, there are {there_are}"
    for *key, _is_carried in expected:
        yield f"{dict(zip(COUNTER_COLUMNS, key, strict=True))}: not counted"


def _counted() -> Iterator[tuple[list[int], Counter[Cell]]]:
    """What the rows of all lists add up to, some lists at a time."""
    for numbers in chunks(_all_lists(), LISTS):
        rows = Listing.objects.filter(list_id__in=numbers).values_list(*COUNTED_COLUMNS)
        yield numbers, cells_of(rows.iterator(CHUNK))


def _all_lists() -> list[int]:
    return list(List.objects.order_by("pk").values_list("pk", flat=True))
