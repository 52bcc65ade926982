"""A line of an archive, as the columns of a row: looked at as what is typed into a form is."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django_prose_editor.fields import ProseEditorField
from modeltranslation.fields import TranslationField

from research_hub.activity.kinds import BITS, KINDS
from research_hub.languages.slugs import UID_LETTERS
from research_hub.languages.text import clean_html
from research_hub.translation.tasks import texts_of

from .format import ACTIVITY, KEYS, columns_of, file_of, keys_made_by_migrate, kind_of_value, label_of, ties_of
from .opening import Archive, Refused

MOST_NUMBER = 2**27 - 1  # of a record: what the keys of the lists have room for
UID_LENGTH = 10

Ids = dict[str, set[int]]
Names = dict[str, dict[str, int]]


class Index:
    """The records of an archive by their numbers, and by the names that others call them."""

    def __init__(self) -> None:
        self.ids: Ids = {}
        self.names: Names = {
            label: keys_made_by_migrate(label) for label in ("auth.Permission", "contenttypes.ContentType")
        }

    def add(self, label: str, record: dict[str, Any], number: int) -> None:
        file, pk = file_of(label), record.get("id")
        if type(pk) is not int or not 0 < pk <= MOST_NUMBER:
            raise Refused(f"Its id is no number from 1 to {MOST_NUMBER}.", file, number)
        if pk in self.ids.setdefault(label, set()):
            raise Refused(f"The id {pk} is taken by a line above.", file, number)
        self.ids[label].add(pk)
        if label not in KEYS:
            return
        values = [record.get(name) for name in KEYS[label].columns]
        if not all(isinstance(value, str | None) for value in values):
            raise Refused(f"{', '.join(KEYS[label].columns)}: this is no text.", file, number)
        name = KEYS[label].put(*values)
        if name and self.names.setdefault(label, {}).setdefault(name, pk) != pk:
            raise Refused(f"“{name}” is taken by a line above.", file, number)

    def find(self, label: str, name: Any) -> int | None:
        """The number of what is called so, or None."""
        if label == ACTIVITY:
            return self._entry(name)
        if type(name) is int:
            return name if name in self.ids.get(label, ()) else None
        return self.names.get(label, {}).get(name) if isinstance(name, str) else None

    def _entry(self, uid: Any) -> int | None:
        for kind in KINDS.values():
            pk = self.find(label_of(kind.model), uid)
            if pk and isinstance(uid, str):
                return kind.number(pk)
        return None


assert MOST_NUMBER << BITS < 2**30  # else an entry would not fit into the lists


class Reader:
    """Turns the records of one model into rows."""

    def __init__(self, label: str, archive: Archive, index: Index):
        self.label, self.archive, self.index = label, archive, index
        self.fields = columns_of(label, passwords=archive.passwords)
        self.ties = ties_of(label)
        self.names = {"id", *(field.name for field in self.fields), *(field.name for field in self.ties)}
        self.missing = set(archive.manifest["missing"])

    def values(self, record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[int]]]:
        """By the names of fields; and the numbers of what it is tied to. Raises ValidationError or ValueError."""
        for name in sorted(record.keys() - self.names):
            raise ValueError(f"{name}: there is no such field.")
        for name in sorted(self.names - record.keys()):
            raise ValueError(f"{name}: the field is not there.")
        record = cleaned(self.label, record)
        values = {field.name: self._value(field, record[field.name]) for field in self.fields}
        for field in self.fields:
            if isinstance(field, models.FileField) and values[field.name]:
                self._check_file(field, values)
        return values, {field.name: self._tied(field, record[field.name]) for field in self.ties}

    def _value(self, field: models.Field, value: Any) -> Any:
        if value is None:
            if not field.null:
                raise ValueError(f"{field.name}: it must not be null.")
            return None
        if field.is_relation:
            return self._found(field, value)
        words, kind = kind_of_value(field)
        if kind is not object and type(value) is not kind:
            raise ValueError(f"{field.name}: this is no {words}.")
        if kind in (bool, object):
            return value
        try:
            return checked(field, value)
        except ValidationError as error:
            raise ValueError(f"{field.name}: {' '.join(error.messages)}") from error

    def _found(self, field: models.Field, name: Any) -> int:
        found = self.index.find(label_of(field.related_model), name)
        if found is None:
            raise ValueError(f"{field.name}: {name!r} is not in the archive.")
        return found

    def _tied(self, field: models.ManyToManyField, names: Any) -> list[int]:
        if not isinstance(names, list):
            raise ValueError(f"{field.name}: this is no list.")
        found = [self._found(field, name) for name in names]
        if len(set(found)) != len(found):
            raise ValueError(f"{field.name}: something stands there twice.")
        return found

    def _check_file(self, field: models.FileField, values: dict[str, Any]) -> None:
        """The file that a record names is there, in the folder of such files, and what the record says of it."""
        name = values[field.name]
        folder = field.generate_filename(field.model(), "x").partition("/")[0]
        if name not in self.archive.files and name not in self.missing:
            raise ValueError(f"{field.name}: the file {name} is not in the archive.")
        if name.partition("/")[0] != folder:
            raise ValueError(f"{field.name}: such a file stands in {folder}/.")
        if "sha256" in values and name in self.archive.files:
            told = self.archive.files[name]
            if (values["sha256"], values["bytes"]) != (told["sha256"], told["bytes"]):
                raise ValueError(f"{field.name}: sha256 or bytes are not those of the file.")


@lru_cache(maxsize=20_000)
def checked(field: models.Field, value: Any) -> Any:
    """The value as Python has it. Raises ValidationError."""
    if field.name == "uid" and value and (len(value) != UID_LENGTH or set(value) - set(UID_LETTERS)):
        raise ValidationError("this is no permanent name.")
    if isinstance(field, models.FileField):
        if len(value) > field.max_length:
            raise ValidationError("this name is too long.")
        return value
    read = field.to_python(value)
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValidationError("this moment says no time zone.")
    if field.choices and value not in field.empty_values and read not in dict(field.flatchoices):
        raise ValidationError(f"{value!r} is none of the values that it can have.")
    field.run_validators(read)
    return read


# Rich text


def cleaned(label: str, record: dict[str, Any]) -> dict[str, Any]:
    """The record with its rich texts as the editor would store them."""
    clean = CLEANERS.get(label, clean_columns)
    return clean(label, dict(record))


def clean_columns(label: str, record: dict[str, Any]) -> dict[str, Any]:
    for name in rich_columns(label) & record.keys():
        if isinstance(record[name], str):
            record[name] = clean_html(record[name])
    return record


@lru_cache
def rich_columns(label: str) -> set[str]:
    fields = apps.get_model(label)._meta.concrete_fields
    return {field.name for field in fields if is_rich(field)}


def is_rich(field: models.Field) -> bool:
    original = field.translated_field if isinstance(field, TranslationField) else field
    return isinstance(original, ProseEditorField)


def clean_version(_label: str, record: dict[str, Any]) -> dict[str, Any]:
    """What a version of an entry says in rich text; it can be restored."""
    labels = {label_of(kind.model).lower(): label_of(kind.model) for kind in KINDS.values()}
    snapshot, model = record.get("snapshot"), record.get("model")
    if model not in labels or not isinstance(snapshot, dict) or not isinstance(snapshot.get("fields"), dict):
        raise ValueError("snapshot: this is no version of a publication or an event.")
    record["snapshot"] = snapshot | {"fields": clean_columns(labels[model], dict(snapshot["fields"]))}
    return record


def clean_translation(_label: str, record: dict[str, Any]) -> dict[str, Any]:
    """What somebody wrote or approved of a text that is rich."""
    if record.get("field") in rich_texts():
        for name in {"text", "source", "target", "replaced"} & record.keys():
            if isinstance(record[name], str):
                record[name] = clean_html(record[name])
    return record


def rich_texts() -> set[str]:
    return {name for kind in KINDS.values() for name, is_rich in texts_of(kind.model).items() if is_rich}


CLEANERS: dict[str, Callable[[str, dict[str, Any]], dict[str, Any]]] = {
    "editorial.Revision": clean_version,
    "translation.Draft": clean_translation,
    "translation.Verdict": clean_translation,
}
