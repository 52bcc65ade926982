"""What differs between two versions of an entry, as people read it. A version is a snapshot (versions.py).

A snapshot may be older than the models: what these do not know any more is shown as it was stored.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField
from modeltranslation.fields import TranslationField

from research_hub.activity.dates import UNDATED, PartialDate, Precision, print_date
from research_hub.languages.text import clean_html, current
from research_hub.media.models import Download

from .differences import Piece, differences, shortened
from .paragraphs import paragraphs
from .versions import paired

DATE = {"date_lo", "date_hi", "date_precision"}
FILE = {"file", "bytes", "sha256"}
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)

Row = dict[str, Any]
Names = dict[type[models.Model], dict[int, str]]


@dataclass(frozen=True)
class Change:
    """One thing that differs: a text that runs on, with what came and went in it, or a list of things."""

    name: str
    label: str
    language: str
    pieces: list[Piece]
    is_list: bool = False

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.language, ""))


def compare(old: dict, new: dict) -> list[Change]:
    """What became of an entry between two snapshots of it, in the language of the page."""
    model = apps.get_model(new["model"])
    reader = Reader(names_of(leads(model, old, new)), new["fields"].get("time_zone"))
    return [
        *reader.columns(model, old["fields"], new["fields"], leave_out=DATE),
        *date_change(old["fields"], new["fields"]),
        *(reader.links(model, name, old, new) for name in differing(old["links"], new["links"])),
        *(
            change
            for name in differing(old["rows"], new["rows"])
            for change in reader.rows(model, name, old["rows"].get(name, []), new["rows"].get(name, []))
        ),
    ]


def differing(old: dict, new: dict) -> list[str]:
    """The names of what differs. What is empty is the same as what is not there."""
    return [name for name in {**new, **old} if (old.get(name) or None) != (new.get(name) or None)]


# The models behind it


def field_of(model, name: str):
    try:
        return model and model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def target_of(model, name: str):
    """The model that a column, a relation or a set of rows leads to."""
    return getattr(field_of(model, name), "related_model", None)


def label_of(model, name: str) -> str:
    """What the form calls it, without the language: a change names that for itself."""
    field = field_of(model, name)
    if isinstance(field, models.ForeignObjectRel):
        return capfirst(str(field.related_model._meta.verbose_name_plural))
    named = field.translated_field if isinstance(field, TranslationField) else field
    return capfirst(str(getattr(named, "verbose_name", name)))


# The names of other records


def leads(model, old: dict, new: dict) -> Iterator[tuple[type[models.Model], int]]:
    """The records that the differences speak of."""
    for name in differing(old["fields"], new["fields"]):
        yield from ((target_of(model, name), version["fields"].get(name)) for version in (old, new))
    for name in differing(old["links"], new["links"]):
        yield from ((target_of(model, name), key) for version in (old, new) for key in version["links"].get(name, []))
    for name in differing(old["rows"], new["rows"]):
        of = target_of(model, name)
        rows = [row for version in (old, new) for row in version["rows"].get(name, [])]
        yield from ((target_of(of, column), key) for row in rows for column, key in row.items())


def names_of(leads: Iterable[tuple[type[models.Model] | None, Any]]) -> Names:
    """What these records are called, asked for once for each model."""
    keys = defaultdict(set)
    for model, key in leads:
        if model and key:
            keys[model].add(key)
    found = {model: model._base_manager.in_bulk(wanted) for model, wanted in keys.items()}
    return {model: {key: str(record) for key, record in records.items()} for model, records in found.items()}


# One change


def text_change(name: str, label: str, field, old: str, new: str) -> list[Change]:
    """A text word by word; rich text as its words, with where its links lead."""
    is_rich, language = isinstance(field, ProseEditorField), getattr(field, "language", "")
    if is_rich:
        old, new = clean_html(old), clean_html(new)
    pieces = differences(*(words_of_html(text) if is_rich else text for text in (old, new)))
    if any(piece.kind in ("del", "ins") for piece in pieces):
        return [Change(name, label, language, shortened(pieces))]
    note = _("Only its formatting differs.") if is_rich else _("Only its spaces and line breaks differ.")
    return [Change(name, label, language, [Piece("note", note)])] if old != new else []


def words_of_html(html: str) -> str:
    return "\n".join(paragraphs(LINK.sub(r"\2 (\1)", html)))


def swapped(old: str, new: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("del", old), ("ins", new)) if text]


def date_change(old: Row, new: Row) -> list[Change]:
    was, now = (print_date(date_in(fields), current()) for fields in (old, new))
    return [Change("date", _("Date"), "", swapped(was, now))] if was != now else []


def date_in(fields: Row) -> PartialDate:
    if not fields.get("date_lo"):
        return UNDATED
    days = (date.fromisoformat(fields[end]) for end in ("date_lo", "date_hi"))
    return PartialDate(*days, Precision(fields["date_precision"]))


class Reader:
    """Reads values out as the forms do; `names` are those of the records that keys lead to."""

    def __init__(self, names: Names, time_zone: str | None):
        self.names = names
        self.zone = ZoneInfo(time_zone) if time_zone else timezone.get_default_timezone()

    def columns(self, model, old: Row, new: Row, leave_out: set[str], prefix="", title="") -> Iterator[Change]:
        """A change for each column that differs; those of a row are named after the row."""
        for column in differing(old, new):
            if column in leave_out:
                continue
            field, name, label = field_of(model, column), f"{prefix}{column}", f"{title}{label_of(model, column)}"
            was, now = old.get(column), new.get(column)
            if is_text(field, was or now):
                yield from text_change(name, label, field, was or "", now or "")
            else:
                shown = (self.shown(model, column, value) for value in (was, now))
                yield Change(name, label, getattr(field, "language", ""), swapped(*shown))

    def shown(self, model, column: str, value) -> str:
        field = field_of(model, column)
        if isinstance(field, models.BooleanField):
            return _("Yes") if value else _("No")
        if value in (None, ""):
            return ""
        if target := target_of(model, column):
            return self.name(target, value)
        if isinstance(field, models.DateTimeField):
            moment = datetime.fromisoformat(value).astimezone(self.zone)
            return f"{formats.date_format(moment, 'DATETIME_FORMAT')} ({moment:%Z})"
        if isinstance(field, models.DateField):
            return print_date(PartialDate.day(date.fromisoformat(value)), current())
        return str(dict(getattr(field, "flatchoices", [])).get(value, value))

    def name(self, model, key) -> str:
        known = self.names.get(model, {})
        return known[key] if key in known else _("no. %(key)s, which is gone") % {"key": key}

    def links(self, model, name: str, old: dict, new: dict) -> Change:
        was, now = (
            {self.name(target_of(model, name), key) for key in version["links"].get(name, [])} for version in (old, new)
        )
        pieces = [Piece("del", gone) for gone in sorted(was - now)] + [Piece("ins", come) for come in sorted(now - was)]
        return Change(name, label_of(model, name), "", pieces, is_list=True)

    # Rows in order

    def rows(self, model, name: str, old: list[Row], new: list[Row]) -> Iterator[Change]:
        """Which rows came, went and moved; then what differs within each."""
        of, label = target_of(model, name), label_of(model, name)
        kept = paired(old, new, same_by(of))
        pieces = [Piece("del", self.row(of, row)) for place, row in enumerate(old) if place not in kept.values()]
        pieces += [Piece("ins", self.row(of, row)) for place, row in enumerate(new) if place not in kept]
        pieces += [
            Piece("note", _("%(row)s: moved from place %(old)d to place %(new)d")
                  % {"row": self.row(of, new[place]), "old": kept[place] + 1, "new": place + 1})
            for place in moved(kept)
        ]  # fmt: skip
        if pieces:
            yield Change(name, label, "", pieces, is_list=True)
        for place, row in enumerate(new):
            before = old[kept[place]] if place in kept else said_of(of, row)
            yield from self.within_row(of, before, row, f"{name}.", f"{label}, {self.row_name(of, row)}: ")

    def within_row(self, model, old: Row, new: Row, prefix: str, title: str) -> Iterator[Change]:
        is_file = bool(model) and issubclass(model, Download)
        yield from self.columns(model, old, new, {"position"} | (FILE if is_file else set()), prefix, title)
        if is_file and old.get("file") != new.get("file"):
            label = f"{title}{label_of(model, 'file')}"
            yield Change(f"{prefix}file", label, "", swapped(printed_file(old), printed_file(new)))

    def row(self, model, row: Row) -> str:
        """A row in a few words: what it leads to and what is chosen in it."""
        if model and issubclass(model, Download):
            return f"{printed_file(row)}, {self.row_name(model, row)}"
        return self.listed(model, said_of(model, row))

    def row_name(self, model, row: Row) -> str:
        """What tells it from the other rows, shorter still."""
        if model and issubclass(model, Download):
            return self.shown(model, "language", row.get("language"))
        return self.listed(model, {column: row.get(column) for column in same_by(model)[0]})

    def listed(self, model, row: Row) -> str:
        return ", ".join(self.shown(model, column, value) for column, value in row.items() if value)


def is_text(field, value) -> bool:
    is_written = field is None or isinstance(field, models.CharField | models.TextField)
    return isinstance(value, str) and is_written and not getattr(field, "choices", None)


def printed_file(row: Row) -> str:
    return f"PDF, {filesizeformat(row.get('bytes') or 0)}"


def said_of(model, row: Row) -> Row:
    """What the line about a row says. Its texts and numbers need their names, so each is a change of its own."""
    apart = TranslationField | models.IntegerField
    return {column: value for column, value in row.items() if not isinstance(field_of(model, column), apart)}


def same_by(model) -> list[tuple[str, ...]]:
    return getattr(model, "same_by", None) or [()]


def moved(kept: dict[int, int]) -> list[int]:
    """The new places of rows that changed their place among those that are in both."""
    new = sorted(kept)
    old = [kept[place] for place in new]
    blocks = SequenceMatcher(None, sorted(old), old, autojunk=False).get_matching_blocks()
    stayed = {place for block in blocks for place in new[block.b : block.b + block.size]}
    return [place for place in new if place not in stayed]
