"""What search engines are told of: every public page and nothing else, in files that are valid and never too long."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from lxml import etree

from publications.models import Publication
from research_hub.activity.models import KEY_LIMIT, SITEMAP_NUMBERS
from research_hub.editorial.versions import snapshot
from tests.factories import (
    make_author,
    make_event,
    make_publication,
    make_region,
    make_series,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("numbers_from_one")]

SITE = "https://hub.example"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SPANISH = {"title_es": "Informe", "summary_es": "Qué dice."}


def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name(name)))


def read(client, path: str, rules: str):
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml"), path
    document = etree.fromstring(response.content)
    schema(rules).assertValid(document)
    return document


def files(client) -> list[str]:
    index = read(client, "/sitemap.xml", "siteindex.xsd")
    return [loc.removeprefix(SITE) for loc in index.xpath("//s:loc/text()", namespaces=NAMES)]


def addresses(client) -> dict[str, dict[str, str]]:
    """Each address of each file that the index names, with the languages it is said to be in beside it."""
    found = {}
    for file in files(client):
        for url in read(client, file, "sitemap.xsd").xpath("//s:url", namespaces=NAMES):
            (loc,) = url.xpath("s:loc/text()", namespaces=NAMES)
            assert loc not in found, f"{loc} stands twice"
            found[loc] = {link.get("hreflang"): link.get("href") for link in url.xpath("x:link", namespaces=NAMES)}
    return found


@pytest.fixture
def shelves():
    topic, author = make_topic("Water", "Agua"), make_author("Ana García")
    region, series = make_region(), make_series("Field Notes")
    make_publication("Both", topics=[topic], regions=[region], authors=[author], series=series, **SPANISH)
    make_publication("English", type="policy-brief")
    make_event("Seminario", title_en="", title_es="Seminario", summary_es="x", source_language="es")
    return topic, author, region, series


def test_every_file_obeys_the_rules_and_every_address_is_a_page(client, shelves):
    found = addresses(client)
    assert len(found) > 30
    for address in found:
        page = client.get(address.removeprefix(SITE))
        assert page.status_code == 200, address
        assert f'<link rel="canonical" href="{address}">' in page.content.decode(), address


def test_what_the_head_of_a_page_says_of_its_languages_the_sitemap_says_too(client, shelves):
    for address, links in addresses(client).items():
        head = etree.HTML(client.get(address.removeprefix(SITE)).content).xpath(
            "//link[@hreflang and @rel='alternate']"
        )
        told = {link.get("hreflang"): link.get("href") for link in head}
        assert links == (told if len(told) > 1 else {}), address


def test_the_two_languages_name_each_other_and_a_page_in_one_names_none(client, shelves):
    found = addresses(client)
    both = {"en": f"{SITE}/publications/both/", "es": f"{SITE}/es/publicaciones/informe/"}
    assert found[both["en"]] == found[both["es"]] == both
    assert found[f"{SITE}/publications/english/"] == {}
    assert found[f"{SITE}/es/eventos/seminario/"] == {}
    assert f"{SITE}/es/publicaciones/english/" not in found
    assert f"{SITE}/events/seminario/" not in found
    assert found[f"{SITE}/series/field-notes/"] == {}
    for links in found.values():
        assert all(found[other] == links for other in links.values())


def test_lists_of_all_sorts_stand_in_it_and_types_of_publications(client, shelves):
    found = addresses(client)
    for path in ("/", "/es/", "/topics/water/", "/es/temas/agua/", "/regions/mexico/", "/authors/ana-garcia/",
                 "/publications/", "/es/regiones/", "/series/", "/publications/?type=policy-brief",
                 "/es/publicaciones/?type=report", "/api/"):  # fmt: skip
        assert SITE + path in found, path


def test_what_is_not_public_is_not_in_it(client):
    draft = make_publication("Draft", published=False, topics=[make_topic("Hidden", "")], type="secret")
    gone = make_publication("Gone", **SPANISH)
    gone.withdraw(by=make_user())
    live = make_publication("Live")
    written = snapshot(live)
    written["fields"] |= {"slug_en": "working-copy", "title_es": "Copia"}
    live.work_on(written, by=make_user())
    told = str(addresses(client))
    for word in ("draft", "gone", "informe", "hidden", "secret", "working-copy", "copia"):
        assert word not in told
    assert "live" in told
    draft.publish(by=make_user())
    assert "/topics/hidden/" in str(addresses(client))


def test_the_last_change_is_that_of_the_entry(client):
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False):
        make_publication("Old")
    with time_machine.travel(datetime(2026, 5, 9, 12, tzinfo=UTC), tick=False):
        make_event("New")
    (file,) = (file for file in files(client) if "entries" in file)
    urls = read(client, file, "sitemap.xsd").xpath("//s:url", namespaces=NAMES)
    assert {url[0].text: url[1].text for url in urls} == {
        f"{SITE}/publications/old/": "2026-05-01",
        f"{SITE}/events/new/": "2026-05-09",
    }
    (of_file,) = read(client, "/sitemap.xml", "siteindex.xsd").xpath(
        "//s:sitemap[contains(s:loc, 'entries')]/s:lastmod/text()", namespaces=NAMES
    )
    assert datetime.fromisoformat(of_file) == datetime(2026, 5, 9, 12, tzinfo=UTC)


def test_entries_far_apart_stand_in_files_of_their_own_and_what_lies_between_is_in_none(client):
    for pk in (1, 2, SITEMAP_NUMBERS // 8 - 1, SITEMAP_NUMBERS // 8, SITEMAP_NUMBERS):
        make_publication(f"Number {pk}", pk=pk)
    assert [file for file in files(client) if "entries" in file] == [
        "/sitemap-entries-0.xml",
        "/sitemap-entries-1.xml",
        "/sitemap-entries-8.xml",
    ]
    assert len([address for address in addresses(client) if "/number-" in address]) == 5
    assert client.get("/sitemap-entries-2.xml").status_code == 404
    Publication.objects.get(pk=SITEMAP_NUMBERS).withdraw(by=make_user())
    assert client.get("/sitemap-entries-8.xml").status_code == 404


def test_no_file_can_hold_more_than_the_protocol_allows():
    assert SITEMAP_NUMBERS * 2 < 50_000


def test_a_file_that_is_none_is_a_404(client):
    for path in ("/sitemap-entries-0.xml", "/sitemap-nothing-0.xml", f"/sitemap-entries-{KEY_LIMIT}.xml",
                 f"/sitemap-lists-{10**40}.xml", "/sitemap-entries--1.xml", "/sitemap-entries.xml"):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_the_files_cost_the_same_however_much_stands_in_them(client, django_assert_num_queries):
    def costs():
        with django_assert_num_queries(3):
            client.get("/sitemap.xml?1")
        with django_assert_num_queries(2):
            client.get("/sitemap-entries-0.xml?1")
        with django_assert_num_queries(6):
            client.get("/sitemap-lists-0.xml?1")
        with django_assert_num_queries(3):
            client.get("/sitemap-pages.xml?1")

    make_publication(topics=[make_topic()], authors=[make_author()], regions=[make_region()], series=make_series())
    costs()
    for n in range(5):
        topic = make_topic(f"Topic {n}", f"Tema {n}")
        make_publication(f"Title {n}", topics=[topic], authors=[make_author(f"A{n}")], **SPANISH, slug_es=f"s{n}")
    costs()


def test_a_file_that_has_not_changed_is_answered_in_one_query(client, shelves, django_assert_num_queries):
    for path in ("/sitemap.xml", *files(client)):
        first = client.get(path)
        with django_assert_num_queries(1):
            again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
    make_publication("New")
    assert client.get("/sitemap.xml", headers={"If-None-Match": first["ETag"]}).status_code == 200
