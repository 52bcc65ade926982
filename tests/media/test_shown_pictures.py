"""A picture on a page: its place kept, no larger than it is shown, and always one that is there."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from research_hub.media.models import Image
from tests.admin.cast import address
from tests.factories import make_author, make_image, make_publication, make_topic, make_user
from tests.pages import soup

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


def with_cover(image):
    return make_publication(title_es="Un informe", cover=image, topics=[make_topic()])


def with_photo(image):
    author = make_author(photo=image)
    make_publication(authors=[author])
    return author


def with_scene(image):
    return make_topic(image=image)


PLACES = pytest.mark.parametrize("place", [with_cover, with_photo, with_scene])


def shown(client, record, language="en"):
    """The one picture in the page's text."""
    page = client.get(record.get_absolute_url(language))
    assert page.status_code == 200
    (picture,) = soup(page).select("main picture")
    return picture


def addresses(picture) -> list[str]:
    """Every file that a browser might ask for."""
    sets = [tag["srcset"] for tag in picture.select("[srcset]")]
    return [picture.img["src"], *(one.split()[0] for one in ", ".join(sets).split(", ") if one)]


@PLACES
@LANGUAGES
def test_each_place_offers_three_formats_in_several_widths(client, place, language):
    picture = shown(client, place(make_image()), language)
    assert [source["type"] for source in picture.select("source")] == ["image/avif", "image/webp"]
    assert picture.img["src"].endswith(".jpeg")
    assert picture.img["alt"] == {"en": "A river", "es": "Un río"}[language]
    for tag in picture.select("[srcset]"):
        assert tag["sizes"]
        widths = [int(one.split()[1].removesuffix("w")) for one in tag["srcset"].split(", ")]
        assert widths == sorted(set(widths))
        assert len(widths) > 1


@PLACES
def test_every_address_on_a_page_gives_what_it_promises(client, place):
    for url in addresses(shown(client, place(make_image()))):
        response = client.get(url)
        body = b"".join(response.streaming_content)
        kind = {".avif": b"ftypavif", ".webp": b"WEBP", ".jpeg": b"\xff\xd8\xff"}[Path(url).suffix]
        assert kind in body[:16]
        assert response["Content-Type"] == f"image/{Path(url).suffix[1:]}"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "immutable" in response["Cache-Control"]


@PLACES
@pytest.mark.parametrize("renditions", [True, False])
def test_its_place_is_kept_before_it_is_there(client, place, renditions):
    image = make_image(renditions=renditions)
    img = shown(client, place(image)).img
    is_square = place is with_photo and renditions
    assert (img["width"], img["height"]) == (("640", "640") if is_square else ("1600", "900"))
    assert img["fetchpriority"] == "high"
    assert "loading" not in img.attrs


@PLACES
def test_until_they_are_made_the_picture_itself_is_shown(client, place):
    image = make_image(renditions=False)
    assert addresses(shown(client, place(image))) == [image.file.url]


@PLACES
def test_what_is_made_of_it_shows_at_once(client, place):
    image = make_image(renditions=False)
    record = place(image)
    shown(client, record)
    image.make_renditions()
    assert len(addresses(shown(client, record))) > 1


@PLACES
def test_a_picture_smaller_than_its_place_is_shown_as_it_is(client, place):
    image = make_image((200, 150))
    assert addresses(shown(client, place(image))) == [image.file.url]


def test_a_square_that_would_be_larger_than_the_picture_is_not_made(client):
    picture = shown(client, with_photo(make_image((700, 200))))
    assert (picture.img["width"], picture.img["height"]) == ("700", "200")


def test_a_portrait_is_the_square_about_its_focal_point(client):
    names = addresses(shown(client, with_photo(make_image(focal_x=20, focal_y=80))))
    assert all("/1x1-20-80/" in name for name in names)


@PLACES
def test_a_picture_takes_no_more_queries_with_its_renditions(client, place):
    record = place(make_image(renditions=False))
    url = f"{record.get_absolute_url()}?not=kept"
    plain = queries(client, url)
    Image.objects.get().make_renditions()
    assert queries(client, url) == plain


