"""A publication's page, an author's, a series': nothing dead, both languages, files only while it is public."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Picture

from publications.models import Authorship, PublicationDownload
from research_hub.demonstration.pictures import paper
from research_hub.media.models import Image
from tests.factories import make_author, make_publication, make_region, make_series, make_topic, make_user
from tests.pages import soup, words

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


def test_a_picture_is_turned_upright_and_stripped_of_camera_data(shared_data):
    original = shared_data / "uploads/images/Portrait_6.jpg"  # a portrait, stored lying on its side
    image = Image.objects.create(file=ContentFile(original.read_bytes() + b"<script>", name="photo.jpg"), alt_en="A")
    with Picture.open(image.file) as stored:
        assert stored.height > stored.width
        assert not stored.getexif()
    assert b"<script>" not in image.file.open().read()
    assert (image.width, image.height) == stored.size


def test_an_author_who_left_is_not_listed_but_keeps_the_page(client):
    gone = make_author("Gone Author", is_active=False)
    assert "Gone Author" not in client.get("/authors/").content.decode()
    assert client.get(gone.get_absolute_url()).status_code == 200
