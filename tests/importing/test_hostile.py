"""Files made to do harm: each is refused with a message, or does none, and none fills the memory."""

import gzip
import json
import resource
import subprocess
import sys
import zipfile
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from openpyxl import Workbook

from publications.models import Publication
from research_hub.importing.models import Batch
from research_hub.importing.records import Link, Name
from tests.importing.test_apply import editor, record, take_in

__all__ = ["editor"]
pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = """<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">{}]>
<rss><channel><item><title>&h;</title></item></channel></rss>"""
ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefg", "bcdefgh", strict=True)
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss><channel><item><title>Agua &x;</title></item></channel></rss>"
)


@pytest.fixture
def planned(editor, tmp_path):
    def plan(content, name):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_entries", "plan", path, source="x", by=editor.username, stdout=StringIO())
        return Batch.objects.latest("pk")

    return plan


def said(batch):
    return " ".join(f"{row.title} {row.reason} {row.remarks}" for row in batch.rows.all())


def test_entities_are_neither_unfolded_nor_fetched(planned):
    assert len(said(planned(LAUGHS.format(ENTITIES), "laughs.xml"))) < 10_000
    assert "root:" not in said(planned(OUTSIDE, "outside.xml"))


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        ("a.ris", "TY  - RPRT\nTI  - ", "\nER  - \n"),
        ("a.bib", "@book{a, title={", "}}\n"),
        ("a.csv", "title,authors\n", ",Ana\n"),
        ("a.jsonl", '{"kind": "publication", "title_en": "', '"}\n'),
        ("a.json", '[{"DOI": "10.1000/1", "title": "', '"}]'),
        ("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:", "\nEND:VEVENT\nEND:VCALENDAR\n"),
        ("a.xml", "<rss><channel><item><title>", "</title></item></channel></rss>"),
    ],
)
def test_a_field_without_end_is_refused_before_it_fills_the_memory(name, begin, end, tmp_path):
    """Packed, so that no limit of uploads stops it, and read by a process that may have no more memory than this."""
    path = tmp_path / f"{name}.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(begin.encode())
        for _megabyte in range(256):
            file.write(b"x" * MEGABYTE)
        file.write(end.encode())
    code = (
        "import sys, django; django.setup()\n"
        "from pathlib import Path\n"
        "from research_hub.importing.readers import reader_for\n"
        "from research_hub.importing.records import Record\n"
        "path = Path(sys.argv[1])\n"
        "found = list(reader_for(path).read(path))\n"
        "assert found and not any(isinstance(item, Record) for item in found), found\n"
        "print(found[-1].why)\n"
    )
    most = 500 * MEGABYTE

    def limit():
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True, text=True, preexec_fn=limit, cwd=settings.BASE_DIR, check=False,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip()


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(planned, tmp_path):
    path = tmp_path / "made.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/sharedStrings.xml", bytes(60_000_000))
    assert "too large once unpacked" in said(planned(path.read_bytes(), "bomb.xlsx"))


def workbook(path, rows):
    """One whose sheet has the rows of this XML."""
    book = Workbook()
    book.save(path)
    with zipfile.ZipFile(path) as parts:
        kept = {name: parts.read(name) for name in parts.namelist()}
    kept["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in kept.items():
            parts.writestr(name, content)
    return path.read_bytes()


def row_of(number, words, column="A"):
    return f'<row r="{number}"><c r="{column}{number}" t="inlineStr"><is><t>{words}</t></is></c></row>'


def test_a_workbook_that_numbers_a_row_by_the_billion_is_refused_and_not_counted_to(planned, tmp_path):
    rows = row_of(1, "title") + row_of(2_000_000_000, "Agua")
    assert "more rows than" in said(planned(workbook(tmp_path / "made.xlsx", rows), "long.xlsx"))


def test_what_no_database_can_hold_is_taken_out(planned, editor):
    line = {"id": "a\0b", "kind": "publication", "title_en": "Wat\0er", "url": "https://x.example/\0", "paths": ["/\0"],
            "date": "2017\0", "media": ["https://x.example/a\0.mp4"], "files": ["a\0.pdf"]}  # fmt: skip
    batch = planned(json.dumps(line).replace("Wat", "\\ud800Wat") + "\n", "nul.jsonl")
    assert "\0" not in json.dumps(list(batch.rows.values("source_id", "title", "record")), default=str).replace(
        "\\u0000", "\0"
    )
    call_command("import_entries", "apply", batch.pk, by=editor.username, stdout=StringIO(), stderr=StringIO())
    assert Publication.objects.get().title_en == "Water"


def test_more_than_a_column_holds_is_cut_or_left_out_and_does_not_stop_the_rest(editor):
    take_in(
        editor,
        record(
            "1", "Long", people=[Name("García, Ana", affiliation="x" * 500)], media=[Link("ftp://x"), Link("y" * 2000)]
        ),
        record("2", "Next"),
    )
    assert Publication.objects.count() == 2


def test_a_formula_is_text(planned):
    batch = planned('title,authors\n"=HYPERLINK(""http://x"")",Ana\n', "formula.csv")
    assert batch.rows.get().title.startswith("=HYPERLINK")


ENGLISH = ["line", "expected", "invalid", "parse", "Error", "tag", "mismatch", "delimiter", "could not", "content"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:nonsense\nSUMMARY:Agua\nEND:VEVENT\nEND:VCALENDAR\n", "a.ics"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART20240101\nSUMMARY:Agua\nEND:VEVENT\nEND:VCALENDAR\n", "b.ics"),
        ('{"kind": "publication", "title_es": "Agua"\n', "a.jsonl"),
        ('[{"DOI": "10.1000/1", "title": "Agua", ]', "a.json"),
        ("<rss><channel><item><title>Agua</item></channel></rss>", "a.xml"),
        ("@book{agua, title = {Agua}, year = \n@book{dos, title={Dos}}\n", "a.bib"),
        (gzip.compress(b"TY  - RPRT\nTI  - Agua\nER  - \n" * 5000)[:-40], "a.ris.gz"),
    ],
)
def test_why_a_file_cannot_be_read_is_said_in_the_readers_language(content, name, planned):
    with translation.override("es"):
        batch = planned(content, name)
    reasons = [row.reason for row in batch.rows.filter(action="refused")]
    assert reasons
    for reason in reasons:
        ours = reason.partition(": ")[0]
        assert not any(f" {word} " in f" {ours} " for word in ENGLISH), reason


@pytest.mark.parametrize(
    "days",
    [
        {"start": "9999-12-31", "end": "9999-12-31"},
        {"start": "9999-12-31T23:00:00-12:00"},
        {"start": "0001-01-01T00:00:00+14:00"},
        {"start": "2024-01-01", "end": "9999-12-31"},
    ],
)
def test_a_day_beyond_every_calendar_is_told_and_does_not_stop_the_rest(days, planned):
    lines = [{"id": "1", "kind": "event", "title_en": "Never"} | days, {"id": "2", "title_en": "Next"}]
    batch = planned("\n".join(map(json.dumps, lines)), "never.jsonl")
    assert batch.state == "planned" and batch.rows.get(number=2).action == "create"
    never = batch.rows.get(number=1)
    assert "Its date could not be understood: " in f"{never.remarks}"


def test_a_record_with_an_endless_name_is_known_again(planned, editor):
    line = json.dumps({"id": "x" * 3000, "kind": "publication", "title_en": "Water", "date": "2017"})
    call_command("import_entries", "apply", planned(line, "long.jsonl").pk, by=editor.username, stdout=StringIO())
    assert planned(line, "long.jsonl").rows.get().action == "same"
