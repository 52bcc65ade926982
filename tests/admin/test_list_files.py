"""A list of entries in the admin leaves as a file: what is seen there, with all its pages, in the reader's language."""

import csv
from io import StringIO

import pytest

from research_hub.editorial import list_files
from tests.factories import make_author, make_event, make_publication, make_region, make_series, make_topic, make_user

pytestmark = pytest.mark.django_db

PUBLICATIONS, EVENTS = "/admin/publications/publication/", "/admin/events/event/"


def file_at(client, address: str, query: str = "") -> str:
    response = client.get(f"{address}{query}")
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content).decode("utf-8-sig")


def table_at(client, address: str, query: str = "") -> list[dict]:
    return list(csv.DictReader(StringIO(file_at(client, address, query))))


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))
    return client


def test_a_table_has_what_the_list_shows_drafts_included(editor, monkeypatch):
    monkeypatch.setattr(list_files, "AT_ONCE", 2)
    water = make_topic()
    make_publication(
        "Rivers", topics=[water], regions=[make_region()], authors=[make_author(), make_author("Luis Paz")],
        series=make_series(), number="3", doi="10.5555/1", date="2017-02",
    )  # fmt: skip
    make_publication("A draft", topics=[water], published=False, date="2019")
    make_publication("Elsewhere", date="2018")
    assert [row["Title"] for row in table_at(editor, f"{PUBLICATIONS}list.csv")] == ["A draft", "Elsewhere", "Rivers"]
    draft, rivers = table_at(editor, f"{PUBLICATIONS}list.csv", f"?topics__id__exact={water.pk}")
    assert (draft["State"], draft["Address"]) == ("Draft", "")
    assert (rivers["Topics and places"], rivers["People"]) == ("Water; Mexico", "Ana García; Luis Paz")
    assert (rivers["Date"], rivers["Series"], rivers["Number in the series"]) == ("2017-02", "Field Notes", "3")
    assert rivers["Address"] == "https://hub.example/publications/rivers/"
    assert [row["Title"] for row in table_at(editor, f"{PUBLICATIONS}list.csv", "?q=rivers")] == ["Rivers"]


def test_the_page_leads_there_with_its_filter(editor):
    make_publication("Rivers")
    page = editor.get(f"{PUBLICATIONS}?q=rivers&source_language__exact=en").content.decode()
    for form, label in {"csv": "CSV", "ris": "RIS", "bib": "BibTeX"}.items():
        address = f"{PUBLICATIONS}list.{form}?q=rivers&amp;source_language__exact=en"
        assert f'<a href="{address}" download>Download as {label}</a>' in page
    assert "list.ris" not in editor.get(EVENTS).content.decode()
    assert editor.get(f"{EVENTS}list.ris").status_code == 404
    assert editor.get(f"{PUBLICATIONS}list.csv?unknown=1").status_code == 302


def test_events_have_their_own_columns(editor):
    make_event("A seminar", city="Lima", time_zone="America/Lima", speakers=[make_author()])
    (row,) = table_at(editor, f"{EVENTS}list.csv")
    assert (row["Title"], row["City"], row["People"]) == ("A seminar", "Lima", "Ana García")
    assert (row["Starts"], row["Format"]) == ("2017-08-31T13:00-05:00", "In person")


def test_in_spanish_it_speaks_spanish(editor):
    make_publication("Rivers", title_es="Ríos")
    make_publication("Only English", published=False)
    rows = table_at(editor, f"/es{PUBLICATIONS}list.csv")
    assert [row["Título"] for row in rows] == ["Only English", "Ríos"]
    assert {row["Estado"] for row in rows} == {"Publicado", "Borrador"} and rows[0]["Tipo"] == "Informe"
    assert "Ríos" in file_at(editor, f"/es{PUBLICATIONS}list.ris")


def test_no_spreadsheet_calculates_it(editor):
    make_publication("=HYPERLINK(1)", doi="10.5555/1")
    (row,) = table_at(editor, f"{PUBLICATIONS}list.csv")
    assert row["Title"] == "'=HYPERLINK(1)"


def test_references_are_each_their_own(editor):
    author = make_author("Ana Paz")
    make_publication("Rivers, again", authors=[author])
    make_publication("Rivers", authors=[author], published=False)
    ris = file_at(editor, f"{PUBLICATIONS}list.ris")
    assert ris.count("TY  - ") == ris.count("ER  - ") == 2 and ris.startswith("TY  - RPRT\r\n")
    assert ris.count("UR  - ") == 1 and "ID  - paz2017rivers-2" in ris
    bibtex = file_at(editor, f"{PUBLICATIONS}list.bib")
    assert bibtex.count("@techreport{paz2017rivers,") == bibtex.count("@techreport{paz2017rivers-2,") == 1


def test_many_cost_no_more_queries_than_few(editor, django_assert_max_num_queries):
    for number in range(12):
        make_publication(f"Report {number}", topics=[make_topic(f"T{number}")], authors=[make_author(f"A B{number}")])
    for form in ("csv", "ris"):
        with django_assert_max_num_queries(20):
            file_at(editor, f"{PUBLICATIONS}list.{form}")


def test_only_who_may_see_the_list_gets_it(client):
    make_publication("Rivers")
    assert client.get(f"{PUBLICATIONS}list.csv").status_code == 302
    client.force_login(make_user(""))
    assert client.get(f"{PUBLICATIONS}list.csv").status_code == 403
    assert client.get(f"{PUBLICATIONS}list.bib").status_code == 403
