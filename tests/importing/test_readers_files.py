"""What every reader owes: the right one is found, no file stops it, letters come out right, memory stays flat."""

import codecs
import gzip
import io
import json
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from research_hub.importing.readers import READERS, reader_for, unreadable
from research_hub.importing.records import Fault, Note, Record

RIS = "TY  - RPRT\nTI  - El precio del agua\nPY  - 2017\nER  - \n"
SAMPLES = {
    "ris": RIS,
    "bibtex": "@techreport{agua, title={El precio del agua}, year={2017}}\n",
    "csl": '[{"id": "1", "title": "El precio del agua", "issued": {"date-parts": [[2017]]}}]',
    "lines": '{"id": "1", "kind": "publication", "title_en": "", "title_es": "El precio del agua"}\n',
    "icalendar": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:El precio del agua\nEND:VEVENT\nEND:VCALENDAR\n",
    "wordpress": "<rss><channel><item><title>El precio del agua</title></item></channel></rss>",
    "table": "Título,Autores\nEl precio del agua,Ana García\n",
    "drupal": "nid,title,langcode\n1,El precio del agua,es\n",
}


@pytest.fixture
def file(tmp_path):
    def make(content, name="upload.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def read(path):
    return list(reader_for(path).read(path))


def workbook(*rows):
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


# Which reader


@pytest.mark.parametrize(("code", "content"), SAMPLES.items())
def test_a_format_is_told_by_what_stands_in_the_file_whatever_its_name(code, content, file):
    path = file(content)
    assert reader_for(path) is READERS[code]
    [record] = read(path)
    assert list(record.title.values()) == ["El precio del agua"]


@pytest.mark.parametrize(
    "content",
    [
        '{"jsonapi": {}, "data": [{"type": "node--page", "attributes": {"title": "Agua"}}]}',
        '[{"nid": [{"value": 1}], "title": [{"value": "Agua"}]}]',
    ],
)
def test_the_json_of_drupal_is_not_taken_for_references(content, file):
    assert reader_for(file(content, "export.json")).code == "drupal"


def test_crossref_has_the_reader_of_csl(file):
    assert reader_for(file('{"status": "ok", "message": {"DOI": "10.1000/1", "title": ["Agua"]}}')).code == "csl"


def test_a_workbook_is_a_table(file):
    path = file(workbook(["Title"], ["Water"]), "list")
    assert reader_for(path).code == "table"
    assert read(path)[0].title == {"": "Water"}


def test_a_packed_file_is_read_as_what_is_in_it(file):
    path = file(gzip.compress(RIS.encode()), "old.ris.gz")
    assert reader_for(path).code == "ris"
    assert read(path)[0].date == "2017"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "This file is empty."),
        (codecs.BOM_UTF8 + b" \n", "This file is empty."),
        (b"\x1f\x8b damaged", "This packed file is damaged."),
        (b"Dear all,\nplease find attached\n", "The format of this file was not recognised."),
        (b"%PDF-1.7 \x00\x01", "The format of this file was not recognised."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "This is a workbook in the old format of Excel."),
    ],
)
def test_a_file_of_no_known_format_is_refused_with_a_reason(content, why, file):
    path = file(content)
    assert reader_for(path) is None
    assert str(unreadable(path).why).startswith(why)


def test_an_archive_that_is_no_workbook_is_refused(file):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("old.ris", RIS)
    path = file(kept.getvalue(), "old.zip")
    assert reader_for(path) is None
    assert "no workbook" in unreadable(path).why


def test_a_name_decides_where_the_contents_do_not(file):
    [fault] = read(file("Record #3 of 18\n", "cochrane.ris"))
    assert isinstance(fault, Fault) and "TY  -" in fault.why


def test_a_plan_for_a_spanish_reader_tells_places_in_spanish_and_keeps_the_names_of_records(file):
    path = file("TY  - RPRT\nPY  - 2017\nER  - \n")
    [english] = read(path)
    with translation.override("es"):
        [spanish] = read(path)
    assert english.id == spanish.id


# Letters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("code", ["ris", "bibtex", "csl", "lines", "icalendar", "table", "drupal", "wordpress"])
def test_any_unicode_and_any_ends_of_lines_are_read(code, encoding, end, file):
    found = read(file(SAMPLES[code].replace("agua", "caña").replace("\n", end).encode(encoding)))
    assert [type(item) for item in found] == [Record]
    assert list(found[0].title.values()) == ["El precio del caña"]


@pytest.mark.parametrize("code", ["ris", "bibtex", "csl", "lines", "icalendar", "table", "drupal", "wordpress"])
def test_letters_that_are_not_utf_8_are_read_as_windows_1252_and_said_to_be(code, file):
    note, record = read(file(SAMPLES[code].replace("agua", "“año”").encode("windows-1252")))
    assert isinstance(note, Note) and "Windows-1252" in note.why
    assert list(record.title.values()) == ["El precio del “año”"]


