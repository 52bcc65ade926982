"""Who is given a file, and how: a picture only while a public page shows it, a download to keep, never as a page."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.models import PublicationDownload
from research_hub.editorial.preview import preview
from research_hub.editorial.versions import snapshot
from research_hub.media.models import Image
from research_hub.media.places import PLACES
from research_hub.media.views import give_download
from tests.factories import make_author, make_event, make_image, make_publication, make_topic, make_user
from tests.pages import soup

pytestmark = pytest.mark.django_db
BYTES = b"%PDF-1.4\n0123456789\n%%EOF"


def urls_of(image) -> list[str]:
    return [default_storage.url(name) for name in image.files]


def answers(client, image) -> set[int]:
    """Of the picture and each rendition."""
    return {client.get(url).status_code for url in urls_of(image)}


@pytest.fixture
def download(client):
    report = make_publication("Water", title_es="Agua y saneamiento", slug_es="agua", summary_es="x")
    report.downloads.create(language="en", file=ContentFile(BYTES, "evil\r\nname.html"))
    return soup(client.get(report.get_absolute_url())).select_one(".downloads a")["href"]


def body(response) -> bytes:
    return b"".join(response.streaming_content)


# Pictures are private until a public page shows them, and again once none does


def test_a_picture_is_private_until_its_publication_is_public_and_again_after(client):
    image = make_image((400, 300))
    assert answers(client, image) == {404}
    report = make_publication(cover=image, published=False, topics=[make_topic()])
    assert answers(client, image) == {404}
    report.publish(by=make_user())
    assert answers(client, image) == {200}
    report.withdraw(by=make_user())
    assert answers(client, image) == {404}


def test_the_cover_of_a_working_copy_stays_private_and_the_one_it_replaces_public(client):
    former, new = make_image((400, 300)), make_image((400, 300))
    report = make_publication(cover=former, topics=[make_topic()])
    copy = report.work_on(snapshot(report), by=make_user("editor"))
    copy.cover = new
    copy.save()
    assert answers(client, former) == {200}
    assert answers(client, new) == {404}


@pytest.mark.parametrize("place", ["topic", "author"])
def test_the_picture_of_a_topic_or_an_author_is_public_while_it_is_theirs(client, place):
    image = make_image((400, 300))
    shown = make_topic(image=image) if place == "topic" else make_author(photo=image)
    assert answers(client, image) == {200}
    shown.delete()
    assert answers(client, image) == {404}


def test_every_place_for_a_picture_says_which_of_its_rows_are_public():
    fields = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is Image
    }
    assert fields == PLACES.keys()


@pytest.mark.parametrize("role", ["author", "editor", "publisher", "administrator"])
def test_who_chooses_pictures_sees_those_that_are_not_public_and_no_cache_keeps_them(client, role):
    image = make_image((400, 300))
    client.force_login(make_user(role))
    for url in urls_of(image):
        response = client.get(url)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"


def test_nobody_else_who_logs_in_sees_them(client):
    image = make_image((400, 300))
    for user in (make_user(""), make_user("translator"), make_user("editor", is_staff=False)):
        client.force_login(user)
        assert answers(client, image) == {404}


def test_a_public_picture_is_the_same_for_all_and_asks_one_query(client):
    image = make_image((400, 300))
    make_topic(image=image)
    client.force_login(make_user("editor"))
    with CaptureQueriesContext(connection) as asked:
        response = client.get(image.file.url)
    assert len(asked) == 1
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable, s-maxage=300"


@pytest.mark.parametrize("make", [make_publication, make_event])
def test_who_holds_a_preview_sees_the_pictures_of_that_page_and_no_others(client, make):
    image, other = make_image((800, 600)), make_image((400, 300))
    fields = {"cover": image} if make is make_publication else {}
    link = preview(make(published=False, topics=[make_topic()], **fields), by=make_user("author"))
    page = soup(client.get(f"{link.get_absolute_url()}page/"))
    shown = {tag["src"] for tag in page.select("main img")} | {
        one.split()[0] for tag in page.select("main [srcset]") for one in tag["srcset"].split(", ")
    }
    assert bool(shown) == bool(fields)
    for url in shown:
        response = client.get(url)
        assert response.status_code == 200, url
        assert response["Cache-Control"] == "no-store, private"
        assert response["Content-Type"].startswith("image/")
    for one in (image, other):
        if not (fields and one is image):
            assert client.get(f"{link.get_absolute_url()}{one.file.name}").status_code == 404
    link.revoke(by=make_user())
    assert {client.get(url).status_code for url in shown} <= {404}


# As what it is, and never as a page


def test_a_download_is_kept_under_our_name_and_is_no_page(client, download):
    response = client.get(download)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="water-en.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "public, no-cache"
    assert body(response) == BYTES


def test_a_name_is_told_as_headers_can_tell_it(rf, download):
    file = PublicationDownload.objects.get().file
    for name, told in (
        ("ñandú.pdf", "attachment; filename*=utf-8''%C3%B1and%C3%BA.pdf"),
        ('a"b.pdf', 'attachment; filename="a\\"b.pdf"'),
    ):
        response = give_download(rf.get("/"), file, name)
        response.close()
        assert response["Content-Disposition"] == told


def test_no_stored_file_has_a_name_that_somebody_chose(client, download):
    for model in apps.get_models():
        for field in (field for field in model._meta.get_fields() if field.concrete and hasattr(field, "upload_to")):
            name = field.generate_filename(model(), "../../evil\n.PHP.html")
            assert "evil" not in name and ".." not in name and "\n" not in name, model


def test_there_is_no_folder_to_look_into(client, download):
    for path in ("/files/", "/files/images/", "/files/downloads/", "/files/../settings.py", "/files/%2e%2e/db.sqlite3"):
        assert client.get(path).status_code == 404


# Again, and in parts


def test_what_has_not_changed_is_not_sent_again(client, download):
    image = make_image((400, 300))
    make_topic(image=image)
    for url in (download, image.file.url):
        tag = client.get(url)["ETag"]
        again = client.get(url, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert "public" in again["Cache-Control"]
        assert client.get(url, headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_file_that_was_withdrawn_is_not_said_to_be_unchanged(client):
    image = make_image((400, 300))
    report = make_publication(cover=image, topics=[make_topic()])
    tag = client.get(image.file.url)["ETag"]
    report.withdraw(by=make_user())
    assert client.get(image.file.url, headers={"If-None-Match": tag}).status_code == 404


PARTS = [
    ("bytes=0-3", BYTES[:4], "0-3"),
    ("bytes=9-", BYTES[9:], f"9-{len(BYTES) - 1}"),
    ("bytes=-5", BYTES[-5:], f"{len(BYTES) - 5}-{len(BYTES) - 1}"),
    ("bytes=-999", BYTES, f"0-{len(BYTES) - 1}"),
    ("bytes=3-999999999999", BYTES[3:], f"3-{len(BYTES) - 1}"),
]


@pytest.mark.parametrize(("asked", "sent", "told"), PARTS)
def test_a_part_of_a_file_is_sent_where_it_is_asked_for(client, download, asked, sent, told):
    response = client.get(download, headers={"Range": asked})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {told}/{len(BYTES)}"
    assert response["Content-Length"] == str(len(sent))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert body(response) == sent


@pytest.mark.parametrize("asked", [f"bytes={len(BYTES)}-", "bytes=999999999999-", "bytes=-0"])
def test_a_part_that_there_is_not_is_refused(client, download, asked):
    response = client.get(download, headers={"Range": asked})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(BYTES)}")


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=٣-٤", f"bytes={'9' * 40}-", "bytes"]
)
def test_a_range_that_is_none_is_answered_by_the_whole(client, download, asked):
    response = client.get(download, headers={"Range": asked})
    assert response.status_code == 200
    assert body(response) == BYTES


def test_a_part_of_another_version_is_answered_by_the_whole(client, download):
    tag = client.get(download)["ETag"]
    ranged = {"Range": "bytes=0-3"}
    assert client.get(download, headers=ranged | {"If-Range": tag}).status_code == 206
    assert client.get(download, headers=ranged | {"If-Range": '"older"'}).status_code == 200


def test_a_file_is_only_read(client, download):
    image = make_image((400, 300))
    make_topic(image=image)
    for url in (download, image.file.url):
        assert client.head(url).status_code == 200
        assert client.head(url)["Content-Length"] == str(len(body(client.get(url))))
        for method in ("post", "put", "delete", "patch", "trace"):
            assert getattr(client, method)(url).status_code == 405


def test_a_large_file_is_never_read_whole(client, download, monkeypatch):
    sizes = []

    class Counted(BytesIO):
        size = 10_000_000

        def read(self, most=-1):
            sizes.append(most)
            return super().read(most)

    stored = Counted(b"x" * Counted.size)
    monkeypatch.setattr(default_storage, "_wrapped", SimpleNamespace(open=lambda *_: stored), raising=False)
    response = client.get(download, headers={"Range": "bytes=100-"})
    assert sum(map(len, response.streaming_content)) == Counted.size - 100
    assert 0 < max(sizes) <= 64 * 1024
    assert min(sizes) > 0
