"""Every real file beside the checkout is read: as many records as other parsers find, or it is said here why not."""

import json
import re

import pytest

from publications.models import Publication
from research_hub.importing.apply import Applied, Planning
from research_hub.importing.models import Batch, Row
from research_hub.importing.readers import READERS, reader_for
from research_hub.importing.readers.identity import folded
from research_hub.importing.records import Fault, Note, Record
from tests.factories import make_type, make_user

# What the other parsers' counts call records, by folder; and where ours is another number: how many records and
# refusals, and why.
COUNTED = {"RIS": "rispy", "NIST_RIS": "rispy", "bibtex": "bibtexparser1", "CSV": "rows", "calendars": "vevent"}
OTHERWISE = {
    "CSV/_baseline_embase.csv": (10, 0, "three of the 13 rows are what was searched for, a rule and the headers"),
    "CSV/_baseline_excel.csv": (10, 0, "likewise"),
    "calendars/broken_dtstart.ics": (0, 1, "the start is no date: an event without it would be another event"),
    "calendars/broken_ical.ics": (0, 1, "the line of its start cannot be taken apart: likewise"),
    "calendars/invalid_duration.ics": (0, 1, "nineteen billion years long: when it ends cannot be told"),
    "wordpress/wordpress_export_example.xml": (5, 1, "three of the 8 items are pictures: two go with their posts"),
    "wordpress/wordpress_qtranslate_item_modernized.xml": (1, 0, "a piece without its namespaces, read as it stands"),
    "wordpress/wordpress_qtranslate_item_raw_export.xml": (1, 0, "likewise"),
    "wordpress/wordpress_unicode_export.xml": (2, 0, "likewise"),
    "XLSX/_baseline_embase.xlsx": (10, 0, "no other parser counted workbooks"),
    "XLSX/_baseline_eppireviewer.xlsx": (10, 0, "likewise"),
}
# Of files without an entry there is one refusal that says so.
NO_ENTRY = 1

# The tools whose files hold the same eight articles.
TOOLS = [
    "covidence_endnote", "covidence_mendeley", "covidence_refworks", "covidence_zotero", "embase", "endnote",
    "eppireviewer", "mendeley", "rayyan", "refworks", "zotero",
]  # fmt: skip


def sorted_out(path):
    found = list(reader_for(path).read(path))
    records = [item for item in found if isinstance(item, Record)]
    refused = [item for item in found if isinstance(item, Fault) and not isinstance(item, Note)]
    return records, refused


