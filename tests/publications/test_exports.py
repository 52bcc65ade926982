"""A publication as a file for reference managers: read back by the libraries that read such files."""

import json

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import NameParts, SeparateCoAuthors, SplitNameParts
from django.test import Client
from django.utils import timezone

from publications.models import Authorship
from research_hub.editorial.versions import snapshot
from tests.factories import make_author, make_publication, make_series, make_topic, make_user
from tests.publications.test_publication_page import with_file
from tests.test_public_doors import WAYS, taken

pytestmark = pytest.mark.django_db

FILES = {
    "cite.ris": "application/x-research-info-systems; charset=utf-8",
    "cite.bib": "application/x-bibtex; charset=utf-8",
    "cite.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}
EVIL = 'A {title\r\nER  - \r\nTY  - BOOK\n}\n@book{x, title = "50% of $1 & #2_^~\\'


def fetch(client, publication, file, language="en"):
    return client.get(f"{publication.get_absolute_url(language)}{file}")


def read_ris(client, publication, language="en") -> dict:
    (entry,) = rispy.loads(fetch(client, publication, "cite.ris", language).content.decode())
    return entry


def read_bibtex(client, publication, language="en"):
    text = fetch(client, publication, "cite.bib", language).content.decode()
    library = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    assert library.failed_blocks == []
    (entry,) = library.entries
    return entry


def fields(entry) -> dict:
    return {field.key: field.value for field in entry.fields}


def read_csl(client, publication, language="en") -> dict:
    (item,) = json.loads(fetch(client, publication, "cite.json", language).content)
    return item


@pytest.fixture
def report():
    authors = [make_author("Ana García"), make_author("Water and Land Council", kind="organisation")]
    publication = make_publication(
        "The Rivers We Share",
        subtitle_en="A count",
        title_es="Los ríos que compartimos",
        summary_es="Lo que dice.",
        type="policy-brief",
        date="2017-02",
        authors=authors,
        series=make_series("Field Notes"),
        number="3",
        doi="10.5555/hub.3",
        isbn="978-0-306-40615-7",
    )
    Authorship.objects.create(publication=publication, author=make_author("Zoe Ward"), role="editor", position=5)
    Authorship.objects.create(publication=publication, author=make_author("Abel Ruiz"), role="translator", position=6)
    return publication


def test_ris_says_all_of_it(client, report):
    file = with_file(report)
    assert read_ris(client, report) == {
        "type_of_reference": "RPRT",
        "id": "garcia2017rivers",
        "authors": ["García, Ana", "Water and Land Council"],
        "unknown_tag": {"ED": ["Ward, Zoe"]},  # to rispy; to Zotero and others the editor
        "subsidiary_authors": ["Ruiz, Abel"],
        "title": "The Rivers We Share: A count",
        "secondary_title": "Field Notes",
        "issn": "3",  # as rispy calls SN, which is the number of a report
        "notes": ["ISBN 978-0-306-40615-7"],
        "type_of_work": "Policy Brief",
        "publisher": "Research Hub",
        "year": "2017",
        "date": "2017/02//",
        "language": "en",
        "doi": "10.5555/hub.3",
        "urls": ["https://hub.example/publications/the-rivers-we-share/"],
        "file_attachments1": f"https://hub.example/files/{report.uid}/{file.pk}/the-rivers-we-share-en.pdf",
        "abstract": "What The Rivers We Share says.",
    }


def test_ris_begins_with_its_type_and_every_line_ends_as_the_format_asks(client, report):
    lines = fetch(client, report, "cite.ris").content.decode().split("\r\n")
    assert (lines[0], lines[-2:]) == ("TY  - RPRT", ["ER  - ", ""])
    assert not any("\n" in line or "\r" in line for line in lines)


def test_bibtex_says_all_of_it(client, report):
    entry = read_bibtex(client, report)
    assert (entry.entry_type, entry.key) == ("techreport", "garcia2017rivers")
    assert fields(entry) == {
        "title": "{The Rivers We Share: A count}",
        "author": [NameParts(["Ana"], [], ["García"], []), NameParts([], [], ["{Water and Land Council}"], [])],
        "editor": [NameParts(["Zoe"], [], ["Ward"], [])],
        "translator": [NameParts(["Abel"], [], ["Ruiz"], [])],
        "year": "2017",
        "month": "feb",
        "type": "Policy Brief",
        "series": "{Field Notes}",
        "number": "3",
        "institution": "Research Hub",
        "doi": "10.5555/hub.3",
        "isbn": "978-0-306-40615-7",
        "url": "https://hub.example/publications/the-rivers-we-share/",
        "langid": "english",
        "abstract": "What The Rivers We Share says.",
    }


def test_csl_json_says_all_of_it(client, report):
    assert read_csl(client, report) == {
        "id": "garcia2017rivers",
        "type": "report",
        "title": "The Rivers We Share: A count",
        "author": [{"family": "García", "given": "Ana"}, {"literal": "Water and Land Council"}],
        "editor": [{"family": "Ward", "given": "Zoe"}],
        "translator": [{"family": "Ruiz", "given": "Abel"}],
        "issued": {"date-parts": [[2017, 2]]},
        "genre": "Policy Brief",
        "collection-title": "Field Notes",
        "collection-number": "3",
        "publisher": "Research Hub",
        "DOI": "10.5555/hub.3",
        "ISBN": "978-0-306-40615-7",
        "URL": "https://hub.example/publications/the-rivers-we-share/",
        "language": "en",
        "abstract": "What The Rivers We Share says.",
    }


def test_each_language_has_files_of_its_own(client, report):
    url, title = "https://hub.example/es/publicaciones/los-rios-que-compartimos/", "Los ríos que compartimos"
    ris, bibtex, csl = (read(client, report, "es") for read in (read_ris, read_bibtex, read_csl))
    assert (ris["title"], ris["urls"], ris["language"], ris["type_of_work"]) == (title, [url], "es", "Nota de política")
    told = fields(bibtex)
    assert (told["title"], told["url"], told["langid"]) == (f"{{{title}}}", url, "spanish")
    assert (csl["title"], csl["URL"], csl["abstract"]) == (title, url, "Lo que dice.")


@pytest.mark.parametrize(
    ("iso", "ris", "bibtex"),
    [
        ("2017-08-31", ("2017", "2017/08/31/"), ("2017", "aug", "31")),
        ("2017-02", ("2017", "2017/02//"), ("2017", "feb", None)),
        ("2017", ("2017", "2017///"), ("2017", None, None)),
        ("", (None, None), (None, None, None)),
    ],
)
def test_a_date_is_no_more_precise_than_it_is_known(client, iso, ris, bibtex):
    publication = make_publication(date=iso)
    entry, told = read_ris(client, publication), fields(read_bibtex(client, publication))
    assert (entry.get("year"), entry.get("date")) == ris
    assert (told.get("year"), told.get("month"), told.get("day")) == bibtex


@pytest.mark.parametrize(
    ("type", "ris", "bibtex", "institute"),
    [
        ("report", {"type_of_reference": "RPRT", "publisher": "Research Hub"}, "techreport", "institution"),
        ("book", {"type_of_reference": "BOOK", "publisher": "Research Hub"}, "book", "publisher"),
        ("article", {"type_of_reference": "MGZN", "secondary_title": "Research Hub"}, "article", "journal"),
        ("commentary", {"type_of_reference": "BLOG", "secondary_title": "Research Hub"}, "misc", "howpublished"),
    ],
)
def test_each_sort_of_work_names_the_institute_where_its_format_does(client, type, ris, bibtex, institute):
    publication = make_publication(type=type)
    told, entry = read_ris(client, publication), read_bibtex(client, publication)
    names = ("type_of_reference", "publisher", "secondary_title")
    assert {name: told[name] for name in names if name in told} == ris
    assert (entry.entry_type, fields(entry)[institute]) == (bibtex, "Research Hub")


def test_the_number_and_the_isbn_of_a_book_have_tags_of_their_own(client):
    publication = make_publication(type="book", series=make_series(), number="3", isbn="978-0-306-40615-7")
    lines = fetch(client, publication, "cite.ris").content.decode().split("\r\n")
    assert {"T2  - Field Notes", "M1  - 3", "SN  - 978-0-306-40615-7"} <= set(lines)


def test_the_series_of_an_article_stands_beside_what_it_is_part_of(client):
    told = read_ris(client, make_publication(type="article", series=make_series()))
    assert (told["secondary_title"], told["tertiary_title"]) == ("Research Hub", "Field Notes")


def test_bibtex_keeps_the_parts_of_a_name_together(client):
    names = [("King, Martin Luther, Jr.", "k"), ("de la Cruz, Juan", "c"), ("Sand and Stone, Mia", "s")]
    publication = make_publication(authors=[make_author(name, sort_name=sort) for sort, name in names])
    king, cruz, sand = fields(read_bibtex(client, publication))["author"]
    assert (king.first, king.last, king.jr) == (["Martin", "Luther"], ["King"], ["Jr."])
    assert (cruz.first, cruz.von, cruz.last) == (["Juan"], ["de", "la"], ["Cruz"])
    assert (sand.first, sand.last) == (["Mia"], ["{Sand and Stone}"])


def test_no_text_of_a_publication_becomes_a_field_or_an_entry(client):
    publication = make_publication(
        EVIL, summary_en=EVIL, subtitle_en=EVIL, authors=[make_author(EVIL)], series=make_series(EVIL), number="{3"
    )
    one_line = " ".join(EVIL.split())
    assert read_ris(client, publication)["title"] == f"{one_line}: {one_line}"
    assert read_csl(client, publication)["title"] == f"{one_line}: {one_line}"
    text = fetch(client, publication, "cite.bib").content.decode()
    assert text.count("{") == text.count("}")
    assert sum(line.lstrip().startswith("@") for line in text.splitlines()) == 1
    latex = (
        r'A \textbraceleft{}title ER - TY - BOOK \textbraceright{} @book\textbraceleft{}x, title = "50\% of \$1 \& '
        r"\#2\_\textasciicircum{}\textasciitilde{}\textbackslash{}"
    )
    assert fields(read_bibtex(client, publication))["title"] == f"{{{latex}: {latex}}}"


def test_an_address_keeps_what_latex_would_change_but_braces(client):
    publication = make_publication(doi=r"10.1002/a_b%c{d}\e")
    assert fields(read_bibtex(client, publication))["doi"] == "10.1002/a_b%c%7Bd%7D%5Ce"


@pytest.mark.parametrize(("file", "content_type"), FILES.items())
def test_a_file_is_taken_home_under_the_name_of_what_it_cites(client, report, file, content_type):
    response = fetch(client, report, file)
    assert response["Content-Type"] == content_type
    extension = file.partition(".")[2]
    assert response["Content-Disposition"] == f'attachment; filename="garcia2017rivers.{extension}"'
    assert (response["X-Content-Type-Options"], response["X-Robots-Tag"]) == ("nosniff", "noindex")


def test_the_page_leads_to_its_files(client, report):
    for language in ("en", "es"):
        page = client.get(report.get_absolute_url(language)).content.decode()
        for file in FILES:
            assert f'href="{report.get_absolute_url(language)}{file}"' in page


@pytest.mark.parametrize("file", FILES)
def test_a_file_takes_few_queries_and_none_for_each_author(client, report, file, django_assert_num_queries):
    for number in range(9):
        Authorship.objects.create(publication=report, author=make_author(f"Person {number}"), position=number)
    with django_assert_num_queries(4):  # the version of the site, the publication, its people, its files
        fetch(client, report, file)


@pytest.mark.parametrize("file", FILES)
def test_an_unchanged_file_costs_one_query_and_a_changed_one_is_sent(client, report, file, django_assert_num_queries):
    address, first = f"{report.get_absolute_url()}{file}", fetch(client, report, file)
    unchanged = {"If-None-Match": first["ETag"]}
    with django_assert_num_queries(1):
        assert client.get(address, headers=unchanged).status_code == 304
    with django_assert_num_queries(1):
        kept = client.get(address)
    assert (kept.content, kept["Content-Type"]) == (first.content, FILES[file])
    report.title_en = "The Lakes We Share"
    report.save()
    report.publish(by=make_user())
    changed = client.get(address, headers=unchanged)
    assert changed.status_code == 200
    assert "The Lakes We Share" in changed.content.decode()


@pytest.mark.parametrize("file", FILES)
def test_a_file_answers_only_what_it_is_for(report, file):
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.head(f"{report.get_absolute_url()}{file}").status_code == 200
    assert visitor.post(f"{report.get_absolute_url()}{file}", {"q": "x"}).status_code == 405


@pytest.mark.parametrize("file", FILES)
def test_an_address_that_was_or_is_the_other_languages_leads_to_the_file(client, report, file):
    response = client.get(f"/publications/los-rios-que-compartimos/{file}")
    assert (response.status_code, response["Location"]) == (301, f"/publications/the-rivers-we-share/{file}")
    report.slug_es = "rios"
    report.save()
    response = client.get(f"/es/publicaciones/los-rios-que-compartimos/{file}", {"x": "1"})
    assert (response.status_code, response["Location"]) == (301, f"/es/publicaciones/rios/{file}?x=1")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("file", FILES)
def test_what_is_not_public_has_no_file_to_cite_it(client, file, language):
    never = client.get(f"/publications/never-was/{file}")
    assert never.status_code == 404
    for state, steps in WAYS.items():
        words = {"title_es": f"Xyzzy {state}", "summary_es": "xyzzy", "summary_en": "xyzzy"}
        topics = [make_topic(f"Topic {state}")]
        authors = [make_author(f"Plugh {state}")]
        draft = make_publication(f"Xyzzy {state}", published=False, topics=topics, authors=authors, **words)
        entry = taken(draft, steps)
        response = fetch(client, entry, file, language)
        assert response.status_code == (410 if state == "withdrawn" else 404)
        assert "xyzzy" not in response.content.decode().lower().replace(entry.slug_in(language), "")
        assert "plugh" not in response.content.decode().lower()


def test_a_file_cites_what_is_public_and_not_its_working_copy(client, report):
    written = snapshot(report)
    written["fields"] |= {"title_en": "Xyzzy", "slug_en": "xyzzy"}
    report.work_on(written, by=make_user("editor"))
    assert client.get("/publications/xyzzy/cite.json").status_code == 404
    assert read_csl(client, report)["title"] == "The Rivers We Share: A count"


def test_a_file_under_embargo_is_not_named(client, report):
    file = with_file(report)
    file.embargo_until = timezone.now() + timezone.timedelta(days=1)
    file.save()
    assert "file_attachments1" not in read_ris(client, report)
