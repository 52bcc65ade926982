"""The demonstration: an invented institute that shows every shape of the real thing, in both languages."""

from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.http import HttpRequest

from events.models import Event
from publications.models import Author, Publication
from research_hub.activity.dates import Precision
from research_hub.demonstration.load import PASSWORD, load_demonstration
from research_hub.editorial.roles import ROLES
from tests.checks import everything_stored
from tests.pages import rows, soup, titles
from topics.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration():
    load_demonstration()


def entries():
    return [*Publication.objects.published(), *Event.objects.published()]


def test_it_has_every_shape_of_the_real_thing(demonstration):
    assert Topic.objects.count() >= 8
    assert Author.objects.count() >= 25
    assert len(entries()) >= 60
    precisions = Counter(entry.date.precision for entry in entries())
    assert min(precisions[precision] for precision in Precision) >= 3
    written = Counter(tuple(entry.written_in) for entry in entries())
    assert written[("en", "es")] > written[("en",)] > 0 < written[("es",)]
    assert {event.state for event in Event.objects.all()} == set(Event.State)
    years = {entry.date_lo.year for entry in entries() if entry.date_lo}
    assert min(years) == 2003


def test_its_lists_are_right_and_loading_again_changes_nothing(demonstration):
    before = len(entries())
    load_demonstration()
    assert len(entries()) == before
    written = everything_stored()
    call_command("rebuild_activity", stdout=StringIO())
    assert everything_stored() == written
    call_command("check_activity", stdout=StringIO())
    call_command("check_translations", stdout=StringIO())


def test_one_topic_has_the_shape_of_the_page_that_is_replaced(demonstration, client):
    page = client.get("/topics/irregular-crossings/", {"to": "2017"})
    shape = [(row.date, row.badge, row.media) for row in rows(page)][:5]
    assert shape == [
        ("August 31, 2017", "In Spanish", ()),
        ("February 2017", "", ()),
        ("January 27, 2017", "", ()),
        ("January 2017", "", ()),
        ("October 27, 2016", "", ("Video", "Audio")),
    ]
    assert len(soup(client.get("/topics/irregular-crossings/")).select("h3.undated")) == 1


def test_menores_and_smuggling_are_found_from_either_language(demonstration, client):
    for path in ("/search/", "/es/buscar/"):
        assert titles(client.get(path, {"q": "menores"}))
        assert titles(client.get(path, {"q": "smuggling"}))


def test_everyone_can_log_in_to_what_their_role_allows(demonstration, client):
    for role in ROLES:
        client.force_login(authenticate(HttpRequest(), username=role, password=PASSWORD))
        entries = client.get("/es/admin/publications/publication/").status_code
        assert entries == (403 if role == "translator" else 200)
        desk = client.get("/es/admin/translation/").status_code
        assert desk == (403 if role == "author" else 200)
        assert client.get("/es/admin/auth/user/").status_code == (200 if role == "administrator" else 403)


@pytest.mark.once
def test_every_link_of_every_page_leads_somewhere(demonstration, client):
    seen, waiting = set(), ["/", "/es/"]
    while waiting:
        path = waiting.pop()
        page = client.get(path, follow=True)
        assert page.status_code == 200, path
        if "text/html" not in page["Content-Type"]:
            continue
        links = {link["href"].partition("#")[0] for link in soup(page).select("a[href^='/']")}
        fresh = {link for link in links if "?" not in link or "page=" in link} - seen
        seen |= fresh
        waiting += sorted(fresh)
    assert len(seen) > 250


def test_it_is_refused_on_a_site_that_is_not_for_show():
    with pytest.raises(CommandError):
        call_command("demo", stdout=StringIO())
