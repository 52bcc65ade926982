"""docs/archive.md is what strangers read an archive by: it says of every file and field what is there, and no more."""

import json
from zipfile import ZipFile

import pytest

from research_hub.archive import format
from tests.archive.corpus import make_site, undone
from tests.archive.document import DOCUMENT, documented, tables
from tests.archive.test_round_trip import run


def test_the_document_has_the_fields_that_archives_have():
    assert documented() == tables(), "run: python -m tests.archive.document"


@pytest.mark.django_db
def test_an_archive_has_what_the_document_says(tmp_path):
    with undone():
        make_site()
        run("export_archive", tmp_path / "site.zip", "--with-passwords")
    with ZipFile(tmp_path / "site.zip") as archive:
        for section in documented().split("### `")[1:]:
            name, _, rest = section.partition("`")
            fields = {row.split("`")[1] for row in rest.splitlines() if row.startswith("| `")}
            for line in archive.read(name).splitlines():
                assert json.loads(line).keys() == fields | {"id"}, name


def test_the_document_says_what_is_left_out():
    text = DOCUMENT.read_text(encoding="utf-8")
    for label in [*format.DERIVED, *format.LEFT_OUT]:
        assert f"`{label}`" in text
    assert f'"version": {format.VERSION}' in text and format.NAME in text
