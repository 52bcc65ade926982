"""The one list on every page that has one: rows, pages, years, counts, what it costs."""

import re

import pytest

from tests.factories import (
    make_author,
    make_event,
    make_publication,
    make_region,
    make_series,
    make_topic,
)
from tests.pages import count_text, rows, soup, titles, words

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8  # of which two read the topics, once after each change of anything public


def fill(n, **fields):
    return [make_publication(f"Number {i:03}", date=f"20{i % 20:02}-{i % 12 + 1:02}", **fields) for i in range(n)]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "query", [{}, {"from": "2003", "to": "2009-06"}, {"from": "2003", "undated": "1"}, {"kind": "publication"}]
)
def test_a_topic_page_costs_the_same_whatever_it_lists(client, django_assert_num_queries, language, query):
    topic = make_topic(parent=None)
    make_topic("Child", parent=topic)
    authors = [make_author(f"Author {n}") for n in range(3)]
    spent = []
    for batch in (12, 30):
        fill(batch, topics=[topic], authors=authors, regions=[make_region(f"Region {batch}")])
        make_publication(f"Undated {batch}", date="", topics=[topic])
        with django_assert_num_queries(MOST_QUERIES, exact=False) as queries:
            assert client.get(topic.get_absolute_url(language), query).status_code == 200
        spent.append(len(queries))
    # The page on which the dated end and the undated begin reads two stretches of the list.
    assert spent[0] == spent[1] or "undated" in query


def test_twenty_stand_on_a_page_and_the_pager_leads_through_all(client):
    topic = make_topic()
    fill(45, topics=[topic])
    seen = []
    url = topic.get_absolute_url()
    while url:
        page = client.get(url)
        seen += titles(page)
        link = soup(page).select_one("#activity a[rel=next]")
        url = link["href"] if link else None
    assert len(seen) == len(set(seen)) == 45
    assert len(titles(client.get(topic.get_absolute_url()))) == 20


def test_a_page_that_does_not_exist_is_a_404(client):
    topic = make_topic()
    fill(25, topics=[topic])
    path = topic.get_absolute_url()
    assert client.get(path, {"page": "2"}).status_code == 200
    for number in ("0", "3", "99999", "999999999999999999999", "-1", "x", "1.5", "", "²"):
        assert client.get(path, {"page": number}).status_code == 404, number


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_beyond_the_last_leads_on_by_year_and_to_the_first(client, language):
    topic = make_topic()
    fill(45, topics=[topic])
    path = topic.get_absolute_url(language)
    page = client.get(path, {"page": "4", "kind": "publication"})
    assert page.status_code == 404
    assert soup(page).select_one("main .ways a")["href"] == f"{path}?kind=publication"
    years = [link["href"] for link in soup(page).select("main .years a[href]")]
    assert years
    for url in years:
        found = client.get(url)
        assert titles(found) and soup(found).select_one("#filter-kind option[selected]")["value"] == "publication"


def test_a_page_beyond_the_last_of_an_empty_list_names_no_years(client):
    page = client.get(make_topic().get_absolute_url(), {"page": "2"})
    assert page.status_code == 404
    assert not soup(page).select("main .years")


def test_the_bars_of_the_years_count_what_their_links_find(client):
    topic = make_topic()
    fill(30, topics=[topic])
    make_publication("Undated", date="", topics=[topic])
    page = client.get(topic.get_absolute_url())
    bars = soup(page).select("#activity .years a[href]")
    assert len(bars) == 20
    for bar in bars:
        year, n = re.findall(r"\d+", words(bar))
        found = client.get(bar["href"])
        assert count_text(found) in (f"{n} entry", f"{n} entries")
        assert all(year in row.date for row in rows(found))


def test_the_bars_follow_the_kind(client):
    topic = make_topic()
    make_publication("P", date="2015", topics=[topic])
    make_event("E", topics=[topic])
    page = client.get(topic.get_absolute_url(), {"kind": "event"})
    assert [words(bar) for bar in soup(page).select("#activity .years a")] == ["2017 1"]


def test_lists_can_be_crossed(client):
    water, land = make_topic("Water"), make_topic("Land")
    mexico, author, series = make_region(), make_author(), make_series()
    make_publication("Both", topics=[water, land], regions=[mexico], authors=[author], series=series)
    make_publication("Only water", topics=[water])
    for word, owner in (("topic", land), ("region", mexico), ("author", author), ("series", series)):
        page = client.get(water.get_absolute_url(), {word: owner.slug_in("en")})
        assert titles(page) == ["Both"]
        assert count_text(page) == "1 entry"


def test_a_list_that_does_not_exist_is_explained_and_crosses_nothing(client):
    topic = make_topic()
    make_publication("Kept", topics=[topic])
    page = client.get(topic.get_absolute_url(), {"region": "atlantis", "kind": "nonsense"})
    assert page.status_code == 200
    assert titles(page) == ["Kept"]


def test_only_what_has_a_recording_can_be_asked_for(client):
    make_publication("Silent")
    make_event("Recorded", media=["audio"])
    page = client.get("/activity/", {"media": "1"})
    assert titles(page) == ["Recorded"]
    assert count_text(page) == "1 entry"


def test_the_language_filter_finds_what_can_be_read_in_it(client):
    make_publication("English only")
    make_publication("Both", title_es="Ambos", summary_es="En los dos.")
    make_publication("", title_es="Sólo español", summary_es="Uno.", source_language="es")
    assert set(titles(client.get("/activity/", {"language": "en"}))) == {"English only", "Both"}
    assert set(titles(client.get("/activity/", {"language": "es"}))) == {"Sólo español", "Both"}


def test_entries_of_one_day_never_shuffle_between_pages(client):
    make_topic()
    for n in range(25):
        make_publication(f"Same day {n}", date="2017-05-05")
    first, second = titles(client.get("/activity/")), titles(client.get("/activity/", {"page": "2"}))
    assert len(set(first) | set(second)) == 25


def test_a_parents_list_holds_its_childrens_entries_once(client):
    parent = make_topic("Parent")
    children = [make_topic(f"Child {n}", parent=parent) for n in (1, 2)]
    make_publication("Of both", topics=children)
    assert titles(client.get(parent.get_absolute_url())) == ["Of both"]


def test_the_events_page_lists_events_only(client):
    make_publication("No event")
    make_event("An event")
    assert titles(client.get("/events/")) == ["An event"]
    assert titles(client.get("/es/eventos/")) == ["An event"]
