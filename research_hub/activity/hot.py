"""What every page of a list asks, in SQL: building that took the ORM ten times as long as the database takes to answer.
The counts are asked in the same way, in counts.py; what is asked more seldom goes through the ORM."""

from collections.abc import Collection

from .models import KEY_LIMIT
from .reader import reader

NEWEST = """
    SELECT sort_key FROM activity_listing WHERE list_id = %s AND sort_key < %s
    ORDER BY sort_key DESC LIMIT %s OFFSET %s"""

NARROWED = """
    SELECT sort_key FROM activity_listing AS place WHERE list_id = %s AND sort_key >= %s AND sort_key < %s{}
    ORDER BY sort_key DESC LIMIT %s OFFSET %s"""

LASTS_TO = "last_day >= %s"
OF_KIND, OF_TYPE, WITH_MEDIA = "kind = %s", "type = %s", "media > %s"
IN_LANGUAGE = "languages IN (%s, %s)"
STANDS_ON = "EXISTS (SELECT 1 FROM activity_listing WHERE list_id = %s AND sort_key = place.sort_key)"

Condition = tuple[str, tuple[int, ...]]  # one of those above, and its values

SOONEST = """
    SELECT sort_key FROM activity_listing WHERE list_id = %s AND kind = %s AND sort_key >= %s
    ORDER BY sort_key LIMIT %s"""

CARDS = "SELECT sort_key, CAST(card_{} AS text) FROM activity_activity WHERE sort_key IN ({})"


SHARED = """
    SELECT sort_key FROM activity_listing WHERE sort_key IN ({}) AND list_id IN ({})
    GROUP BY sort_key ORDER BY COUNT(*) DESC, sort_key DESC LIMIT %s"""


def newest(number: int, start: int, stop: int, below: int = KEY_LIMIT) -> list[int]:
    """The keys of a list from start to stop, newest first; of those below a key."""
    return [key for (key,) in fetch(NEWEST, [number, below, stop - start, start])]


def newest_narrowed(number: int, low: int, high: int, conditions: list[Condition], start: int, stop: int) -> list[int]:
    """The keys of a list that meet conditions, newest first, from start to stop of those from low up to high."""
    if start >= stop:
        return []
    statement = NARROWED.format("".join(f" AND {condition}" for condition, _values in conditions))
    values = [value for _condition, values in conditions for value in values]
    return [key for (key,) in fetch(statement, [number, low, high, *values, stop - start, start])]


def newest_of_each(numbers: list[int], limit: int, below: int) -> set[int]:
    """The keys of the newest entries of each of these lists, of those below a key."""
    one = f"SELECT sort_key FROM ({NEWEST}) AS newest"  # SQLite takes no LIMIT in a part of a UNION
    parameters = [value for number in numbers for value in (number, below, limit, 0)]
    return {key for (key,) in fetch(" UNION ALL ".join([one] * len(numbers)), parameters)} if numbers else set()


def most_shared(keys: Collection[int], numbers: Collection[int], limit: int) -> list[int]:
    """Of these keys those that stand on the most of these lists, the newest first among equals."""
    statement = SHARED.format(places(keys), places(numbers))
    return [key for (key,) in fetch(statement, [*keys, *numbers, limit])] if keys else []


def soonest(number: int, kind: int, since: int, limit: int) -> list[int]:
    """The lowest keys of a kind on a list, from a key on."""
    return [key for (key,) in fetch(SOONEST, [number, kind, since, limit])]


def card_texts(keys: list[int], language: str) -> list[tuple[int, str]]:
    """The keys and the cards, as JSON, of those of these entries that are public."""
    return fetch(CARDS.format(language, places(keys)), keys) if keys else []


def places(values: Collection) -> str:
    """A place in a statement for each of these values."""
    return ", ".join(["%s"] * len(values))


def fetch(statement: str, parameters: list) -> list[tuple]:
    with reader().cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