def queries(client, url) -> int:
    client.get(url)  # whatever is remembered between requests
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return len(seen)


def test_what_shows_through_is_never_offered_as_jpeg(client):
    names = addresses(shown(client, with_cover(make_image(form="PNG"))))
    assert {Path(name).suffix for name in names} == {".avif", ".webp", ".png"}


@pytest.mark.parametrize(("size", "expected"), [((1600, 900), "/1280w.jpeg"), ((1200, 675), ".jpg")])
def test_a_link_to_the_page_shows_a_large_jpeg(client, size, expected):
    page = soup(client.get(with_cover(make_image(size)).get_absolute_url()))
    told = {tag["property"]: tag["content"] for tag in page.select("meta[property^='og:image']")}
    assert told["og:image"].endswith(expected)
    assert told["og:image:width"] == str(min(size[0], 1280))
    assert told["og:image:height"] == str(min(size[1], 720))
    assert client.get(urlsplit(told["og:image"]).path).status_code == 200


# What is not there


def test_only_what_the_picture_has_is_given(client):
    image = make_image((400, 300))
    with_scene(image)
    folder = image.file.url.rpartition(".")[0]
    assert client.get(f"{folder}/320w.avif").status_code == 200
    for name in ("640w.avif", "320w.gif", "../320w.avif", "1x1-10-10/320w.avif", "", "320w.avif/", "x/320w.avif"):
        assert client.get(f"{folder}/{name}").status_code == 404, name
    Image.objects.update(renditions=[])
    assert client.get(f"{folder}/320w.avif").status_code == 404
    assert client.get(image.file.url).status_code == 200


def test_a_file_that_is_gone_is_not_found(client):
    image = make_image((400, 300))
    default_storage.delete(image.renditions[0])
    assert client.get(default_storage.url(image.renditions[0])).status_code == 404


def test_a_deleted_picture_is_gone_from_its_page_and_its_address(client):
    image = make_image((400, 300))
    topic, urls = make_topic(image=image), [default_storage.url(name) for name in image.files]
    shown(client, topic)
    image.delete()
    assert not soup(client.get(topic.get_absolute_url())).select("main img")
    assert {client.get(url).status_code for url in urls} == {404}


# In the admin


@LANGUAGES
def test_lists_and_forms_show_the_smallest(client, language):
    client.force_login(make_user("publisher"))
    image = make_image()
    report, author = with_cover(image), with_photo(image)
    for record, view, square in [
        (image, "changelist", False),
        (report, "changelist", True), (report, "change", False),
        (author, "changelist", True), (author, "change", True),
    ]:  # fmt: skip
        page = soup(client.get(address(record, language, view)))
        (img,) = page.select("img.preview")
        assert re.search(r"/1x1-50-50/320w\.jpeg$" if square else r"[0-9a-f]{32}/320w\.jpeg$", img["src"])
        assert (img["width"], img["height"]) == (("120", "120") if square else ("213", "120"))


@LANGUAGES
def test_the_form_of_a_picture_shows_it_large_enough_to_point_at(client, language):
    client.force_login(make_user("publisher"))
    image = make_image()
    (img,) = soup(client.get(address(image, language, "change"))).select(".focal-stage img")
    assert img["src"].endswith("/640w.jpeg") and img["alt"] == {"en": image.alt_en, "es": image.alt_es}[language]
    assert soup(client.get(address(Image(), language, "add"))).select(".focal-stage img") == []


def test_a_longer_list_of_pictures_takes_no_more_queries(client):
    client.force_login(make_user("publisher"))
    for record in (make_image((400, 300)), with_photo(make_image((400, 300))), with_cover(make_image((400, 300)))):
        url = address(record, view="changelist")
        few = queries(client, url)
        for _ in range(3):
            with_photo(make_image((400, 300), renditions=False))
            with_cover(make_image((400, 300), renditions=False))
        assert queries(client, url) == few
