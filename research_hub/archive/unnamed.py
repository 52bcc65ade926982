"""Files that no record names: what a process leaves behind that was killed between storing a file and naming it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from research_hub.activity.sync import CHUNK

from .export import stored_files
from .format import FOLDERS

YOUNG = timedelta(days=1)  # whoever stores a file names it within the day
HOLDING_NAMES = models.FileField | models.JSONField
NAMED = re.compile(rf"(?:{'|'.join(FOLDERS)})/[0-9A-Za-z_.-]+")


def unnamed_files() -> list[str]:
    """What is stored, is not young, and is named by no record, no version in the history and no plan of an import."""
    old = [name for name in [*stored_files(), *renditions()] if not is_young(name)]
    named = {original(name) for name in named_files()}  # asked after: what was named meanwhile is kept
    return [name for name in old if original(name) not in named]


def original(name: str) -> str:
    """A file without its suffix, which is what the copies of a picture stand in a folder of."""
    folder, stem = PurePosixPath(name).parts[:2]
    return f"{folder}/{PurePosixPath(stem).stem}"


def is_young(name: str) -> bool:
    try:
        return timezone.now() - default_storage.get_modified_time(name) < YOUNG
    except FileNotFoundError:
        return True


def renditions(folder: str = "images") -> Iterator[str]:
    """The smaller copies of pictures."""
    for below in sorted(default_storage.listdir(folder)[0]) if default_storage.exists(folder) else ():
        yield from (f"{folder}/{below}/{name}" for name in sorted(default_storage.listdir(f"{folder}/{below}")[1]))
        yield from renditions(f"{folder}/{below}")


def named_files() -> Iterator[str]:
    """Every name of a file that stands in any table: in a column of its own, or within what is kept as data."""
    for model in apps.get_models(include_auto_created=True):
        columns = [field for field in model._meta.concrete_fields if isinstance(field, HOLDING_NAMES)]
        for column in columns:
            for value in model._base_manager.values_list(column.name, flat=True).iterator(CHUNK):
                yield from names_in(str(value) if isinstance(column, models.FileField) else value)


def names_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if NAMED.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        yield from (name for item in value.values() for name in names_in(item))
    elif isinstance(value, list):
        yield from (name for item in value for name in names_in(item))
