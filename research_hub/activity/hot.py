"""The three queries that every page of every list asks, in SQL: building them took the ORM ten times as long as the
database takes to answer. Everything else about a list goes through the ORM, and gives the same rows."""

from django.db import connection

from .models import PeriodCount

NEWEST = "SELECT sort_key FROM activity_listing WHERE list_id = %s ORDER BY sort_key DESC LIMIT %s OFFSET %s"

PAGE_COUNTS = f"""
    SELECT period, kind, type, languages, media, n + carried FROM activity_periodcount
    WHERE list_id = %s AND level = {PeriodCount.PAGE}"""

CARDS = "SELECT sort_key, CAST(card_{} AS text) FROM activity_activity WHERE sort_key IN ({})"


def newest(number: int, start: int, stop: int) -> list[int]:
    """The keys of a list from start to stop, newest first."""
    return [key for (key,) in _rows(NEWEST, [number, stop - start, start])]


def page_counts(number: int) -> list[tuple]:
    """Period, kind, type, languages, whether with a recording, and how many, of what each page of a list shows."""
    return _rows(PAGE_COUNTS, [number])


def card_texts(keys: list[int], language: str) -> list[tuple[int, str]]:
    """The keys and the cards, as JSON, of those of these entries that are public."""
    return _rows(CARDS.format(language, ", ".join(["%s"] * len(keys))), keys) if keys else []


def _rows(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
