"""The files on the disk, or in the object store, beside what the records say of them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from secrets import token_hex

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db.models import FileField
from django.utils import timezone

from research_hub.archive.format import FOLDERS
from research_hub.media.models import Image

ENOUGH = 1024  # megabytes
YOUNG = timedelta(hours=1)  # a file is stored before its record is


def write_and_read() -> str:
    """Why no file can be kept; empty where one can."""
    word = token_hex(16).encode()
    try:
        name = default_storage.save(f"downloads/doctor-{token_hex(8)}.txt", ContentFile(word))
        with default_storage.open(name) as stored:
            read = stored.read()
        default_storage.delete(name)
    except Exception as error:  # of the disk, or of the library of an object store
        return f"{type(error).__name__}: {error}"
    return "" if read == word else "what was written did not come back"


def no_room() -> int:
    """The megabytes that are left, where these are few; an object store has no end."""
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage) or not os.path.isdir(storage.location):
        return 0
    left = shutil.disk_usage(storage.location).free >> 20
    return left if left < ENOUGH else 0


def named() -> set[str]:
    """Every file that a record names, renditions included."""
    names = {name for image in Image.objects.only("file", "renditions").iterator() for name in image.files}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                names.update(model._base_manager.order_by().values_list(field.name, flat=True).iterator())
    return names - {"", None}


def kept(folder: str) -> Iterator[str]:
    folders, files = [], []
    with suppress(FileNotFoundError):  # nothing has been uploaded yet
        folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from kept(f"{folder}/{name}")


def missing_and_stray() -> tuple[list[str], list[str]]:
    """What records name and is not there; what is there, not just now, and no record names."""
    names = named()
    there = {name for folder in FOLDERS for name in kept(folder)}
    missing = sorted(name for name in names - there if not default_storage.exists(name))
    before = timezone.now() - YOUNG
    stray = [name for name in sorted(there - names) if default_storage.get_modified_time(name) < before]
    return missing, stray


def unmade() -> list[str]:
    """The pictures that lack renditions, by the names of their files."""
    return [image.file.name for image in Image.objects.order_by("pk").iterator() if image.missing]


def stale_static() -> bool:
    """Whether pages would name style sheets by addresses that nobody made."""
    files = storages["staticfiles"]
    return hasattr(files, "load_manifest") and not files.load_manifest()[0]
