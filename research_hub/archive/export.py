"""Writing the whole site into one file, the same file for the same content."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.db import connection, models, transaction

from research_hub.activity.sync import CHUNK, Progress
from research_hub.languages.text import LANGUAGES

from .format import (
    FOLDERS,
    MANIFEST,
    NAME,
    RECORDS,
    VERSION,
    columns_of,
    file_of,
    label_of,
    line,
    model_of,
    names_of,
    plain,
    ties_of,
)

BLOCK = 1 << 20  # of a file that is read at a time
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the time of every member, so that the same content gives the same file


def export(path: Path, *, passwords: bool, progress: Progress, with_files: bool = True) -> dict[str, Any]:
    """Write the archive and return its manifest; nothing stands at `path` before all of it is written."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # it holds drafts, and the names of the staff
    try:
        with one_moment(), ZipFile(part, "w") as archive:
            manifest = write(archive, passwords, progress, with_files)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


@contextmanager
def one_moment() -> Iterator[None]:
    """All is read as it is now, while others go on writing."""
    if connection.in_atomic_block:
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    try:
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode


def write(archive: ZipFile, passwords: bool, progress: Progress, with_files: bool) -> dict[str, Any]:
    files = list(stored_files()) if with_files else []
    total = sum(model_of(label)._base_manager.count() for label in RECORDS) + len(files)
    done, manifest = 0, empty_manifest(passwords)
    named: set[str] = set()
    for label in RECORDS:
        told = Written()
        with archive.open(member(file_of(label), ZIP_DEFLATED), "w", force_zip64=True) as out:
            for chunk in in_chunks(lines_of(label, passwords, named)):
                told.write(out, b"".join(chunk))
                done += len(chunk)
                progress(min(done, total), total)
                told.count += len(chunk)
        manifest["records"][file_of(label)] = {"bytes": told.bytes, "count": told.count, "sha256": told.sha256}
    for name in files:
        told = Written()
        stored = default_storage.open(name)
        with stored, archive.open(member(f"files/{name}", ZIP_STORED), "w", force_zip64=True) as out:
            while block := stored.read(BLOCK):
                told.write(out, block)
        manifest["files"][name] = {"bytes": told.bytes, "sha256": told.sha256}
        done += 1
        progress(min(done, total), total)
    manifest["missing"] = sorted(named - set(files))
    archive.writestr(member(MANIFEST, ZIP_DEFLATED), json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    progress(total, total)
    return manifest


def empty_manifest(passwords: bool) -> dict[str, Any]:
    told = {"format": NAME, "version": VERSION, "languages": list(LANGUAGES), "passwords": passwords}
    return told | {"records": {}, "files": {}, "missing": []}


class Written:
    """How much went into a member, and its checksum."""

    def __init__(self) -> None:
        self.bytes, self.count, self._hash = 0, 0, hashlib.sha256()

    def write(self, out, block: bytes) -> None:
        out.write(block)
        self.bytes += len(block)
        self._hash.update(block)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def member(name: str, compression: int) -> ZipInfo:
    info = ZipInfo(name, LONG_AGO)
    info.compress_type, info.create_system, info.external_attr = compression, 3, 0o600 << 16
    return info


def in_chunks(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def stored_files() -> Iterator[str]:
    """What was uploaded, in order; the smaller copies of pictures stand in folders below and are made anew."""
    for folder in FOLDERS:
        if default_storage.exists(folder):
            yield from (f"{folder}/{name}" for name in sorted(default_storage.listdir(folder)[1]))


# Records


def lines_of(label: str, passwords: bool, named: set[str]) -> Iterator[bytes]:
    """The records of a model in the order in which they were made; adds to `named` the files that they name."""
    columns, ties = columns_of(label, passwords=passwords), ties_of(label)
    rows = model_of(label)._base_manager.order_by("pk").values_list("pk", *(field.attname for field in columns))
    rows = rows.iterator(CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        names = [names_in(field, chunk, place) for place, field in enumerate(columns, start=1)]
        tied = {field.name: tied_to(field, [row[0] for row in chunk]) for field in ties}
        for pk, *values in chunk:
            record: dict[str, Any] = {"id": pk}
            for field, value, known in zip(columns, values, names, strict=True):
                record[field.name] = known.get(value) if field.is_relation else plain(value)
                if isinstance(field, models.FileField) and value:
                    named.add(str(value))
            record |= {name: tied_by[pk] for name, tied_by in tied.items()}
            if leads_somewhere(columns, values, record):
                yield line(record)


def names_in(field: models.Field, chunk: list[tuple], place: int) -> dict:
    if not field.is_relation:
        return {}
    return names_of(label_of(field.related_model), {row[place] for row in chunk if row[place] is not None})


def leads_somewhere(columns: list[models.Field], values: list, record: dict[str, Any]) -> bool:
    """Whether the record is about something: a featured entry that was deleted leaves its place behind."""
    return not any(
        field.is_relation and value is not None and record[field.name] is None
        for field, value in zip(columns, values, strict=True)
    )


def tied_to(field: models.ManyToManyField, pks: list[int]) -> dict[int, list]:
    """What these records are tied to, by name, in the order in which they were."""
    own, theirs = field.m2m_column_name(), field.m2m_reverse_name()
    through = field.remote_field.through._base_manager
    rows = list(through.filter(**{f"{own}__in": pks}).order_by("pk").values_list(own, theirs))
    names = names_of(label_of(field.related_model), {target for _pk, target in rows})
    tied: dict[int, list] = {pk: [] for pk in pks}
    for pk, target in rows:
        tied[pk].append(names[target])
    return tied
