"""The one writer of the read model.

Whatever changes what the public may see ends in `sync_entries`, inside the transaction that changed it.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import ExpressionWrapper, F, IntegerField, QuerySet

from .counts import COUNTER_COLUMNS, NUMBERS, Cell, Place, cells_of, month_of
from .dates import Precision
from .kinds import BITS, KINDS, Kind, kind_by_code, kind_of
from .models import EVERYTHING, Activity, List, Listing, PublicRow
from .purging import purge_later
from .rows import add, insert
from .search import index, replace, row_of, stored

Progress = Callable[[int, int], None]

CHUNK = 500  # entries derived and written at a time: bounds memory, and the size of a statement

PLACE_COLUMNS = ("sort_key", "list_id", "kind", "type", "languages", "media", "last_day", "direct", "crosses")

# As SQLite has them, 0 and 1, which equal False and True: turning each into the other would cost half of reading a row.
FLAGS = [ExpressionWrapper(F(name), IntegerField()) for name in PLACE_COLUMNS[-2:]]


@contextmanager
def writing() -> Iterator[None]:
    """One writer at a time, from here to the end of the transaction.

    Two that wait for each other's counters would deadlock, and one that derives an entry while another
    changes its author would store the old name: so they queue, for about a millisecond an entry.
    """
    with transaction.atomic():
        List.objects.select_for_update().get_or_create(pk=EVERYTHING)
        yield


def sync_entry(entry) -> None:
    sync_entries([(kind_of(entry), entry.pk)])


def sync_entries(entries: Iterable[tuple[Kind, int]]) -> None:
    """Make the read model say of these entries what is true of them now, whether public or not."""
    by_kind = defaultdict(list)
    for kind, pk in entries:
        by_kind[kind.name].append(pk)
    if not by_kind:
        return
    with writing():
        for name, pks in sorted(by_kind.items()):
            for chunk in chunks(sorted(pks)):
                write(KINDS[name], chunk)


def list_entries(number: int) -> list[tuple[Kind, int]]:
    """The entries that stand on a list."""
    keys = Listing.objects.filter(list_id=number).values("sort_key")
    found = Activity.objects.filter(sort_key__in=keys).values_list("kind", "object_id")
    return [(kind_by_code(code), pk) for code, pk in found]


RENEW = """
    INSERT INTO activity_list (id, version) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET version =
    CASE WHEN activity_list.version < excluded.version THEN excluded.version ELSE activity_list.version + 1 END"""


def touch(numbers: Iterable[int]) -> None:
    """Tell whoever keeps pages of these lists, or any page at all, that they are to be made anew."""
    moment = time.time_ns() // 1000
    with connection.cursor() as cursor:
        cursor.executemany(RENEW, [(number, moment) for number in sorted({EVERYTHING, *numbers})])
    purge_later()


def of_all_kinds(rows: Callable[[Any], QuerySet], progress: Progress) -> Iterator[tuple[Kind, list[int]]]:
    """The keys of what `rows` gives of each kind's manager, a chunk at a time."""
    work = [
        (kind, chunk)
        for kind in KINDS.values()
        for chunk in chunks(list(rows(kind.model.objects).order_by("pk").values_list("pk", flat=True)))
    ]
    for done, (kind, chunk) in enumerate(work, start=1):
        yield kind, chunk
        progress(done, len(work))


def chunks(items: Sequence, size: int = CHUNK) -> Iterator[Any]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def derive(kind: Kind, pks: list[int]) -> dict[int, PublicRow]:
    """What the public may know of those of these entries that are public, by their numbers."""
    entries = kind.model.objects.published().filter(pk__in=pks).for_activity()
    return {kind.number(entry.pk): entry.as_activity() for entry in entries}


class Shown(NamedTuple):
    """A row of Activity, in the order of its columns."""

    id: int
    sort_key: int
    kind: int
    object_id: int
    uid: str
    type: int
    languages: int
    media: int
    first_day: int
    last_day: int
    precision: int
    card_en: dict
    card_es: dict
    changed_at: datetime


ACTIVITY_COLUMNS = Shown._fields


def activity_of(kind: Kind, number: int, row: PublicRow) -> Shown:
    return Shown(
        id=number,
        sort_key=row.date.sort_key(number),
        kind=kind.code,
        object_id=number >> BITS,
        uid=row.uid,
        type=row.type,
        languages=row.languages,
        media=row.media,
        first_day=row.date.lo.toordinal() if row.date.lo else 0,
        last_day=row.date.hi.toordinal() if row.date.hi else 0,
        precision=row.date.precision,
        card_en=row.cards["en"],
        card_es=row.cards["es"],
        changed_at=row.changed_at,
    )


def stored_activities(rows: QuerySet) -> dict[int, Shown]:
    """Rows of Activity, by their numbers."""
    return {row[0]: Shown._make(row) for row in rows.values_list(*ACTIVITY_COLUMNS)}


