"""Taking an archive into an empty site: all of it, or nothing."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from modeltranslation.fields import TranslationField
from PIL import Image as Picture

from research_hub.activity import rebuild as lists
from research_hub.activity.rows import insert
from research_hub.activity.sync import CHUNK, Progress, writing
from research_hub.languages.text import LANGUAGES
from research_hub.media.checks import FORMATS, check_document, check_image, check_size
from research_hub.media.images import SUFFIXES
from research_hub.translation import states
from research_hub.translation.tasks import Tally

from .format import PASSWORD, PUT_THERE_BY_MIGRATE, RECORDS, file_of, model_of, ties_of
from .opening import Archive, Refused, opened
from .reading import Index, Reader

TALLY = "translation.Tally"  # written last: making the states anew counts them as of today

Step = Callable[[str], Progress]  # what begins, and how its progress is drawn


def take_in(path: Path, step: Step) -> Archive:
    """Raises Refused, and then nothing was written."""
    refuse_unless_empty()
    with opened(path) as zip_file:
        archive = Archive(zip_file)
        index = index_of(archive, step("Reading"))
        with kept_files(archive, step("Files")), transaction.atomic(), writing():
            for label in PUT_THERE_BY_MIGRATE:
                model_of(label)._base_manager.all().delete()
            fill(archive, index, step("Records"))
            derive(archive, index, step)
            prove(step)
    return archive


def refuse_unless_empty() -> None:
    for label in RECORDS:
        if label not in PUT_THERE_BY_MIGRATE and (count := model_of(label)._base_manager.count()):
            raise Refused(
                f"This site is not empty: {count} of {label}. An archive is the whole of a site and is taken into a "
                "new one: name an empty database by DATABASE_URL and an empty folder by DATA_DIR, run `migrate` and "
                "nothing else, then this again. Accounts come with the archive."
            )


def index_of(archive: Archive, progress: Progress) -> Index:
    """Read every line once, which proves the checksums, and learn what the records are called."""
    index, done, total = Index(), 0, archive.count()
    for label in RECORDS:
        for number, record in archive.records(label):
            index.add(label, record, number)
            done += 1
            if done % CHUNK == 0:
                progress(min(done, total), total)
    progress(total, total)
    return index


# Files


@contextmanager
def kept_files(archive: Archive, progress: Progress) -> Iterator[None]:
    """Put the files in their places; if all comes to nothing they go again. What a killed process left behind is
    named by no record, and written over by the next attempt."""
    written: list[str] = []
    try:
        for done, name in enumerate(sorted(archive.files), start=1):
            default_storage.delete(name)
            written.append(name)
            put_there(archive, name)
            progress(done, len(archive.files))
        yield
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def put_there(archive: Archive, name: str) -> None:
    if settings.FILES_BUCKET:
        raise Refused("Files are taken in on a disk: leave FILES_BUCKET empty, then copy them there.", f"files/{name}")
    place = Path(default_storage.path(name))
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as out:
        for block in archive.blocks(name):
            out.write(block)
    with place.open("rb") as stored:
        try:
            check(name, File(stored, name=name))
        except ValidationError as error:
            raise Refused(" ".join(error.messages), f"files/{name}") from error


def check(name: str, file: File) -> None:
    """What an upload to this folder goes through."""
    check_size(file)
    if name.startswith("images/"):
        check_image(file)
        with Picture.open(file, formats=FORMATS) as picture:
            suffix = SUFFIXES[picture.format or ""]
        if Path(name).suffix.replace("jpeg", "jpg") != f".{suffix}":
            raise ValidationError("This picture is not what its name says.")
    elif name.startswith("downloads/"):
        if Path(name).suffix != ".pdf":
            raise ValidationError("A download is a PDF.")
        check_document(file)


# Records


def fill(archive: Archive, index: Index, progress: Progress) -> None:
    done, total = 0, archive.count()
    for label in RECORDS:
        if label != TALLY:
            for count in write(archive, index, label):
                done += count
                progress(min(done, total), total)
    reset_sequences()
    progress(total, total)


def write(archive: Archive, index: Index, label: str) -> Iterator[int]:
    """The rows of a model, some at a time; yields how many."""
    reader, records = Reader(label, archive, index), archive.records(label)
    while chunk := list(islice(records, CHUNK)):
        rows, ties = [], []
        for number, record in chunk:
            try:
                values, tied = reader.values(record)
            except ValueError as error:
                raise Refused(str(error), file_of(label), number) from error
            except ValidationError as error:
                raise Refused(" ".join(error.messages), file_of(label), number) from error
            rows.append(row(label, record["id"], values))
            ties.append((record["id"], tied))
        try:
            with transaction.atomic():
                put_rows(label, rows)
                put_ties(label, ties)
        except DatabaseError as error:
            place = f"lines {chunk[0][0]} to {chunk[-1][0]}"
            raise Refused(f"{place}: the database refuses one of these: {error}", file_of(label)) from error
        yield len(chunk)


def row(label: str, pk: int, values: dict[str, Any]) -> dict[str, Any]:
    """All columns of a row: with those that no archive has."""
    found = {"id": pk} | values
    for field in model_of(label)._meta.concrete_fields:
        if field.name in found or field.generated:
            continue
        if label == "auth.User" and field.name == PASSWORD:
            found[PASSWORD] = make_password(None)
        else:
            found[field.name] = field.get_default()
    for field in model_of(label)._meta.concrete_fields:
        if isinstance(field, TranslationField) and field.language == LANGUAGES[0]:
            found[field.translated_field.name] = values[field.name] or ""
    return found


def put_rows(label: str, rows: list[dict[str, Any]]) -> None:
    model = model_of(label)
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    quote = connection.ops.quote_name
    stored = [tuple(stored_as(field, found[field.name]) for field in fields) for found in rows]
    insert(quote(model._meta.db_table), [quote(field.column) for field in fields], stored)


def stored_as(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return None if value is None else json.dumps(value)
    return field.get_db_prep_save(value, connection)


def put_ties(label: str, ties: list[tuple[int, dict[str, list[int]]]]) -> None:
    quote = connection.ops.quote_name
    for field in ties_of(label):
        columns = [quote(field.m2m_column_name()), quote(field.m2m_reverse_name())]
        pairs = [(pk, target) for pk, tied in ties for target in tied[field.name]]
        insert(quote(field.m2m_db_table()), columns, pairs)


def reset_sequences() -> None:
    """New records get numbers after those that were taken in."""
    made = [model_of(label) for label in RECORDS]
    made += [field.remote_field.through for label in RECORDS for field in ties_of(label)]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), made):
            cursor.execute(sql)


# What follows from the records


def derive(archive: Archive, index: Index, step: Step) -> None:
    lists.rebuild(step("Lists"))
    states.rebuild(step("Translations"))
    Tally.objects.all().delete()
    for _count in write(archive, index, TALLY):
        pass
    reset_sequences()
    states.add_to_tally(states.miscounts())
    states.remember_anew(step("Translation memory"))


def prove(step: Step) -> None:
    for differences in (lists.drift(step("Proving the lists")), states.drift(step("Proving the translations"))):
        if differences:
            raise Refused(f"The site that it makes is not whole: {'; '.join(differences[:5])}")
