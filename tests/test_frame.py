"""What stands around every page is drawn once, and is still right on each."""

import pytest

from tests.factories import make_topic
from tests.pages import soup

pytestmark = pytest.mark.django_db

MENU = {
    "en": ["/topics/", "/activity/", "/publications/", "/events/", "/authors/", "/search/"],
    "es": ["/es/temas/", "/es/actividad/", "/es/publicaciones/", "/es/eventos/", "/es/autores/", "/es/buscar/"],
}


def marked(client, path):
    return [link["href"] for link in soup(client.get(path)).select(".menu [aria-current=page]")]


def test_the_menu_marks_the_page_it_is_on_and_no_other(client):
    for _again in range(2):
        for paths in MENU.values():
            assert [marked(client, path) for path in paths] == [[path] for path in paths]
        for elsewhere in ("/", "/es/", "/feeds/", "/es/temas/nowhere/"):
            assert marked(client, elsewhere) == []


def test_the_frame_speaks_the_language_of_its_page(client):
    for _again in range(2):
        assert soup(client.get("/topics/")).select_one(".skip").text == "Skip to content"
        assert soup(client.get("/es/temas/")).select_one(".skip").text == "Ir al contenido"


def test_the_frame_says_the_name_that_the_site_has_now(client, settings):
    client.get("/topics/")
    settings.SITE_NAME = {"en": "Another <Hub>", "es": "Otro"}
    page = soup(client.get("/feeds/"))
    assert page.select_one(".brand").text.strip() == page.select_one(".colophon strong").text == "Another <Hub>"


def test_a_topic_leads_past_its_introduction_to_its_list(client):
    topic = make_topic(intro_en="<p>Long.</p>" * 20)
    page = soup(client.get(topic.get_absolute_url()))
    link = page.select_one(".intro .jump a")
    assert link.text == page.select_one(f"{link['href']} h2").text == "Recent Activity"
