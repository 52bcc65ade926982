"""The lists of publications, of places and of series."""

import pytest
from pytest_django.asserts import assertContains

from publications.models import PublicationType
from tests.factories import make_author, make_event, make_publication, make_region, make_series, make_topic, make_user
from tests.pages import count_text, notes, rows, soup, titles, words

pytestmark = pytest.mark.django_db

ENTRIES = {"en": "/publications/", "es": "/es/publicaciones/"}


@pytest.fixture
def shelf():
    make_publication("Report", date="2017", title_es="Informe", summary_es="x")
    make_publication("Brief", date="2016", type="policy-brief")
    make_event("Event")
    make_publication("Draft", published=False)


@pytest.mark.parametrize("language", ["en", "es"])
def test_publications_stand_on_a_list_of_their_own(client, shelf, language):
    page = client.get(ENTRIES[language])
    assert titles(page) == [{"en": "Report", "es": "Informe"}[language], "Brief"]
    assert words(soup(page).h1) == {"en": "Publications", "es": "Publicaciones"}[language]
    assert not soup(page).select("#filter-kind")


@pytest.mark.parametrize(("language", "heading"), [("en", "Reports"), ("es", "Informes")])
def test_a_type_has_a_page_that_says_its_name_and_search_engines_may_keep(client, shelf, language, heading):
    page = client.get(ENTRIES[language] + "?type=report")
    assert len(titles(page)) == 1
    assert words(soup(page).h1) == heading
    assert soup(page).title.text.startswith(f"{heading} – ")
    assert soup(page).select_one("link[rel=canonical]")["href"] == f"https://hub.example{ENTRIES[language]}?type=report"
    assert not soup(page).select("meta[name=robots]")
    narrower = soup(client.get(ENTRIES[language] + "?from=2017&type=report"))
    assert narrower.select_one("meta[name=robots]")["content"] == "noindex"


def test_the_types_to_choose_from_are_those_of_which_there_is_something(client, shelf):
    PublicationType.objects.filter(code="book").update(position=0)
    page = soup(client.get("/publications/"))
    assert [words(option) for option in page.select("#filter-type option")] == ["All", "Report (1)", "Policy Brief (1)"]
    asked = soup(client.get("/publications/?type=book"))
    assert words(asked.select_one("#filter-type option[selected]")) == "Book (0)"


def test_a_publication_links_to_its_type(client, shelf):
    page = soup(client.get("/es/publicaciones/informe/"))
    link = page.select_one(".reading-head a.type")
    assert (words(link), link["href"]) == ("Informe", "/es/publicaciones/?type=report")


@pytest.mark.parametrize("path", ["/activity/", "/publications/", "/topics/water/", "/search/"])
def test_any_list_is_narrowed_by_type_and_says_so_and_leads_back(client, path):
    topic = make_topic()
    make_publication("Report", topics=[topic])
    make_publication("Brief", type="policy-brief", topics=[topic])
    make_event("Event", topics=[topic])
    narrowed = client.get(path, {"type": "policy-brief"})
    assert titles(narrowed) == ["Brief"]
    assert count_text(narrowed) == "1 entry"
    chips = [(words(chip), chip["href"]) for chip in soup(narrowed).select("#activity .tags a")]
    shown = [] if path == "/publications/" else [("Remove the filter: Type: Policy Brief ×", path)]
    assert chips == shown


@pytest.mark.parametrize(
    ("path", "message"), [("/publications/", "There is no “nope”."), ("/es/publicaciones/", "No existe «nope».")]
)
def test_a_type_that_is_none_filters_nothing_and_is_said(client, shelf, path, message):
    page = client.get(path, {"type": "nope"})
    assert len(rows(page)) == 2
    assert notes(page)
    feed = client.get(f"{path}feed.atom", {"type": "nope"})
    assert feed.status_code == 400
    assertContains(feed, message, status_code=400)


def test_words_and_types_narrow_together(client, shelf):
    make_publication("Another brief report", type="policy-brief")
    assert titles(client.get("/publications/", {"q": "report", "type": "policy-brief"})) == ["Another brief report"]


def test_the_twins_of_the_list_hold_publications_only(client, shelf):
    items = client.get("/publications/feed.json", {"type": "report"}).json()
    assert [item["title"] for item in items["items"]] == ["Report"]
    assert "Type: Report" in items["title"]


@pytest.mark.parametrize(("path", "name"), [("/regions/", "Mexico"), ("/es/regiones/", "México")])
def test_places_are_listed_with_what_is_within_them(client, path, name):
    america = make_region("America", "América", position=1)
    mexico = make_region(parent=america)
    make_region("Europe", "Europa", position=2)
    make_publication(regions=[mexico])
    page = soup(client.get(path))
    first, second = page.select(".topics > .topic")
    assert words(first.select_one(".tags a")) == name
    assert words(first.select_one(".count"))[0] == "1"
    assert words(second.select_one(".count"))[0] == "0"


@pytest.mark.parametrize("path", ["/series/", "/es/series/"])
def test_series_are_listed_by_name_with_how_much_is_in_each(client, path):
    notes_, atlas = make_series("Field Notes", description_en="<p>From the field.</p>"), make_series("Atlas")
    make_publication(series=notes_)
    make_publication(series=atlas, published=False)
    page = soup(client.get(path))
    shown = [(words(item.h2), words(item.select_one(".count"))[0]) for item in page.select(".topic")]
    assert shown == [("Atlas", "0"), ("Field Notes", "1")]
    assert "From the field." in words(page.select(".topic")[1])
    assert page.select(".topic")[1].h2.a.get("lang", "") == ("" if path == "/series/" else "en")


@pytest.mark.parametrize(("path", "queries"), [("/publications/", 5), ("/regions/", 3), ("/series/", 3)])
def test_what_a_list_costs_does_not_grow(client, path, queries, django_assert_num_queries):
    for n in range(2):
        for m in range(3):
            region, series = make_region(f"R{n}{m}", f"R{n}{m}"), make_series(f"S{n}{m}")
            make_publication(f"P{n}{m}", regions=[region], series=series, authors=[make_author(f"A{n}{m}")])
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


def test_a_type_that_is_renamed_shows_at_once(client, shelf):
    client.get("/publications/?type=report")
    type_ = PublicationType.objects.get(code="report")
    type_.plural_en = "Studies"
    type_.save()
    assert words(soup(client.get("/publications/?type=report")).h1) == "Studies"


def test_a_type_that_nobody_has_used_shows_at_once_where_it_was_asked_for(client):
    client.get("/publications/?type=book")
    type_ = PublicationType.objects.get(code="book")
    type_.plural_es = "Tomos"
    type_.save()
    assert words(soup(client.get("/es/publicaciones/?type=book")).h1) == "Tomos"


def test_withdrawing_takes_it_off_the_list(client, shelf):
    client.get("/publications/")
    brief = make_publication("Gone")
    brief.withdraw(by=make_user())
    assert "Gone" not in titles(client.get("/publications/"))
