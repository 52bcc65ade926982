"""The way to a page, from home: people and machines read the same, in the language of the page."""

import json

import pytest

from research_hub.editorial.preview import preview
from tests.factories import (
    make_author,
    make_event,
    make_publication,
    make_region,
    make_series,
    make_topic,
    make_user,
)
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def trail(client, path) -> list[tuple[str, str]]:
    """The names and addresses that are shown, of which the last is no link; machines are told the same."""
    page = soup(client.get(path))
    shown = [(words(step), (step.a or {}).get("href", "")) for step in page.select("#trail li")]
    (told,) = [
        thing
        for script in page.select("head script[type='application/ld+json']")
        for thing in json.loads(script.string)["@graph"]
        if thing["@type"] == "BreadcrumbList"
    ]
    items = told["itemListElement"]
    assert [item["position"] for item in items] == list(range(1, len(shown) + 1))
    assert [item["name"] for item in items] == [name for name, _url in shown]
    urls = [item["item"].removeprefix("https://hub.example") for item in items]
    assert urls[:-1] == [url for _name, url in shown][:-1]
    assert all(client.get(url).status_code == 200 for url in urls)
    assert client.get(urls[-1]).status_code == 200
    (current,) = page.select("#trail [aria-current]")
    assert words(current) == shown[-1][0] and current.name == "span"
    return shown


def test_a_publication_stands_below_its_type(client):
    entry = make_publication("Rivers", title_es="Ríos", summary_es="x", topics=[make_topic()])
    assert trail(client, entry.get_absolute_url("en")) == [
        ("Home", "/"),
        ("Publications", "/publications/"),
        ("Reports", "/publications/?type=report"),
        ("Rivers", ""),
    ]
    assert [name for name, _url in trail(client, entry.get_absolute_url("es"))] == [
        "Inicio", "Publicaciones", "Informes", "Ríos",
    ]  # fmt: skip


def test_an_event_stands_below_the_events_and_a_list_below_home(client):
    event = make_event("Seminar")
    assert trail(client, event.get_absolute_url()) == [("Home", "/"), ("Events", "/events/"), ("Seminar", "")]
    assert trail(client, "/es/eventos/") == [("Inicio", "/es/"), ("Eventos", "")]


def test_a_topic_and_a_place_stand_below_what_they_are_part_of(client):
    topic = make_topic(parent=make_topic("Environment", "Medio ambiente"))
    region = make_region(parent=make_region("America", "América"))
    assert trail(client, topic.get_absolute_url("es")) == [
        ("Inicio", "/es/"),
        ("Temas", "/es/temas/"),
        ("Medio ambiente", "/es/temas/medio-ambiente/"),
        ("Agua", ""),
    ]
    assert [name for name, _url in trail(client, region.get_absolute_url())] == ["Home", "Places", "America", "Mexico"]


def test_authors_and_series_stand_below_their_lists(client):
    assert trail(client, make_author().get_absolute_url("es"))[1:] == [("Autores", "/es/autores/"), ("Ana García", "")]
    assert trail(client, make_series().get_absolute_url("es"))[1:] == [("Series", "/es/series/"), ("Field Notes", "")]


def test_a_type_stands_below_the_publications_and_no_other_filter_does(client):
    make_publication()
    assert [name for name, _url in trail(client, "/publications/?type=report")] == ["Home", "Publications", "Reports"]
    for query in ("type=report&from=2017", "from=2017", "page=1"):
        page = soup(client.get(f"/publications/?{query}"))
        assert words(page.select("#trail li")[-1]) == "Publications" == words(page.h1)


def test_what_is_in_the_other_language_is_marked(client):
    entry = make_publication("Rivers")
    page = soup(client.get(entry.get_absolute_url("es")))
    assert page.select("#trail li")[-1].span["lang"] == "en"


@pytest.mark.parametrize("path", ["/", "/es/", "/nope/"])
def test_home_and_what_is_nowhere_have_none(client, path):
    assert not soup(client.get(path)).select("#trail")


def test_no_title_ends_the_script(client):
    page = client.get(make_publication("</script><script>alert(1)</script>").get_absolute_url())
    assert "<script>alert" not in page.content.decode()


def test_a_preview_tells_machines_nothing(client):
    entry = make_publication("Rivers", published=False, topics=[make_topic()], authors=[make_author()])
    page = soup(client.get(f"/preview/{preview(entry, by=make_user()).token}/page/"))
    assert words(page.select("#trail li")[-1]) == "Rivers"
    assert not page.select("script[type='application/ld+json']")
