"""An entry as plain data, and back: all that staff write about it, in both languages, with its rows and files.

History, working copies, restoring and preview all go through this one pair of functions.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from research_hub.media.ordered import InOrder

Snapshot = dict[str, Any]


def snapshot(entry) -> Snapshot:
    """The entry as JSON can hold it: files by name, other records by their keys, days and moments in ISO."""
    tied = {name: list(getattr(entry, name).order_by("pk").values_list("pk", flat=True)) for name in links(entry)}
    return snapshot_of(entry, tied, {name: getattr(entry, name).in_order() for name in row_sets(entry)})


def snapshot_of(entry, tied: dict[str, list[int]], rows: dict[str, Iterable]) -> Snapshot:
    """The same of an entry of which these are the links and the rows in order."""
    return {
        "model": entry._meta.label_lower,
        "fields": plain(entry, own_fields(entry)),
        "links": {name: sorted(tied.get(name, [])) for name in links(entry)},
        "rows": {
            name: [plain(row, row_fields(entry, relation)) for row in rows.get(name, [])]
            for name, relation in row_sets(entry).items()
        },
    }


def apply(snapshot: Snapshot, entry) -> list[str]:
    """Write it onto the entry and save that; what stands in both keeps its row, and so its address.

    Returns the names of what could not be brought back, because the record it leads to is gone.
    Raises ValidationError where another entry has by now what only one may have.
    """
    fields = own_fields(entry)
    lost = fill(entry, fields, snapshot["fields"], existing(fields, [snapshot["fields"]]))
    refuse_incomplete(entry, fields)
    entry.validate_constraints()
    entry.save()
    for name in links(entry):
        lost += link(entry, name, snapshot["links"].get(name, []))
    for name, relation in row_sets(entry).items():
        lost += write_rows(entry, relation, snapshot["rows"].get(name, []))
    return lost


def laid_over(before: Snapshot, typed: Snapshot, stored: Snapshot) -> Snapshot:
    """What is stored, with what differs between the other two: what somebody changed in a form opened earlier."""
    merged: Snapshot = {"model": stored["model"]}
    for part in ("fields", "links", "rows"):
        changed = {name: value for name, value in typed[part].items() if value != before[part].get(name)}
        merged[part] = stored[part] | changed
    return merged


def refuse_incomplete(entry, fields: Iterable[models.Field]) -> None:
    """Raise ValidationError where it leads nowhere and must lead somewhere, such as to its type."""
    needed = [field for field in fields if field.is_relation and not field.null]
    gone = {field.name: _("This is gone: choose another.") for field in needed if getattr(entry, field.attname) is None}
    if gone:
        raise ValidationError(gone)


# What belongs to an entry


def own_fields(entry) -> list[models.Field]:
    """The columns that staff write: not the house's own, nor the column without a language."""
    return [field for field in written_fields(type(entry)) if field.name not in entry.KEPT_BY_THE_HOUSE]


def row_fields(entry, relation) -> list[models.Field]:
    return [field for field in written_fields(relation.related_model) if field is not relation.field]


def written_fields(model) -> list[models.Field]:
    translated = {
        field.translated_field.name for field in model._meta.concrete_fields if isinstance(field, TranslationField)
    }
    return [field for field in model._meta.concrete_fields if not field.primary_key and field.name not in translated]


def links(entry) -> list[str]:
    """Its relations that have nothing to say beside who is related."""
    return [field.name for field in entry._meta.many_to_many if field.remote_field.through._meta.auto_created]


def row_sets(entry) -> dict[str, models.ManyToOneRel]:
    """Its rows in order, by the name they are reached by."""
    return {
        relation.get_accessor_name(): relation
        for relation in entry._meta.related_objects
        if issubclass(relation.related_model, InOrder) and relation.on_delete is models.CASCADE
    }


# Columns


def plain(record, fields: Iterable[models.Field]) -> dict[str, Any]:
    return {field.name: plain_value(getattr(record, field.attname)) for field in fields}


def plain_value(value):
    if isinstance(value, FieldFile):
        return value.name or ""
    return value.isoformat() if isinstance(value, date | datetime) else value


Existing = dict[str, set]  # by the name of a relation, the keys that lead somewhere


def existing(fields: Iterable[models.Field], rows: list[dict[str, Any]]) -> Existing:
    """Which of the records that these rows speak of there still are, one query for each relation."""
    return {
        field.name: keys_there(field.related_model, {row.get(field.name) for row in rows})
        for field in fields
        if field.is_relation
    }


def keys_there(model, keys: Iterable) -> set:
    wanted = {key for key in keys if key is not None}
    return set(model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def fill(record, fields: Iterable[models.Field], values: dict[str, Any], there: Existing) -> list[str]:
    """Set the columns that the values speak of; returns the names of those that lead nowhere any more."""
    lost = []
    for field in fields:
        if field.name not in values:
            continue
        value = values[field.name]
        if not field.is_relation:
            value = field.to_python(value)
        elif value is not None and value not in there[field.name]:
            lost.append(str(field.verbose_name))
            value = None
        setattr(record, field.attname, value)
    return lost


# Relations


def link(entry, name: str, keys: list[int]) -> list[str]:
    manager = getattr(entry, name)
    there = keys_there(manager.model, keys)
    manager.set(there)
    return [str(manager.model._meta.verbose_name)] * (len(set(keys)) - len(there))


def write_rows(entry, relation, wanted: list[dict]) -> list[str]:
    """Make the rows what is wanted: kept where they are the same ones, else made or deleted."""
    manager, fields = getattr(entry, relation.get_accessor_name()), row_fields(entry, relation)
    rows, wanted = list(manager.in_order()), in_places(wanted)
    stored = [plain(row, fields) for row in rows]
    kept = paired(stored, wanted, relation.related_model.same_by)
    manager.exclude(pk__in=[rows[place].pk for place in kept.values()]).delete()
    there, lost = existing(fields, wanted), []
    for place, values in enumerate(wanted):
        if place not in kept:
            row = relation.related_model(**{relation.field.name: entry})
            if gone := fill(row, fields, values, there):
                lost += gone
            else:
                row.save()
        elif stored[kept[place]] != values:
            row = rows[kept[place]]
            fill(row, fields, values, there)
            row.save()
    return lost


def in_places(rows: list[dict]) -> list[dict]:
    """The rows with a place each, where some share one: what decides among those is lost with their keys."""
    places = [row.get("position", 0) for row in rows]
    if places == sorted(set(places)):
        return rows
    return [row | {"position": place} for place, row in enumerate(rows, start=1)]


def paired(old: list[dict], new: list[dict], same_by: list[tuple[str, ...]]) -> dict[int, int]:
    """The place that each row had, by the place it has; the same row is told by these columns, or else the next."""
    places: dict[int, int] = {}
    for columns in same_by:
        free = defaultdict(list)
        for place, row in enumerate(old):
            if place not in places.values():
                free[pick(row, columns)].append(place)
        for place, row in enumerate(new):
            if place not in places and free[pick(row, columns)]:
                places[place] = free[pick(row, columns)].pop(0)
    return places


def pick(row: dict, columns: tuple[str, ...]) -> tuple:
    return tuple(row.get(column) for column in columns)
