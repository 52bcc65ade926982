"""What every page of a list asks, in SQL: building that took the ORM ten times as long as the database takes to answer.
The counts are asked in the same way, in counts.py; what is asked more seldom goes through the ORM."""

from .models import KEY_LIMIT
from .reader import reader

NEWEST = """
    SELECT sort_key FROM activity_listing WHERE list_id = %s AND sort_key < %s
    ORDER BY sort_key DESC LIMIT %s OFFSET %s"""

SOONEST = """
    SELECT sort_key FROM activity_listing WHERE list_id = %s AND kind = %s AND sort_key >= %s
    ORDER BY sort_key LIMIT %s"""

CARDS = "SELECT sort_key, CAST(card_{} AS text) FROM activity_activity WHERE sort_key IN ({})"


def newest(number: int, start: int, stop: int, below: int = KEY_LIMIT) -> list[int]:
    """The keys of a list from start to stop, newest first; of those below a key."""
    return [key for (key,) in fetch(NEWEST, [number, below, stop - start, start])]


def newest_of_each(numbers: list[int], limit: int, below: int) -> set[int]:
    """The keys of the newest entries of each of these lists, of those below a key."""
    one = f"SELECT sort_key FROM ({NEWEST}) AS newest"  # SQLite takes no LIMIT in a part of a UNION
    parameters = [value for number in numbers for value in (number, below, limit, 0)]
    return {key for (key,) in fetch(" UNION ALL ".join([one] * len(numbers)), parameters)} if numbers else set()


def soonest(number: int, kind: int, since: int, limit: int) -> list[int]:
    """The lowest keys of a kind on a list, from a key on."""
    return [key for (key,) in fetch(SOONEST, [number, kind, since, limit])]


def card_texts(keys: list[int], language: str) -> list[tuple[int, str]]:
    """The keys and the cards, as JSON, of those of these entries that are public."""
    return fetch(CARDS.format(language, ", ".join(["%s"] * len(keys))), keys) if keys else []


def fetch(statement: str, parameters: list) -> list[tuple]:
    with reader().cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