def test_one_wrong_letter_does_not_spoil_the_right_ones(file):
    note, first, second = read(
        file(RIS.replace("agua", "año").encode() + RIS.replace("agua", "maíz").encode("latin-1"))
    )
    assert note.place == "line 6"
    assert (first.title[""], second.title[""]) == ("El precio del año", "El precio del maíz")


def test_what_cannot_be_stored_is_left_out(file):
    [record] = read(file('{"kind": "publication", "title_en": "Wa\\u0000ter\\ud800 \\u0007now", "title_es": ""}'))
    assert record.title == {"en": "Water now"}


def test_markup_in_a_title_is_taken_off_and_characters_are_characters(file):
    titles = {
        "<i>H. sapiens</i> in CO<sub>2</sub>": "H. sapiens in CO2",
        "Trade &amp;amp; law &#8211; now": "Trade & law – now",
        "&lt;i&gt;Agua&lt;/i&gt;": "Agua",
        "When p < 0.05 and q > 0.01": "When p < 0.05 and q > 0.01",
        "Why the <b> tag is dead": "Why the <b> tag is dead",
        "One<br/>two": "One two",
        "Co\u0301mo": "Cómo",
    }
    lines = [json.dumps({"id": str(n), "kind": "publication", "title_en": t}) for n, t in enumerate(titles)]
    assert [record.title["en"] for record in read(file("\n".join(lines)))] == list(titles.values())


# No file stops a reader


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
@pytest.mark.parametrize("code", sorted(READERS))
def test_arbitrary_bytes_are_at_worst_faults(code, data, tmp_path):
    path = tmp_path / "bytes"
    path.write_bytes(data)
    assert all(isinstance(item, Record | Fault) for item in READERS[code].read(path))
    if reader_for(path) is None:
        assert unreadable(path).why


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 400), piece=st.binary(max_size=12), cut=st.integers(0, 40))
@pytest.mark.parametrize("code", sorted(SAMPLES))
def test_a_file_that_was_damaged_is_at_worst_faults(code, at, piece, cut, tmp_path):
    whole = (SAMPLES[code] * 3).encode()
    path = tmp_path / "damaged"
    path.write_bytes(whole[:at] + piece + whole[at + cut :])
    for reader in READERS[code], reader_for(path):
        if reader:
            assert all(isinstance(item, Record | Fault) for item in reader.read(path))


@pytest.mark.parametrize("code", sorted(READERS))
def test_a_folder_or_nothing_at_all_is_a_fault(code, tmp_path):
    for path in tmp_path, tmp_path / "missing":
        [fault] = READERS[code].read(path)
        assert isinstance(fault, Fault) and not isinstance(fault, Note)


@pytest.mark.parametrize("content", ["[" * 200_000, '{"a":' * 200_000, '[{"title": ' + "[" * 200_000])
@pytest.mark.parametrize("code", ["csl", "lines", "drupal"])
def test_brackets_without_end_are_a_fault(code, content, file):
    [fault] = READERS[code].read(file(content))
    assert isinstance(fault, Fault)


def test_a_packed_file_that_was_cut_gives_what_it_had(file):
    lines = "".join(
        json.dumps({"id": str(n), "kind": "publication", "title_en": f"{n * 7919}"}) + "\n" for n in range(20_000)
    )
    packed = gzip.compress(lines.encode())
    *records, fault = READERS["lines"].read(file(packed[: len(packed) // 2], "cut.jsonl.gz"))
    assert len(records) > 1_000 and fault.place.startswith("after line ")


@pytest.mark.parametrize("code", ["ris", "bibtex", "csl", "lines", "icalendar", "table", "drupal", "wordpress"])
def test_memory_does_not_grow_with_the_file(code, file):
    """Ten times as many records take no more than a small part more at their peak."""

    def peak(count):
        path = file(many(code, count))
        tracemalloc.start()
        assert sum(isinstance(item, Record) for item in READERS[code].read(path)) == count
        kept = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return kept

    peak(50)  # what is made once
    assert peak(3_000) < peak(600) + 2_000_000


def many(code, count):
    def numbered(n):
        words = f"El precio del agua {n}"
        return SAMPLES[code].replace("El precio del agua", words + " " + "x" * 500).replace("{agua", f"{{k{n}")

    if code == "csl":
        return "[" + ",".join(numbered(n)[1:-1] for n in range(count)) + "]"
    if code == "wordpress":
        before, item, after = SAMPLES[code].partition("<item><title>El precio del agua</title></item>")
        return before + "".join(f"<item><wp:post_id>{n}</wp:post_id>{item[6:]}" for n in range(count)) + after
    if code in ("table", "drupal"):
        header, _end, row = SAMPLES[code].partition("\n")
        return header + "\n" + "".join(row.replace("1,", f"{n},") for n in range(count))
    return "".join(numbered(n) for n in range(count))
