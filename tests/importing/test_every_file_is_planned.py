"""Every real file beside the checkout is planned by the command: what is no file of ours is refused in a sentence."""

from io import StringIO
from itertools import islice

import pytest
from django.core.management import CommandError, call_command

from research_hub.importing.models import Batch
from research_hub.importing.readers import READERS
from tests.importing.test_apply import editor

__all__ = ["editor"]
pytestmark = pytest.mark.django_db

MOST = 50  # records of a file; tests/bench/taking.py takes in the whole of a large one
NO_ENTRIES = {"digitalgov_authors.jsonl", "digitalgov_topics.jsonl", "programming_historian_topics.jsonl"}


@pytest.fixture
def beginnings(monkeypatch):
    """Readers that stop early."""
    for code, reader in READERS.items():
        monkeypatch.setitem(READERS, code, Beginning(reader))


class Beginning:
    def __init__(self, reader):
        self.reader, self.code, self.label, self.suffixes = reader, reader.code, reader.label, reader.suffixes

    def read(self, path):
        return islice(self.reader.read(path), MOST)


def files(folder):
    found = [*(folder / "import").rglob("*.*"), *(folder / "corpus").iterdir()]
    return sorted(path for path in found if path.is_file() and path.suffix != ".md")


def test_no_real_file_stops_the_command_and_every_record_has_its_line(shared_data, editor, beginnings):
    refused = []
    for path in files(shared_data):
        try:
            call_command("import_entries", "plan", path, source=path.stem[:100], by=editor.username, stdout=StringIO())
        except CommandError as error:
            refused.append(f"{path.name}: {error}")
            continue
        batch = Batch.objects.latest("pk")
        lines = list(batch.rows.values_list("action", "reason", "record"))
        assert batch.state == Batch.State.PLANNED and lines, path
        assert all(reason for action, reason, _record in lines if action in ("refused", "note", "part")), path
        is_entries = path.name not in NO_ENTRIES and path.parent.name != "calendars"
        assert not is_entries or any(record for _action, _reason, record in lines), path
    assert refused == []
