"""Whatever is uploaded: it is kept as it should be, or its field says why not."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image as Picture
from pytest_django.asserts import assertContains

from publications.models import PublicationDownload
from research_hub.media.checks import FORMATS
from research_hub.media.models import Image
from tests.factories import make_pdf, make_publication, make_topic, make_user

from .cast import address, form_at, press, row

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


@pytest.fixture(autouse=True)
def editor(client):
    client.force_login(make_user("editor"))


def picture(form="JPEG", size=(60, 40)):
    out = BytesIO()
    options = {"bitmap_format": "bmp"} if form == "ICO" else {}
    Picture.effect_noise(size, 80).convert("RGB").save(out, form, **options)
    return out.getvalue()


def upload_image(client, name, content, language="en"):
    """The errors of the form, by field; none where the picture was kept."""
    url = address(Image(), language, "add")
    page = press(client, url, file=SimpleUploadedFile(name, content), alt_en="What it shows")
    return {} if page.status_code == 302 else page.context["adminform"].form.errors


def upload_download(client, name, content, language="en"):
    publication = make_publication(topics=[make_topic()])
    url = address(publication, language)
    sent = form_at(client, url) | {"downloads-TOTAL_FORMS": "1"}
    page = press(client, url, sent=sent, **row("downloads", 0, file=SimpleUploadedFile(name, content), language="en"))
    return {} if page.status_code == 302 else page.context["inline_admin_formsets"][2].formset.errors[0]


@LANGUAGES
@pytest.mark.parametrize(("name", "form"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_a_picture_is_kept_under_a_name_of_ours(client, language, name, form):
    assert upload_image(client, name, picture(form), language) == {}
    image = Image.objects.get()
    assert (image.width, image.height) == (60, 40)
    assert "/a." not in image.file.name


@LANGUAGES
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.jpg", picture(size=(300, 300))[:4000]),
        ("text.png", b"<script>alert(1)</script>"),
        ("empty.jpg", b""),
        ("other.jpg", picture("GIF")),
        ("other.gif", picture("GIF")),
        ("drawing.ico", picture("ICO", (64, 64))),  # measured from its first kilobyte, its decoder fails
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("page.html", picture()),
    ],
)
def test_what_is_no_whole_picture_is_refused_at_its_field(client, language, name, content):
    assert list(upload_image(client, name, content, language)) == ["file"]
    assert not Image.objects.exists()


@LANGUAGES
def test_a_refusal_speaks_the_readers_language(client, language):
    url = address(Image(), language, "add")
    with translation.override(language):
        expected = translation.gettext("The submitted file is empty.")
    assertContains(press(client, url, file=SimpleUploadedFile("empty.jpg", b"")), expected)


@LANGUAGES
def test_a_pdf_is_kept_with_its_size_and_can_be_opened_again(client, language):
    content = make_pdf().read()
    assert upload_download(client, "report.pdf", content, language) == {}
    download = PublicationDownload.objects.get()
    assert download.bytes == len(content)
    page = client.get(address(download.publication, language)).content.decode()
    link = re.search(r'href="(\S+/downloads/\d+/)"', page)[1]
    opened = client.get(link)
    assert b"".join(opened.streaming_content) == content


@LANGUAGES
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", b"MZ\x90 not a PDF"),
        ("cut.pdf", b"%PDF-1.4 and then the line went dead"),
        ("empty.pdf", b""),
        ("report.exe", make_pdf().read()),
        ("picture.pdf", picture()),
    ],
)
def test_what_is_no_whole_pdf_is_refused_at_its_field(client, language, name, content):
    assert list(upload_download(client, name, content, language)) == ["file"]
    assert not PublicationDownload.objects.exists()


def test_a_file_that_is_too_large_is_refused(client, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    assert list(upload_image(client, "a.png", picture("PNG", (300, 300)))) == ["file"]
    assert list(upload_download(client, "a.pdf", b"%PDF-" + b" " * 2000 + b"%%EOF")) == ["file"]


def test_files_of_a_draft_are_only_for_those_who_may_see_it_here(client):
    draft = make_publication(published=False)
    download = draft.downloads.create(language="en", file=SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF"))
    url = f"/admin/publications/publication/{draft.pk}/downloads/{download.pk}/"
    assert client.get(url).status_code == 200
    assert client.get(url.replace(f"/{download.pk}/", "/999/")).status_code == 404
    client.force_login(make_user(""))
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


# Real files, where there are some


def told_of(shared_data, folder: str) -> dict[Path, dict]:
    """What the parsers of others make of each file: EXPECTED.tsv."""
    lines = (shared_data / "EXPECTED.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines if line.startswith(f"uploads/{folder}/"))
    return {shared_data / name: json.loads(told) for name, _bytes, told in rows}


@LANGUAGES
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_of_real_pictures_those_are_kept_that_can_be_read_and_are_of_our_formats(client, shared_data, language):
    wrong, kept = {}, 0
    for path, told in told_of(shared_data, "images").items():
        is_whole = told.get("load") == "ok" and "exif_error" not in told  # a chunk of it has another sum than it says
        wanted = is_whole and told["format"] in FORMATS
        errors = upload_image(client, path.name, path.read_bytes(), language)
        kept += wanted
        if errors.keys() != (set() if wanted else {"file"}) or Image.objects.count() != kept:
            wrong[path.name] = errors
    assert wrong == {}
    assert kept == 29


@LANGUAGES
def test_of_real_pdfs_those_are_kept_that_anybody_can_open(client, shared_data, language):
    wrong = {}
    for path, told in told_of(shared_data, "pdf").items():
        errors = upload_download(client, path.name, path.read_bytes(), language)
        if bool(errors.get("file")) != told["encrypted"]:
            wrong[path.name] = errors
    assert wrong == {}
    assert PublicationDownload.objects.count() == 26
