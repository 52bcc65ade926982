"""CSV and Excel: a row is a record, wherever in the table the headers are, on their side too."""

import csv
import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from django.utils.translation import gettext as _

from ..records import Fault, Found, Record
from . import sources
from .columns import Mapping, guessed, likeness, meaning, told_of
from .dates import iso

Row = list[str]
Rows = Iterator[tuple[int, Row]]
Where = Callable[[int], str]  # the words for a place

FIRST_ROWS = 30  # among which the headers are: before them some tools write what was searched for
FEWEST_HEADERS = 2
MOST_COLUMNS = 1_000
MOST_ROWS = 1_048_576  # of a sheet, as Excel has them
LARGEST_WORKBOOK = 500_000_000  # bytes, unpacked
LARGEST_PART = 50_000_000  # of a part that is held in memory: all but the sheets, which are read row by row
MOST_PARTS = 5_000
SHEETS = "xl/worksheets/"
LONGEST_ROW = sources.LONGEST_RECORD
SEPARATORS = ",;\t|"

csv.field_size_limit(sources.LONGEST_LINE)


def read(path: Path, mapping: Mapping | None = None) -> Found:
    """With a mapping, its headers are the ones to look for, and what it does not name is not taken."""
    found = None
    with sheets_of(path) as sheets:
        for where, rows in sheets:
            for found in records(rows, mapping, where):
                yield found
    if found is None:
        yield Fault("", _("There is no record in this file: under its headers it has no row."))


def headers(path: Path) -> list[str]:
    """Those of the first sheet, for whoever is to say what they mean."""
    with sheets_of(path) as sheets:
        for _where, rows in sheets:
            first = [row for _number, row in islice(rows, FIRST_ROWS)]
            if first:
                return [cell for cell in first[header_row(first, None)] if cell.strip()]
    return []


def records(rows: Rows, mapping: Mapping | None, where: Where) -> Found:
    first = list(islice(rows, FIRST_ROWS))
    if not any(any(row) for _number, row in first):
        return
    if is_on_its_side([row for _number, row in first], mapping):
        yield from on_its_side(chain(first, rows), mapping, where)
        return
    at = header_row([row for _number, row in first], mapping)
    names = named(first[at][1])
    mapping = guessed(names) if mapping is None else mapping
    if not set(mapping) & set(names):
        why = _("No header of this table is known: say which column has the title. It has: %s")
        yield Fault(where(first[at][0]), why % ", ".join(filter(None, names))[:300])
        return
    for number, row in chain(first[at + 1 :], rows):
        if any(cell.strip() for cell in row):
            yield record_of(list(zip(names, row, strict=False)), mapping, where(number))


def record_of(cells: list[tuple[str, str]], mapping: Mapping, place: str) -> Record:
    told = told_of(cells, mapping)
    kind = told.first("kind").strip().lower()
    is_event = kind == "event" or (not kind and bool(told.first("starts")))
    return told.record(place, "event" if is_event else "publication")


def named(row: Row) -> Row:
    """Of two columns with one name the second is told apart, lest one hides the other."""
    names: Row = []
    for cell in map(str.strip, row):
        names.append(f"{cell} ({names.count(cell) + 1})" if cell and cell in names else cell)
    return names


def header_row(rows: list[Row], mapping: Mapping | None) -> int:
    """The row that has most of the headers we know, or that we were told; the first that is not empty, failing that."""
    best = max(range(len(rows)), key=lambda at: known(rows[at], mapping))
    if known(rows[best], mapping):
        return best
    return next((at for at, row in enumerate(rows) if any(row)), 0)


def known(cells: Row, mapping: Mapping | None) -> int:
    if mapping is None:
        return likeness(cells)
    return len({cell.strip() for cell in cells} & set(mapping))


def is_on_its_side(rows: list[Row], mapping: Mapping | None) -> bool:
    """Whether the headers stand in the first column, as in some of Embase's files."""
    down = known([row[0] for row in rows if row], mapping)
    return down > max(FEWEST_HEADERS, max(known(row, mapping) for row in rows))