def stored_places(rows: QuerySet) -> QuerySet:
    """Rows of Listing, in the order of their columns."""
    return rows.values_list(*PLACE_COLUMNS[:-2], *FLAGS)


def places_of(activity: Shown, lists: dict[int, bool]) -> set[Place]:
    """Where the entry stands: on its own lists and on the list of everything."""
    key, first_day, last_day = activity.sort_key, activity.first_day, activity.last_day
    crosses = activity.precision == Precision.DAY and month_of(first_day) != month_of(last_day)
    rest = (activity.kind, activity.type, activity.languages, activity.media, last_day)
    return {(key, number, *rest, direct, crosses) for number, direct in ({EVERYTHING: True} | lists).items()}


def write(kind: Kind, pks: list[int]) -> None:
    wanted = derive(kind, pks)
    new = {number: activity_of(kind, number, row) for number, row in wanted.items()}
    old = stored_activities(Activity.objects.filter(pk__in=[kind.number(pk) for pk in pks]))
    old_places = _stored_places(old.values())
    new_places = {number: places_of(new[number], wanted[number].lists) for number in new}
    old_words = stored({activity.sort_key for activity in [*old.values(), *new.values()]})
    new_words = {activity.sort_key: row_of(activity, wanted[number]) for number, activity in new.items()}

    replaced = [number for number, activity in new.items() if activity != old.get(number)]
    gone = old.keys() - new.keys()
    moved = {n for n in old.keys() | new.keys() if old_places.get(n, set()) != new_places.get(n, set())}
    reworded = {n for n, a in new.items() if old_words.get(a.sort_key) != new_words[a.sort_key]}
    changed = moved | set(replaced) | reworded | gone
    before = set().union(*(old_places.get(number, set()) for number in changed))
    after = set().union(*(new_places.get(number, set()) for number in changed))

    if not changed:
        return
    touch({place[1] for place in before | after})
    Listing.objects.filter(sort_key__in=[old[number].sort_key for number in moved if number in old]).delete()
    Activity.objects.filter(pk__in=gone).delete()
    _store_activities([new[number] for number in replaced], old)
    _store_places(set().union(*(new_places.get(number, set()) for number in moved)))
    replace(old_words, new_words)
    _count(before, after)


class Rows(NamedTuple):
    """What the tables hold of some entries, all but their counts; `words` by the key of the entry."""

    activities: list[tuple]
    places: list[Place]
    words: dict[int, tuple[str, ...]]


def rows_of(entries: Iterable[tuple[Shown, PublicRow]]) -> Rows:
    entries = list(entries)
    return Rows(
        [_as_row(activity) for activity, _row in entries],
        sorted(set().union(*(places_of(activity, row.lists) for activity, row in entries))),
        {activity.sort_key: row_of(activity, row) for activity, row in entries},
    )


def add_new(rows: Rows) -> None:
    """Write entries of which nothing stands there yet."""
    insert("activity_activity", ACTIVITY_COLUMNS, rows.activities)
    insert("activity_listing", PLACE_COLUMNS, rows.places)
    index(rows.words)


def _stored_places(activities: Iterable[Shown]) -> dict[int, set[Place]]:
    numbers = {activity.sort_key: activity.id for activity in activities}
    found = defaultdict(set)
    for place in stored_places(Listing.objects.filter(sort_key__in=numbers)):
        found[numbers[place[0]]].add(place)
    return found


def _store_activities(activities: list[Shown], is_known: Container[int]) -> None:
    """Those that are known are overwritten."""
    known = [Activity(**activity._asdict()) for activity in activities if activity.id in is_known]
    if known:
        columns = [name for name in ACTIVITY_COLUMNS if name != "id"]
        Activity.objects.bulk_create(known, update_conflicts=True, unique_fields=["id"], update_fields=columns)
    insert("activity_activity", ACTIVITY_COLUMNS, [_as_row(a) for a in activities if a.id not in is_known])


def _as_row(activity: Shown) -> tuple:
    """What bulk_create would write; it asks each field of each row how."""
    *rest, card_en, card_es, changed_at = activity
    moment = connection.ops.adapt_datetimefield_value(changed_at)
    return *rest, json.dumps(card_en), json.dumps(card_es), moment


def _store_places(places: Iterable[Place]) -> None:
    insert("activity_listing", PLACE_COLUMNS, sorted(places))


def _count(before: set[Place], after: set[Place]) -> None:
    """Add the difference to the counters."""
    change = cells_of(after - before)
    change.subtract(cells_of(before - after))
    add_to_counters(change)


def add_to_counters(change: Counter[Cell]) -> None:
    add("activity_periodcount", COUNTER_COLUMNS, NUMBERS, counters(change))


def counters(cells: Counter[Cell]) -> list[tuple]:
    """The rows of the counters. Each cell is a counter's key and, last, whether its `carried` is meant or its `n`."""
    rows: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    for cell, n in cells.items():
        if n:
            rows[cell[:-1]][cell[-1]] += n
    return [(*key, *numbers) for key, numbers in sorted(rows.items())]
