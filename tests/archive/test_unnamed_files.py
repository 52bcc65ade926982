"""Files that no record names are found and deleted; whatever anything still names stays."""

import os
import time
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from publications.models import PublicationDownload
from research_hub.editorial import history
from research_hub.importing.models import Batch
from research_hub.media.models import Image
from tests.factories import make_drawing, make_image, make_publication, make_user

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF\n"


def run(*arguments) -> str:
    out = StringIO()
    call_command("remove_unnamed_files", *arguments, stdout=out)
    return out.getvalue()


def leave(name, content=PDF, days=2):
    """A file, as something left it behind that was stopped before it named it."""
    name = default_storage.save(name, ContentFile(content))
    age(name, days)
    return name


def age(name, days=2):
    then = time.time() - days * 24 * 60 * 60
    os.utime(default_storage.path(name), (then, then))


def test_what_nothing_names_is_listed_and_goes_when_it_is_asked_to():
    left = [
        leave("downloads/left.pdf"),
        leave("images/left.png"),
        leave("images/left/320w.webp"),
        leave("imports/l.csv"),
    ]
    assert all(name in run() for name in left) and all(map(default_storage.exists, left))

    assert "4 files were deleted" in run("--delete")
    assert not any(map(default_storage.exists, left))
    assert "0 files are unnamed" in run()


def test_what_a_record_a_version_or_an_import_names_stays():
    user = make_user("editor")
    entry = make_publication("A Report")
    download = PublicationDownload.objects.create(publication=entry, language="en", file=ContentFile(PDF, name="a.pdf"))
    history.record(entry, "save", by=user)
    only_in_history = download.file.name
    download.delete()
    now = PublicationDownload.objects.create(publication=entry, language="en", file=ContentFile(PDF, name="b.pdf"))
    image = make_image(size=(320, 200))
    image.make_renditions()
    batch = Batch.objects.create(source="s", file="a.csv", upload=ContentFile(b"Title\n", name="a.csv"))
    named = [now.file.name, image.file.name, *Image.objects.get().renditions, batch.upload.name]
    if not default_storage.exists(only_in_history):
        default_storage.save(only_in_history, ContentFile(PDF))
    for name in [*named, only_in_history]:
        age(name)

    assert len(named) > 5
    assert "0 files were deleted" in run("--delete")
    assert all(map(default_storage.exists, [*named, only_in_history]))


def test_what_was_stored_today_may_be_named_yet():
    name = leave("downloads/new.pdf", days=0)
    assert name not in run("--delete") and default_storage.exists(name)


def test_it_is_found_what_a_killed_import_leaves():
    """The pictures of its records are stored before their transaction ends."""
    name = leave("images/0123456789abcdef0123456789abcdef.png", make_drawing((60, 40), "PNG").read())
    assert name in run()
