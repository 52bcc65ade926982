"""Nothing unpublished leaks: every public address, both languages."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publications.exports import EXPORTS
from publications.models import Publication
from research_hub.activity.twins import TWINS
from research_hub.api.parts import COLLECTIONS as OWNERS_IN_API
from research_hub.editorial.versions import snapshot
from research_hub.editorial.workflow import Answers, take
from tests.factories import make_author, make_event, make_publication, make_region, make_series, make_topic, make_user
from tests.pages import rows, soup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("numbers_from_one")]


@pytest.fixture
def shelves():
    return {
        "topics": [make_topic("Water", "Agua")],
        "regions": [make_region()],
        "author": make_author(),
        "series": make_series(),
    }


WAYS = {
    "draft": [],
    "in_review": ["submit"],
    "changes_requested": ["submit", "request_changes"],
    "approved": ["submit", "approve"],
    "scheduled": ["submit", "approve", "schedule"],
    "withdrawn": ["submit", "approve", "publish", "withdraw"],
}


def taken(entry, steps):
    """The entry after these steps, each by somebody who may."""
    soon = Answers(moment=timezone.now() + timedelta(days=1), reason_en="A table was wrong.")
    users = {"submit": make_user("editor")}
    for code in steps:
        entry = take(code, entry, by=users.get(code) or make_user("publisher"), answers=soon)
    return entry


def secret_of(shelves, make):
    """A function that makes an entry with a word in it that stands nowhere else in the site."""
    people = {"authors" if make is make_publication else "speakers": [shelves["author"]]}
    words = {"summary_en": "xyzzy", "title_es": "Plugh", "summary_es": "xyzzy", "body_en": "<p>xyzzy</p>"}
    own = {"series": shelves["series"]} if make is make_publication else {}
    own |= {} if make is make_publication else {"starts_at": timezone.now() + timedelta(days=3)}
    where = {key: shelves[key] for key in ("topics", "regions")}
    return lambda title, **fields: make(title, published=False, **people, **words | own | where | fields)


@pytest.fixture
def hidden(shelves):
    """An entry of each kind in each state that is not public, and a working copy in each of its states."""
    found = []
    for make in (make_publication, make_event):
        secret = secret_of(shelves, make)
        for state, steps in WAYS.items():
            found.append(taken(secret(f"Xyzzy {state}"), steps))
    visible = make_publication("Visible", authors=[shelves["author"]], topics=shelves["topics"])
    visible.related.set([entry for entry in found if isinstance(entry, Publication)])
    shelves["live"] = [visible]
    for state, steps in WAYS.items():
        if state != "withdrawn":
            live = make_publication(f"Live {state}", authors=[shelves["author"]], topics=shelves["topics"])
            written = snapshot(live)
            written["fields"] |= {"title_en": "Xyzzy", "slug_en": f"hidden-{state}", "summary_es": "plugh"}
            found.append(taken(live.work_on(written, by=make_user("editor")), steps))
            shelves["live"].append(live)
    for entry in found:
        entry.downloads.create(language="en", file=ContentFile(b"%PDF-1.4 xyzzy %%EOF", "a.pdf"), label_en="Xyzzy")
        entry.media.create(kind="video", url="https://media.example.org/xyzzy")
    return found


LISTS = {
    "en": ["/activity/", "/publications/", "/events/"],
    "es": ["/es/actividad/", "/es/publicaciones/", "/es/eventos/"],
}
PAGES = {
    "en": ["/", "/topics/", "/authors/", "/regions/", "/series/", "/feeds/", "/api/"],
    "es": ["/es/", "/es/temas/", "/es/autores/", "/es/regiones/", "/es/series/", "/es/canales/", "/es/api/"],
}
API = ["", "entries", "entries?kind=event", "types", "topics", "regions", "authors", "series", "openapi.json"]


def doors(shelves):
    """Every public page but those of entries, and all that stands beside them."""
    owners = (*shelves["topics"], *shelves["regions"], shelves["author"], shelves["series"])
    for language, pages in PAGES.items():
        lists = [*LISTS[language], *(owner.get_absolute_url(language) for owner in owners)]
        yield from [*pages, *lists, LISTS[language][1] + "?type=report"]
        yield from (page + file for page in lists for file in TWINS if file != "list.csv")
    yield from ("/robots.txt", "/sitemap.xml", "/sitemap-pages.xml", "/sitemap-lists-0.xml", "/sitemap-entries-0.xml")
    yield from (f"/api/v1/{path}" for path in API)
    yield from (f"/api/v1/{OWNERS_IN_API[owner._meta.model_name]}/{owner.slug_in('en')}" for owner in owners)


def doors_of(live):
    """What tells of one entry that is public."""
    for language in ("en", "es"):
        page = live.get_absolute_url(language)
        yield from [page, *(page + export.file for export in EXPORTS)]
    yield f"/api/v1/entries/{live.uid}"


def test_no_list_shows_what_is_not_published(client, shelves, hidden):
    for door in doors(shelves):
        page = client.get(door)
        assert page.status_code == 200, door
        assert "xyzzy" not in page.content.decode().lower(), door
        assert "plugh" not in page.content.decode().lower(), door


def test_no_published_page_shows_a_word_of_a_working_copy_or_of_a_related_draft(client, shelves, hidden):
    for live in shelves["live"]:
        for door in doors_of(live):
            page = client.get(door)
            assert page.status_code == 200, door
            assert "xyzzy" not in page.content.decode().lower(), door
            assert "plugh" not in page.content.decode().lower(), door
            assert "hidden-" not in page.content.decode(), door


def test_no_table_holds_it(client, shelves, hidden):
    owners = (*shelves["topics"], *shelves["regions"], shelves["author"], shelves["series"])
    for language, lists in LISTS.items():
        for page in [*lists, *(owner.get_absolute_url(language) for owner in owners)]:
            table = b"".join(client.get(f"{page}list.csv").streaming_content).decode()
            assert "xyzzy" not in table.lower() and "plugh" not in table.lower(), page


def test_no_program_hears_of_it(client, hidden):
    for entry in hidden:
        for uid in {entry.uid, entry.main.uid}:
            told = client.get(f"/api/v1/entries/{uid}")
            assert told.status_code == (410 if entry.is_withdrawn else 200 if uid != entry.uid else 404)
            assert "xyzzy" not in told.content.decode().lower()
    for words in ("xyzzy", "plugh"):
        for path in ("entries", "search"):
            assert client.get(f"/api/v1/{path}", {"q": words}).json()["items"] == []


def test_no_sitemap_names_it(client, shelves, hidden):
    told = "".join(
        client.get(path).content.decode()
        for path in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-lists-0.xml", "/sitemap-entries-0.xml")
    )
    named = {live.get_absolute_url("en") for live in shelves["live"]}
    assert all(f"<loc>https://hub.example{path}</loc>" in told for path in named)
    for entry in hidden:
        for language in ("en", "es"):
            path = entry.get_absolute_url(language)
            assert path in named or f"{path}<" not in told, path


def test_search_finds_none_of_it_in_either_language(client, hidden):
    for path in ("/search/", "/es/buscar/"):
        for words in ("xyzzy", "plugh"):
            assert rows(client.get(path, {"q": words})) == []


def test_no_file_of_it_is_given_out(client, hidden):
    for entry in hidden:
        file = entry.downloads.get()
        for uid in {entry.uid, entry.main.uid}:
            for name in ("a.pdf", f"{entry.slug_in('en')}-en.pdf"):
                assert client.get(f"/files/{uid}/{file.pk}/{name}").status_code == 404
        assert client.get(f"/files/{file.file.name}").status_code == 404


def test_the_admin_tells_a_visitor_nothing_of_it(client, hidden):
    for entry in hidden:
        for view in ("change", "history", "compare", "preview", "step", "download"):
            name = f"admin:{entry._meta.app_label}_{entry._meta.model_name}_{view}"
            further = {"step": ["submit"], "download": [entry.downloads.get().pk]}.get(view, [])
            page = client.get(reverse(name, args=[entry.pk, *further]))
            assert page.status_code == 302 and "/login/" in page["Location"]


def test_the_page_of_what_is_not_published_is_the_404_of_an_address_that_never_was(client, hidden):
    for language in ("en", "es"):
        for entry in (entry for entry in hidden if not entry.has_been_public):
            path = entry.get_absolute_url(language)
            page = client.get(path)
            never = client.get(path.replace(entry.slug_in(language), "never-was"))
            assert page.status_code == never.status_code == 404
            assert page.content == never.content.replace(b"never-was", entry.slug_in(language).encode())


def test_the_permanent_address_of_what_is_not_published_is_a_404(client, hidden):
    for entry in hidden:
        assert client.get(f"/e/{entry.uid}/").status_code == (410 if entry.is_withdrawn else 404)
    assert {entry.is_withdrawn for entry in hidden} == {True, False}


def test_what_was_withdrawn_says_so_and_why_and_nothing_else_of_itself(client):
    entry = make_publication("Xyzzy", title_es="Xyzzy en español", summary_es="xyzzy", slug_en="one", slug_es="uno")
    entry.withdraw(by=make_user(), reason_en="A table was wrong.", reason_es="Una tabla estaba mal.")
    for language, reason in (("en", "A table was wrong."), ("es", "Una tabla estaba mal.")):
        page = client.get(entry.get_absolute_url(language))
        assert page.status_code == 410
        assert reason in page.content.decode()
        assert "xyzzy" not in page.content.decode().lower()


def test_the_permanent_address_leads_to_the_page_in_the_readers_language(client):
    both = make_publication("Both", title_es="Ambos", summary_es="Los dos.")
    english = make_publication("English")
    spanish = {"HTTP_ACCEPT_LANGUAGE": "es-MX,es;q=0.9"}
    assert client.get(f"/e/{both.uid}/")["Location"] == "/publications/both/"
    assert client.get(f"/e/{both.uid}/", **spanish)["Location"] == "/es/publicaciones/ambos/"
    assert client.get(f"/e/{english.uid}/", **spanish)["Location"] == "/publications/english/"


def test_a_permanent_address_in_a_text_keeps_the_language_of_the_page_it_stands_on(client):
    both = make_publication("Both", title_es="Ambos", summary_es="Los dos.")
    for page, browser, led_to in (
        ("http://testserver/es/temas/", "en", "/es/publicaciones/ambos/"),
        ("http://testserver/topics/", "es", "/publications/both/"),
        ("https://elsewhere.example/es/", "en", "/publications/both/"),
    ):
        response = client.get(f"/e/{both.uid}/", headers={"Referer": page, "Accept-Language": browser})
        assert response["Location"] == led_to


def test_public_pages_set_no_cookie_and_vary_by_none(client, shelves, hidden):
    for door in doors(shelves):
        page = client.get(door)
        assert not page.cookies
        assert "Cookie" not in page.get("Vary", "")


def test_pages_answer_only_what_they_are_for(client, shelves, hidden):
    for door in doors(shelves):
        for method in ("post", "put", "delete", "patch"):
            assert getattr(client, method)(door).status_code == 405, (method, door)
        assert client.trace(door).status_code == 405
        assert client.head(door).status_code == 200


def test_a_form_sent_to_a_page_is_answered_as_the_wrong_method(shelves, hidden):
    visitor = Client(enforce_csrf_checks=True)
    for door in doors(shelves):
        assert visitor.post(door, {"q": "x"}).status_code == 405


def test_an_address_that_is_none_offers_the_other_languages_home(client):
    for path, home in (("/nope/", "/es/"), ("/es/nope/", "/")):
        page = client.get(path)
        assert page.status_code == 404
        assert soup(page).select_one("#switch a")["href"] == home


def test_what_no_page_may_carry_is_not_echoed(client, shelves):
    page = client.get(shelves["topics"][0].get_absolute_url(), {"from": "20\0 17"})
    assert b"\0" not in page.content
    assert soup(page).select_one("#filter-clear")
