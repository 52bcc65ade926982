"""A publication's page, an author's, a series': nothing dead, both languages, files only while it is public."""

from pathlib import Path

import pytest

from publications.models import Authorship, PublicationDownload
from research_hub.demonstration.pictures import paper
from tests.factories import make_author, make_publication, make_region, make_series, make_topic, make_user
from tests.pages import soup, titles, words

pytestmark = pytest.mark.django_db


def with_file(publication):
    return PublicationDownload.objects.create(
        publication=publication, language="en", file=paper("Title", 1), pages=1, label_en="Full report"
    )


def download_link(client, publication):
    return soup(client.get(publication.get_absolute_url())).select_one(".downloads a")["href"]


def test_every_link_on_the_page_leads_somewhere(client):
    topic, region, series = make_topic(), make_region(), make_series()
    authors = [make_author("Ana García"), make_author("Luis Pérez")]
    publication = make_publication(topics=[topic], regions=[region], authors=authors, series=series, number="3")
    with_file(publication)
    for language in ("en", "es"):
        page = client.get(publication.get_absolute_url(language))
        links = {link["href"] for link in soup(page).select("a[href^='/']")}
        assert len(links) > 12
        assert {href: client.get(href).status_code for href in links} == dict.fromkeys(links, 200)


def test_authors_stand_in_the_order_the_editor_gave_them(client):
    names = ["Zoe Ward", "Abel Ruiz", "Mia Chen"]
    publication = make_publication(authors=[make_author(name) for name in names])
    page = soup(client.get(publication.get_absolute_url()))
    assert [words(link) for link in page.select(".byline a")] == names
    assert "Zoe Ward, Abel Ruiz and Mia Chen" in client.get("/activity/").content.decode()


def test_a_translator_is_named_on_the_page_but_not_in_the_byline_of_a_list(client):
    publication = make_publication(authors=[make_author("Ana García")], published=False)
    Authorship.objects.create(publication=publication, author=make_author("Luis Pérez"), role="translator", position=9)
    publication.publish(by=make_user())
    assert "Luis Pérez" in words(soup(client.get(publication.get_absolute_url())).select_one(".byline"))
    assert "Luis Pérez" not in client.get("/activity/").content.decode()


@pytest.mark.parametrize(
    ("names", "english", "spanish"),
    [
        (["Ana", "Inés"], "Ana and Inés", "Ana e Inés"),
        (["Ana", "Hilda"], "Ana and Hilda", "Ana e Hilda"),
        (["Ana", "Hiero"], "Ana and Hiero", "Ana y Hiero"),
        (["A", "B", "C", "D", "E", "F"], "A, B, C and 3 others", "A, B, C y 3 más"),
    ],
)
def test_a_byline_is_written_as_each_language_writes_it(client, names, english, spanish):
    make_publication(title_es="Un informe", summary_es="S.", authors=[make_author(name) for name in names])
    assert english in words(soup(client.get("/activity/")).select_one(".byline"))
    assert spanish in words(soup(client.get("/es/actividad/")).select_one(".byline"))


def test_a_text_in_the_other_language_is_marked_and_its_own_page_is_canonical(client):
    publication = make_publication("", title_es="Sólo en español", summary_es="Resumen.", source_language="es")
    page = soup(client.get(publication.get_absolute_url("en")))
    assert page.h1["lang"] == "es"
    assert "In Spanish" in words(page.select_one("header .badge"))
    assert page.select_one("link[rel=canonical]")["href"].endswith(publication.get_absolute_url("es"))
    assert [link["hreflang"] for link in page.select("link[rel=alternate][hreflang]")] == ["es"]


def test_a_slug_of_the_other_language_leads_to_this_ones_address(client):
    publication = make_publication("Water", title_es="Agua", summary_es="Resumen.")
    response = client.get("/publications/agua/", {"x": "1"})
    assert (response.status_code, response["Location"]) == (301, "/publications/water/?x=1")
    assert client.get("/es/publicaciones/water/")["Location"] == publication.get_absolute_url("es")