def expected(shared_data):
    for line in (shared_data / "EXPECTED.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, _bytes, result = line.split("\t")
        if name.startswith("import/"):
            yield shared_data / name, json.loads(result)


def test_as_many_records_are_found_as_other_parsers_find_or_the_difference_is_explained(shared_data):
    wrong, seen = [], set()
    told = dict(expected(shared_data))
    for path in sorted((shared_data / "import").rglob("*.*")):
        if path.suffix == ".md":
            continue
        name = f"{path.parent.name}/{path.name}"
        seen.add(name)
        found = tuple(map(len, sorted_out(path)))
        count = told.get(path, {}).get(COUNTED.get(path.parent.name), 0)
        if found != OTHERWISE.get(name, (count, 0 if count else NO_ENTRY))[:2]:
            wrong.append((name, found, count))
    assert wrong == []
    assert set(OTHERWISE) <= seen and len(seen) == 223


# One event with two starts, of which another parser takes none: we take the first, and tell of the second.
WITH_TWO_STARTS = {"america_new_york_forward_reference.ics": 1, "pacific_fiji.ics": 1}


def test_each_event_that_another_parser_finds_a_start_in_has_one(shared_data):
    wrong = []
    for path, told in expected(shared_data):
        if path.parent.name == "calendars" and not told.get("errors") and "with_start" in told:
            records, _refused = sorted_out(path)
            starts = sum(bool(record.starts) for record in records)
            if starts != WITH_TWO_STARTS.get(path.name, told["with_start"]):
                wrong.append((path.name, starts, told["with_start"]))
    assert wrong == []


def test_whatever_is_refused_has_a_reason_and_its_place(shared_data):
    for path in sorted((shared_data / "import").rglob("*.ics")):
        for fault in sorted_out(path)[1]:
            assert str(fault.why)
            assert fault.place.startswith("line ") or "no event" in fault.why


def key(record):
    """What is the same of an article in every tool: title, year, DOI, and the authors however they are punctuated."""
    names = tuple(re.sub(r"[\W_]", "", folded(person.name)) for person in record.people)
    return folded(record.title.get("en") or record.title[""]), record.date[:4], names, record.doi


def test_the_eight_articles_of_eleven_tools_are_the_same_eight_records(shared_data):
    found = {}
    for tool in TOOLS:
        records, refused = sorted_out(shared_data / f"import/references/RIS/_baseline_{tool}.ris")
        assert (len(records), refused) == (10, [])
        found[tool] = set(map(key, records))
    common = set.intersection(*found.values())
    assert len(common) == 8
    assert all(doi for _title, _year, _names, doi in common)
    assert {year for _title, year, _names, _doi in common} == {"2024"}


@pytest.mark.django_db
def test_the_eight_articles_of_eleven_tools_become_eight_entries(shared_data):
    make_type("report")
    editor, dois = make_user("administrator"), []
    for tool in TOOLS:
        path = shared_data / f"import/references/RIS/_baseline_{tool}.ris"
        batch = Batch.objects.create(source=tool, file=path.name, made_by=editor)
        records, _refused = sorted_out(path)
        Planning(batch, lambda records=records: iter(records)).run()
        Applied(batch, by=editor).run(lambda done, total: None)
        dois.append({record.doi for record in records})
        assert all(row.uid for row in batch.rows.all())  # taken in, or told which entry it is
    entries = Publication.objects.filter(doi__in=set.intersection(*dois))
    assert len(entries) == 8 and len({entry.title_en for entry in entries}) == 8


def test_the_same_articles_come_out_of_the_tables_of_the_tools(shared_data):
    records, _refused = sorted_out(shared_data / "import/references/RIS/_baseline_zotero.ris")
    dois = {record.doi for record in records}
    assert len(dois) == 10
    for name in ["CSV/_baseline_covidence.csv", "CSV/_baseline_embase.csv", "CSV/_baseline_excel.csv",
                 "CSV/_baseline_rayyan.csv", "CSV/_baseline_zotero.csv", "XLSX/_baseline_embase.xlsx"]:  # fmt: skip
        records, _refused = sorted_out(shared_data / "import/references" / name)
        assert len(dois & {record.doi for record in records}) >= 8, name


def test_every_line_of_the_corpus_is_a_record_or_is_refused(shared_data):
    for path in sorted((shared_data / "corpus").iterdir()):
        records, refused = sorted_out(path)
        if re.search("authors|topics", path.name):
            assert not records and {fault.why for fault in refused} == {
                "It has no title: a topic or an author, perhaps, but no entry."
            }
        else:
            assert refused == [] and len(records) == len({record.id for record in records})
            assert all(any(record.title.values()) for record in records)


def test_the_corpus_keeps_its_languages_dates_and_states(shared_data):
    records, _refused = sorted_out(shared_data / "corpus/programming_historian.jsonl")
    both = [record for record in records if record.title.keys() == record.summary.keys() == {"en", "es"}]
    assert len(both) == 46
    records, _refused = sorted_out(shared_data / "corpus/digitalgov_2019-2025.jsonl")
    assert sum(record.draft for record in records) == 7
    assert sum(record.kind == "event" and bool(record.starts and record.zone) for record in records) == 268


def test_files_are_read_the_same_twice(shared_data):
    for name in ["RIS/_baseline_googlescholar.ris", "bibtex/ofdn.bib", "CSV/_baseline_pubmed.csv"]:
        path = shared_data / "import/references" / name
        assert sorted_out(path) == sorted_out(path)


@pytest.mark.django_db
def test_every_real_file_can_be_planned(shared_data):
    make_type("report")
    editor = make_user("administrator")
    for path in sorted((shared_data / "import").rglob("*.*")):
        reader = reader_for(path)
        if reader is not None:
            batch = Batch.objects.create(source=path.name, file=path.name, made_by=editor)
            Planning(batch, lambda reader=reader, path=path: reader.read(path)).run()
            refused = batch.rows.filter(action=Row.Action.REFUSED)
            assert all(row.reason for row in refused)
    assert {reader.code for reader in READERS.values()} >= {"ris", "bibtex", "table", "icalendar", "wordpress"}
