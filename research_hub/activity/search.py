"""The one index of words, on either database: SQLite's FTS5 or a PostgreSQL tsvector, fed with the same tokens.

Every entry is one row, with the sort key as its rowid, so that newest first is the order in which it is read.
The lists it stands on and its sort are tokens beside its words: words on a list are one look-up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from django.db import DatabaseError, connection, transaction

from .models import EVERYTHING, KEY_LIMIT, LANGUAGE_BITS, Activity, PublicRow, SearchEntry
from .reader import reader
from .rows import insert, make_anew
from .words import LETTERS, RAW, TAG, Query, Term, stems, words_of

MOST_FOUND = 1_000  # entries of which a search is counted, ordered and paged; of others, that there are more
MOST_WORDS = 8_000  # of one text; two such texts and the rest fit the positions that PostgreSQL tells apart
LAST_POSITION = 16_383
MOST_POSITIONS = 255  # of one token that PostgreSQL keeps

COLUMNS = {"title": "A", "summary": "B", "body": ""}  # and their weights
BREAK = "x"  # stands between texts, so that no phrase runs from one into the next


class Text(NamedTuple):
    """A text of an entry as words; `letter` is that of its stems, "" for names, which have none."""

    column: str
    letter: str
    words: list[str]


# An entry that was found: a row of a thousand, so it stays what the database gave, told apart by these places.
Found = tuple[int, int, int, int, int, bool]  # key, last day, and what it is counted by, as a Sort
KEY, LAST_DAY, WRITTEN_IN = 0, 1, 4
sort_of = itemgetter(slice(2, None))


@dataclass(frozen=True)
class Stretch:
    """Keys from `low` up to `high`, of entries that last to the day `reaches` or longer."""

    low: int = 1
    high: int = KEY_LIMIT
    reaches: int = 0


def tags_of(activity: Activity, lists: Iterable[int]) -> list[str]:
    """What an entry can be narrowed by, as tokens; on the list of everything they all are."""
    bits = LANGUAGE_BITS.items()
    languages = [language for language, bit in bits if activity.languages & bit]
    return tags(lists, activity.kind, activity.type, languages, bool(activity.media))


def tags(lists: Iterable[int], kind: int | None, type: int | None, languages: Iterable[str], media: bool) -> list[str]:
    found = [f"{TAG}l{number}" for number in sorted(lists) if number != EVERYTHING]
    found += [f"{TAG}k{kind}"] * (kind is not None) + [f"{TAG}y{type}"] * (type is not None)
    return found + [TAG + language for language in languages] + [f"{TAG}m"] * media


def texts_of(row: PublicRow) -> list[Text]:
    """The texts of an entry, those that count most first."""
    texts = []
    for column in COLUMNS:
        for language, columns in row.words.items():
            letter = LETTERS[language]
            texts += [Text(column, letter, words_of(text)[:MOST_WORDS]) for text in columns[column]]
        if column == "summary":
            texts += [Text(column, "", words_of(name)) for name in row.names]
    return [text for text in texts if text.words]


def raw(words: list[str]) -> list[str]:
    return [RAW + word for word in words]


class Fts5:
    """SQLite. A text is written twice, as stems and as the words themselves, one after the other."""

    columns = ("title", "summary", "body", "terms")
    read = ", ".join(columns)
    by = "INDEXED BY listing_covering"  # it holds all that is asked; SQLite would look a place up in two others

    def row(self, texts: list[Text], tags: list[str]) -> tuple[str, ...]:
        streams = defaultdict(list)
        for column, letter, words in texts:
            if letter:
                streams[column] += [*stems(words, letter), BREAK]
            streams[column] += [*raw(words), BREAK]
        return (*(" ".join(streams[column]) for column in COLUMNS), " ".join(tags))

    def newest(self, expression: str, stretch: Stretch, most: int) -> tuple[str, list]:
        sql = (
            "(SELECT words.rowid AS key FROM activity_search AS words"
            " WHERE activity_search MATCH %s AND words.rowid >= %s AND words.rowid < %s AND (words.rowid >= %s"
            " OR (SELECT last_day FROM activity_listing WHERE list_id = 0 AND sort_key = words.rowid) >= %s)"
            " ORDER BY words.rowid DESC LIMIT %s) AS found"
        )
        return sql, [expression, stretch.low, stretch.high, stretch.reaches << 32, stretch.reaches, most]

    def empty(self) -> None:
        make_anew("activity_search")

    def expression(self, query: Query, tags: list[str], columns: Sequence[str]) -> str:
        sought = " AND ".join(self._term(term) for term in query.terms)
        return " AND ".join([f"{{{' '.join(columns)}}} : ({sought})", *(f'terms : "{tag}"' for tag in tags)])

    def _term(self, term: Term) -> str:
        words = " ".join(RAW + word for word in term.words)
        if term.is_phrase or term.is_prefix:
            return f'"{words}"' + " *" * term.is_prefix
        tokens = " OR ".join(f'"{token}"' for token in sorted(term.tokens))
        return f"({tokens})"


class Tsvector:
    """PostgreSQL. A stem stands in the place of its word; what is written is what PostgreSQL would print."""

    columns = ("doc",)
    read = "doc::text"
    by = ""

    def row(self, texts: list[Text], tags: list[str]) -> tuple[str, ...]:
        places = defaultdict(list)
        first = 1
        for column, letter, words in texts:
            marks = self._marks(first, len(words), COLUMNS[column])
            for tokens in [raw(words), stems(words, letter)] if letter else [raw(words)]:
                for token, mark in zip(tokens, marks, strict=True):
                    places[token].append(mark)
            first += len(words) + 1
        if first > LAST_POSITION:
            places = {token: self._one_a_place(marks) for token, marks in places.items()}
        lexemes = [f"'{token}':{','.join(marks[:MOST_POSITIONS])}" for token, marks in places.items()]
        return (" ".join(sorted(lexemes + [f"'{tag}'" for tag in tags])),)

    def _marks(self, first: int, n: int, weight: str) -> list[str]:
        """Where each of n words stands; those beyond the last position stand there."""
        marks = [f"{place}{weight}" for place in range(first, min(first + n, LAST_POSITION))]
        return marks + [f"{LAST_POSITION}{weight}"] * (n - len(marks))

    def _one_a_place(self, marks: list[str]) -> list[str]:
        """At the last position a token may stand several times; its first mark weighs most."""
        return list({mark.rstrip("AB"): mark for mark in reversed(marks)}.values())[::-1]

    def newest(self, expression: str, stretch: Stretch, most: int) -> tuple[str, list]:
        sql = "activity_search_newest(%s::tsquery, %s, %s, %s, %s) AS found(key)"
        return sql, [expression, stretch.low, stretch.high, stretch.reaches, most]

    def empty(self) -> None:
        SearchEntry.objects.all().delete()

    def expression(self, query: Query, tags: list[str], columns: Sequence[str]) -> str:
        weights = "".join(COLUMNS[column] for column in columns) if len(columns) < len(COLUMNS) else ""
        return " & ".join([*(f"'{tag}'" for tag in tags), *(self._term(term, weights) for term in query.terms)])

    def _term(self, term: Term, weights: str) -> str:
        suffix = ("*" * term.is_prefix) + weights
        suffix = f":{suffix}" if suffix else ""
        if term.is_phrase or term.is_prefix:
            parts = " <-> ".join(f"'{RAW}{word}'{suffix}" for word in term.words)
        else:
            parts = " | ".join(f"'{token}'{suffix}" for token in sorted(term.tokens))
        return f"({parts})"


ENGINES = {"sqlite": Fts5(), "postgresql": Tsvector()}


def row_of(activity: Activity, row: PublicRow) -> tuple[str, ...]:
    """What the index holds of an entry, as this database writes it."""
    return ENGINES[connection.vendor].row(texts_of(row), tags_of(activity, row.lists))


def stored(keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What the index holds of these keys."""
    keys = list(keys)
    return _stored(f"rowid IN ({', '.join(['%s'] * len(keys))})", keys) if keys else {}


