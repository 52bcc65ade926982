"""What the columns of a table are, said by whoever takes it in, and remembered for the next one with these headers."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Batch
from .readers import READERS, guarded, tables
from .readers.columns import Mapping, cell_text, guessed, meaning
from .records import Found, Record

LEFT_OUT = ""
EXAMPLES = 3
LONGEST_EXAMPLE = 80  # letters
MOST_ASKED = 200  # columns on a page; the others stay as they are guessed

FIELDS = {
    "title": gettext_lazy("Title"),
    "title_en": gettext_lazy("Title in English"),
    "title_es": gettext_lazy("Title in Spanish"),
    "subtitle": gettext_lazy("Subtitle"),
    "subtitle_en": gettext_lazy("Subtitle in English"),
    "subtitle_es": gettext_lazy("Subtitle in Spanish"),
    "summary": gettext_lazy("Summary"),
    "summary_en": gettext_lazy("Summary in English"),
    "summary_es": gettext_lazy("Summary in Spanish"),
    "body": gettext_lazy("Text"),
    "body_en": gettext_lazy("Text in English"),
    "body_es": gettext_lazy("Text in Spanish"),
    "id": gettext_lazy("Its name or number there"),
    "kind": gettext_lazy("Publication or event"),
    "type": gettext_lazy("Publication type"),
    "language": gettext_lazy("Language of the original"),
    "date": gettext_lazy("Date"),
    "year": gettext_lazy("Year"),
    "month": gettext_lazy("Month"),
    "day": gettext_lazy("Day"),
    "authors": gettext_lazy("Authors"),
    "editors": gettext_lazy("Editors"),
    "translators": gettext_lazy("Translators"),
    "contributors": gettext_lazy("Contributors"),
    "speakers": gettext_lazy("Speakers"),
    "topics": gettext_lazy("Topics"),
    "regions": gettext_lazy("Places"),
    "series": gettext_lazy("Series"),
    "number": gettext_lazy("Number in the series"),
    "volume": gettext_lazy("Volume"),
    "issue": gettext_lazy("Issue"),
    "doi": gettext_lazy("DOI"),
    "doi_or": gettext_lazy("Text with a DOI in it"),
    "isbn": gettext_lazy("ISBN"),
    "url": gettext_lazy("Address on the web"),
    "path": gettext_lazy("Old address on the site"),
    "files": gettext_lazy("Files"),
    "pictures": gettext_lazy("Pictures"),
    "media": gettext_lazy("Recordings"),
    "starts": gettext_lazy("Start of the event"),
    "ends": gettext_lazy("End of the event"),
    "zone": gettext_lazy("Time zone"),
    "venue": gettext_lazy("Venue"),
    "venue_en": gettext_lazy("Venue in English"),
    "venue_es": gettext_lazy("Venue in Spanish"),
    "city": gettext_lazy("City"),
    "country": gettext_lazy("Country"),
    "state": gettext_lazy("Whether the event is cancelled or postponed"),
    "translation_of": gettext_lazy("Its original, by name or number"),
}
TITLES = {"title", "title_en", "title_es"}
OF_SEVERAL = {
    "authors", "editors", "translators", "contributors", "speakers", "topics", "regions", "files", "pictures", "media",
    "path", "doi_or", "url",
}  # fmt: skip


@dataclass
class Column:
    """A column as whoever maps it sees it."""

    header: str
    examples: list[str] = field(default_factory=list)


def columns_of(path: Path) -> list[Column]:
    """Those of all sheets, each once; none where the headers stand at the side, which is not asked about."""
    found: dict[str, Column] = {}
    with tables.sheets_of(path) as sheets:
        for _where, rows in sheets:
            first = [row for _number, row in islice(rows, tables.FIRST_ROWS)]
            if not any(any(row) for row in first):
                continue
            if tables.is_on_its_side(first, None):
                return []
            at = tables.header_row(first, None)
            for place, header in enumerate(tables.named(first[at])):
                if header:
                    column = found.setdefault(header, Column(header))
                    cells = [cell_text(row[place]) for row in first[at + 1 :] if place < len(row)]
                    values = dict.fromkeys([*column.examples, *(shortened(cell) for cell in cells if cell)])
                    column.examples = list(values)[:EXAMPLES]
    return list(found.values())


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_EXAMPLE else f"{line[:LONGEST_EXAMPLE]}…"


def mark_of(headers: Iterable[str]) -> str:
    """The same for all files with these headers, in whatever order."""
    return sha256("\n".join(sorted(headers)).encode()).hexdigest()


def remembered(headers: Iterable[str]) -> Mapping | None:
    """What was said of these headers last."""
    told = Batch.objects.filter(headers=mark_of(headers)).exclude(columns=None)
    return told.order_by("-pk").values_list("columns", flat=True).first()


def guess(headers: list[str]) -> Mapping:
    return dict.fromkeys(headers, LEFT_OUT) | guessed(headers)


def checked(headers: list[str], chosen: Mapping) -> Mapping:
    """What each column is, where something was said of some of them; raises ValidationError where it cannot be."""
    errors = [_("There is no column “%s” in this file.") % header for header in chosen if header not in headers]
    errors += [_("There is no field “%s”.") % name for name in chosen.values() if name and name not in FIELDS]
    mapping = guess(headers) | {header: name for header, name in chosen.items() if header in headers}
    first = guess(headers)
    by_field = defaultdict(list)
    for header, name in mapping.items():
        by_field[name].append(header)
    for name, several in by_field.items():
        is_said = any(mapping[header] != first[header] for header in several)  # else the more telling one counts
        if name in FIELDS.keys() - OF_SEVERAL and len(several) > 1 and is_said:
            told = {"field": FIELDS[name], "columns": ", ".join(several)}
            errors.append(_("Several columns for one field, %(field)s: %(columns)s") % told)
    if not TITLES & set(mapping.values()):
        errors.append(_("Say which column has the title."))
    if errors:
        raise ValidationError(errors)
    return mapping


def said_in(text: str) -> Mapping:
    """“Título=title_es,Notas=” as it is typed on the command line; quotation marks keep a comma in a header."""
    pairs = [pair.rpartition("=") for pair in next(csv.reader([text], skipinitialspace=True), []) if pair.strip()]
    wrong = [last for _header, mark, last in pairs if not mark]
    if wrong:
        raise ValidationError(_("Write COLUMN=FIELD, and not: %s") % ", ".join(wrong))
    return {header.strip(): name.strip() for header, _mark, name in pairs}


def asks_for_columns(batch: Batch) -> bool:
    """Whether somebody has still to say what its columns are."""
    is_ours = bool(batch.upload)  # else a command reads it, which asks for nothing
    return is_ours and batch.state == Batch.State.READING and batch.format == "table" and batch.columns is None


def settle(batch: Batch, headers: Iterable[str], mapping: Mapping) -> None:
    batch.columns, batch.headers = mapping, mark_of(headers) if mapping else ""
    batch.save(update_fields=["columns", "headers"])


def read(batch: Batch, path: Path) -> Found:
    """The records of its file, by what was said of the columns."""
    if not batch.columns:
        return READERS[batch.format].read(path)
    mapping = batch.columns
    left = tuple(f"{header}: " for header, name in mapping.items() if not name and meaning(header))
    return without(guarded(lambda file: tables.read(file, mapping))(path), left)


def without(found: Found, left: tuple[str, ...]) -> Found:
    """What was left out on purpose, though its header is known, is not told of again with each record."""
    for item in found:
        if isinstance(item, Record) and left:
            item.not_taken = [words for words in item.not_taken if not words.startswith(left)]
        yield item