def test_a_file_is_sent_under_a_name_that_says_what_it_is(client):
    publication = make_publication("Water")
    with_file(publication)
    response = client.get(download_link(client, publication))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="water-en.pdf"' in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("language", "order"), [("en", ["One", "Four", "Two", "Three"]), ("es", ["Dos", "Three", "One", "Four"])]
)
def test_files_in_the_language_of_the_page_come_first_with_their_size_and_pages(client, language, order):
    publication = make_publication("Water", title_es="Agua", summary_es="Resumen.")
    files = [("en", "One", ""), ("es", "Two", "Dos"), ("es", "Three", ""), ("en", "Four", "")]
    for position, (code, english, spanish) in enumerate(files, start=1):
        row = {"language": code, "label_en": english, "label_es": spanish, "pages": position, "position": position}
        PublicationDownload.objects.create(publication=publication, file=paper("Title", 1), **row)
    shown = soup(client.get(publication.get_absolute_url(language))).select(".downloads li")
    assert [words(item.a) for item in shown] == order
    assert [item.a["hreflang"] for item in shown] == sorted(["en", "en", "es", "es"], key=lambda code: code != language)
    number = order.index("Three")
    page = {"en": "PDF · Spanish · 3 pages · ", "es": "PDF · Español · 3 páginas · "}[language]
    assert words(shown[number].select_one("a + span")).startswith(page)
    assert all(client.get(item.a["href"]).status_code == 200 for item in shown)


def test_a_file_is_not_sent_while_its_publication_is_not_public(client):
    publication = make_publication("Water")
    file = with_file(publication)
    link = download_link(client, publication)
    publication.withdraw(by=make_user())
    assert client.get(link).status_code == 404
    assert client.get(f"/files/{file.file.name}").status_code == 404
    assert client.get(f"/files/images/{Path(file.file.name).name}").status_code == 404


def test_rich_text_is_cleaned_whichever_way_it_came_in(client):
    publication = make_publication(
        body_en='<p onclick="x()">Kept<script>alert(1)</script> <a href="javascript:x">a</a></p>'
    )
    assert "script" not in publication.body_en
    type(publication).objects.filter(pk=publication.pk).update(body_en="<p>Kept</p><script>alert(2)</script>")
    page = client.get(publication.get_absolute_url()).content.decode()
    assert "Kept" in page
    assert "alert" not in page


def test_titles_are_text_and_never_markup(client):
    make_publication("<b>Bold</b> & <script>alert(1)</script>", topics=[make_topic()])
    for path in ("/activity/", "/", "/topics/water/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;b&gt;Bold" in page


def test_titles_that_make_no_slug_or_the_same_one_get_addresses_of_their_own(client):
    entries = [make_publication(title) for title in ("¡¿!", "日本", "Same", "Same", "SAME!", "x" * 1100)]
    paths = {entry.get_absolute_url() for entry in entries}
    assert len(paths) == 6
    assert all(client.get(path).status_code == 200 for path in paths)


def test_an_author_who_left_is_not_listed_but_keeps_the_page(client):
    gone = make_author("Gone Author", is_active=False)
    assert "Gone Author" not in client.get("/authors/").content.decode()
    assert client.get(gone.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(("language", "role"), [("en", "Senior Analyst"), ("es", "Analista sénior")])
def test_an_authors_page_says_who_it_is_and_lists_what_is_theirs_to_be_narrowed(client, language, role):
    author = make_author(
        orcid="0000-0002-1825-0097", role_en="Senior Analyst", role_es="Analista sénior", affiliation="Universidad"
    )
    for year in ("2016", "2017"):
        make_publication(f"Of {year}", date=year, authors=[author])
    make_publication("Of somebody else")
    make_publication("Not yet", authors=[author], published=False)
    page = client.get(author.get_absolute_url(language), {"from": "2017"})
    assert titles(page) == ["Of 2017"]
    assert titles(client.get(author.get_absolute_url(language))) == ["Of 2017", "Of 2016"]
    posts = [words(line) for line in soup(page).select(".intro .post")]
    assert posts == [f"{role} Universidad", "ORCID 0000-0002-1825-0097"]
    assert soup(page).select_one(".post a")["href"] == "https://orcid.org/0000-0002-1825-0097"
    assert "orcid.org" not in client.get(make_author("Eva").get_absolute_url(language)).content.decode()