def stored_between(low: int, high: int) -> dict[int, tuple[str, ...]]:
    """What the index holds of the keys from one up to another."""
    return _stored("rowid >= %s AND rowid < %s", [low, high])


def _stored(condition: str, values: list[int]) -> dict[int, tuple[str, ...]]:
    with connection.cursor() as cursor:
        read = ENGINES[connection.vendor].read
        cursor.execute(f"SELECT rowid, {read} FROM activity_search WHERE {condition}", values)
        return {key: tuple(row) for key, *row in cursor.fetchall()}


def index(rows: dict[int, tuple[str, ...]]) -> None:
    columns = ("rowid", *ENGINES[connection.vendor].columns)
    insert("activity_search", columns, [(key, *row) for key, row in sorted(rows.items())])


def empty() -> None:
    ENGINES[connection.vendor].empty()


def replace(old: dict[int, tuple[str, ...]], new: dict[int, tuple[str, ...]]) -> None:
    """Leave in the index what is the same in both, and of the rest the new."""
    changed = [key for key, row in old.items() if new.get(key) != row]
    SearchEntry.objects.filter(pk__in=changed).delete()
    index({key: row for key, row in new.items() if old.get(key) != row})


def find(
    query: Query,
    tags: list[str],
    stretches: Sequence[Stretch] = (Stretch(),),
    columns: Sequence[str] = tuple(COLUMNS),
    most: int | None = None,
) -> list[Found]:
    """The entries that have every term in these columns, newest first; at most so many of each stretch."""
    if not query.terms:
        return []
    engine = ENGINES[connection.vendor]
    expression = engine.expression(query, tags, columns)
    arms = [engine.newest(expression, stretch, most or MOST_FOUND + 1) for stretch in stretches]
    sql = " UNION ALL ".join(FOUND.format(newest=newest, by=engine.by) for newest, _numbers in arms)
    with reader().cursor() as cursor:
        cursor.execute(sql, [number for _newest, numbers in arms for number in numbers])
        return sorted(cursor.fetchall(), key=itemgetter(KEY), reverse=True)


def count(query: Query, tags: list[str], most: int) -> int:
    """How many entries have every term, up to so many."""
    engine = ENGINES[connection.vendor]
    newest, numbers = engine.newest(engine.expression(query, tags, tuple(COLUMNS)), Stretch(), most)
    with reader().cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {newest}", numbers)
        return cursor.fetchone()[0]


# CROSS JOIN keeps SQLite from reading the list first.
FOUND = (
    "SELECT place.sort_key, place.last_day, place.kind, place.type, place.languages, place.media > 0"
    " FROM {newest} CROSS JOIN activity_listing AS place {by} WHERE place.list_id = 0 AND place.sort_key = found.key"
)


def faults() -> Iterator[str]:
    """Where SQLite's index differs from the words it was made of; PostgreSQL answers for its own."""
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO activity_search (activity_search) VALUES ('integrity-check')")
    except DatabaseError as error:
        yield f"the index of words is damaged: {error}"
