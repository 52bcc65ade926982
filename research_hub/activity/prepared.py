"""Queries that the ORM puts into SQL once: putting one together takes it ten times as long as the database answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from .hot import fetch

# What stands in for the values of a query while it is put together, and is found again among its parameters.
NUMBERS = [-(1 << 30) - place for place in range(8)]
TEXTS = [f"\ue000{place}" for place in range(8)]


class Prepared:
    """A query with a place for each of some values, of which it is said which are texts; the rest are numbers.

    It gives what the queryset would: records with what they are selected with, or rows. `make` is called once with
    values that stand in for the real ones, so it must not look at them.
    """

    def __init__(self, make: Callable[..., QuerySet], *values: type):
        self.make = make
        self.marks = [TEXTS[place] if value is str else NUMBERS[place] for place, value in enumerate(values)]
        self._statements: dict[str, Statement] = {}

    def __call__(self, *values) -> list:
        if connection.vendor not in self._statements:
            self._statements[connection.vendor] = Statement.of(self.make(*self.marks))
        statement = self._statements[connection.vendor]
        given = dict(zip(self.marks, values, strict=True))
        return statement.read(fetch(statement.sql, [given.get(value, value) for value in statement.parameters]))


@dataclass(frozen=True)
class Statement:
    """A query in SQL, and how its rows are read: as the ORM reads them, but with all that decided beforehand."""

    sql: str
    parameters: tuple
    converters: dict[int, tuple[list[Callable], Any]]
    model: type | None = None  # of the records; none where the rows themselves are wanted
    columns: tuple[str, ...] = ()
    populators: tuple = ()  # which make the records that come along

    @classmethod
    def of(cls, queryset: QuerySet) -> "Statement":
        if queryset._prefetch_related_lookups:
            raise TypeError("What is fetched in queries of its own cannot be prepared along.")
        compiler = queryset.query.get_compiler(using=connection.alias)
        sql, parameters = compiler.as_sql()
        selected = compiler.select
        read = sql, tuple(parameters), compiler.get_converters([column for column, *_ in selected])
        if not issubclass(queryset._iterable_class, ModelIterable):
            return cls(*read)
        info = compiler.klass_info
        columns = tuple(selected[place][0].target.attname for place in info["select_fields"])
        return cls(*read, info["model"], columns, tuple(get_related_populators(info, selected, connection.alias)))

    def read(self, rows: list[tuple]) -> list:
        return [self._record(self._converted(row)) for row in rows]

    def _converted(self, row: tuple) -> list:
        values = list(row)
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return values

    def _record(self, values: list):
        if self.model is None:
            return tuple(values)
        record = self.model.from_db(connection.alias, self.columns, values[: len(self.columns)])
        for populator in self.populators:
            populator.populate(values, record)
        return record