def on_its_side(rows: Rows, mapping: Mapping | None, where: Where) -> Found:
    """The records side by side, one in each column; or one below another, each beginning with the header that began
    the first."""
    start, block, first = 0, [], ""
    for number, row in rows:
        header = row[0].strip() if row else ""
        if not header or len(row) < 2 or (not first and not (meaning(header) or header in (mapping or ()))):
            continue
        first = first or header
        if header == first and block:
            yield from of_block(block, mapping, where(start))
            block = []
        start = start if block else number
        block.append(row)
    yield from of_block(block, mapping, where(start))


def of_block(block: list[Row], mapping: Mapping | None, place: str) -> Found:
    """Several columns are several records where each has a title; else they are several values of one."""
    mapping = guessed(row[0].strip() for row in block) if mapping is None else mapping
    titles = next((row[1:] for row in block if mapping.get(row[0].strip(), "").startswith("title")), [])
    width = len(titles) if len(list(filter(str.strip, titles))) > 1 else 1
    for column in range(1, width + 1):
        cells = [
            (row[0].strip(), "; ".join(filter(None, row[1:])) if width == 1 else row[column])
            for row in block
            if column < len(row)
        ]
        yield record_of(cells, mapping, f"{place}.{column}" if width > 1 else place)


# Files


@contextmanager
def sheets_of(path: Path) -> Iterator[Iterator[tuple[Where, Rows]]]:
    if sources.head(path).startswith(sources.ARCHIVE):
        with workbook_of(path) as book:
            several = len(book.worksheets) > 1
            yield (
                (partial(sources.row, sheet=sheet.title if several else ""), cells_of(sheet))
                for sheet in book.worksheets
            )
    else:
        separator = separator_of(sources.decoded(sources.head(path)))
        with sources.text_of(path, newline="") as text:
            lines = (line for _number, line in sources.lines_of(text))
            yield iter([(sources.line, values_of(csv.reader(lines, delimiter=separator)))])


def separator_of(start: str) -> str:
    """The one by which most headers are known, or else by which there are most columns."""
    found = {separator: list(rows_of(start, separator)) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda s: (max(map(likeness, found[s]), default=0), max(map(len, found[s]), default=0)))


def rows_of(start: str, separator: str = "") -> Iterator[Row]:
    """The first rows of a text."""
    separator = separator or separator_of(start)
    return islice(csv.reader(io.StringIO(start, newline=""), delimiter=separator), FIRST_ROWS)


def values_of(rows: Any) -> Rows:
    """Each row with the line that it begins on."""
    start = 1
    for row in rows:
        if sum(map(len, row)) > LONGEST_ROW:
            raise sources.too_long(sources.line(start))
        yield start, row[:MOST_COLUMNS]
        start = rows.line_num + 1


@contextmanager
def workbook_of(path: Path) -> Iterator[Any]:
    openpyxl = import_module("openpyxl")  # for the few processes that read a workbook
    with path.open("rb") as file:  # of a path openpyxl wants a name that ends in .xlsx
        with ZipFile(file) as parts:
            refuse_large(parts.infolist())
        with warnings.catch_warnings():  # about styles and validations, which are not read
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def refuse_large(parts: list[ZipInfo]) -> None:
    """By what the archive says of itself, which the unpacking holds it to."""
    held = [part.file_size for part in parts if not part.filename.lower().lstrip("/").startswith(SHEETS)]
    too_large = sum(part.file_size for part in parts) > LARGEST_WORKBOOK or sum(held) > LARGEST_PART
    if too_large or len(parts) > MOST_PARTS:
        raise sources.Unreadable(_("This workbook is too large once unpacked."))


def cells_of(sheet: Any) -> Rows:
    sheet.reset_dimensions()  # some tools write that a sheet is smaller than it is
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MOST_ROWS:  # all those before one that says so are made, and empty
            raise sources.Unreadable(_("A sheet of this workbook has more rows than any program writes."))
        yield number, [cell_of(value) for value in row[:MOST_COLUMNS]]


def cell_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
