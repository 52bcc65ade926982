"""A list as a table: all of it, in the reader's language, and nothing that a spreadsheet would calculate."""

import csv
import io
from datetime import UTC, datetime

import pytest

from tests.factories import make_author, make_event, make_publication, make_topic
from tests.pages import titles

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6


@pytest.fixture
def topic():
    return make_topic()


def table(response) -> list[dict]:
    assert response.status_code == 200
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")  # by which Excel knows UTF-8
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_a_row_tells_what_the_list_shows(client, topic):
    author = make_author()
    entry = make_publication("Ríos", title_es="Ríos", topics=[topic], authors=[author], date="2017-02")
    make_event(
        "A week", starts_at=datetime(2016, 10, 4, tzinfo=UTC), hours=48, all_day=True, state="postponed",
        topics=[topic], media=["video", "audio"],
    )  # fmt: skip
    report, event = table(client.get("/topics/water/list.csv"))
    assert report == {
        "Date": "2017-02",
        "Last day": "",
        "Type": "Report",
        "Title": "Ríos",
        "Language": "en",
        "Authors": "Ana García",
        "Summary": "What Ríos says.",
        "Recordings": "",
        "State": "",
        "Address": "https://hub.example/publications/rios/",
        "Permanent address": f"https://hub.example/e/{entry.uid}/",
        "Last change": entry.updated_at.isoformat(timespec="seconds"),
    }
    assert (event["Date"], event["Last day"]) == ("2016-10-04", "2016-10-05")
    assert (event["Recordings"], event["State"]) == ("Video, Audio", "Postponed")


def test_the_table_is_in_the_language_of_its_page(client, topic):
    make_publication("Both", title_es="Ambos", summary_es="Los dos.", topics=[topic], date="2016")
    make_event("English only", topics=[topic], state="cancelled")
    event, report = table(client.get("/es/temas/agua/list.csv"))
    assert list(report)[:7] == ["Fecha", "Último día", "Tipo", "Título", "Idioma", "Autores", "Resumen"]
    assert (report["Título"], report["Tipo"], report["Idioma"]) == ("Ambos", "Informe", "es")
    assert (event["Título"], event["Estado"], event["Idioma"]) == ("English only", "Cancelado", "en")
    assert event["Dirección"] == "https://hub.example/es/eventos/english-only/"


@pytest.mark.parametrize(
    "query", [{}, {"from": "2010", "to": "2012"}, {"q": "number"}, {"from": "2010", "undated": "1"}]
)
def test_the_table_is_the_whole_list_in_the_order_of_its_pages(client, topic, query):
    for n in range(25):
        make_publication(f"Number {n}", date=f"20{n:02}", topics=[topic])
    make_publication("Undated number", date="", topics=[topic])
    shown = titles(client.get("/topics/water/", query))
    if len(shown) == 20:
        shown += titles(client.get("/topics/water/", query | {"page": "2"}))
    assert [row["Title"] for row in table(client.get("/topics/water/list.csv", query))] == shown


def test_an_empty_list_is_a_table_of_titles(client, topic):
    assert table(client.get("/topics/water/list.csv")) == []


def test_the_file_is_named_after_the_page_and_saved(client, topic):
    assert client.get("/es/temas/agua/list.csv")["Content-Disposition"] == 'attachment; filename="agua.csv"'
    assert client.get("/activity/list.csv")["Content-Disposition"] == 'attachment; filename="activity.csv"'


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "=HYPERLINK(0)\n"])
def test_no_cell_is_a_formula(client, topic, title):
    make_publication(title, topics=[topic], summary_en=title, slug_en="formula")
    (row,) = table(client.get("/topics/water/list.csv"))
    assert (row["Title"], row["Summary"]) == (f"'{title}", f"'{title}")


def test_quotes_commas_and_lines_stay_in_their_cell(client, topic):
    title = 'A "quoted", title; with more'
    make_publication(title, topics=[topic], summary_en="One line.\nAnother.")
    (row,) = table(client.get("/topics/water/list.csv"))
    assert (row["Title"], row["Summary"]) == (title, "One line.\nAnother.")


def test_a_table_is_read_in_pieces_and_up_to_a_bound(client, topic, monkeypatch, django_assert_num_queries):
    for n in range(9):
        make_publication(f"Number {n}", date=f"201{n}", topics=[topic])
    with django_assert_num_queries(MOST_QUERIES, exact=False) as queries:
        assert len(table(client.get("/topics/water/list.csv"))) == 9
    at_once = len(queries)
    monkeypatch.setattr("research_hub.activity.twins.table.MOST_AT_ONCE", 3)
    monkeypatch.setattr("research_hub.activity.twins.table.MOST_ROWS", 7)
    with django_assert_num_queries(at_once):  # three pieces instead of one, and the topics are known by now
        rows = table(client.get("/topics/water/list.csv"))
    assert [row["Title"] for row in rows] == [f"Number {n}" for n in range(8, 1, -1)]
