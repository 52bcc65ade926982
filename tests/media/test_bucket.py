"""Files in an object store: nothing in it is public, and who may have a file gets it from the site or by a link that
ends. Against moto, which speaks S3."""

import time
import zipfile
from io import StringIO
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import boto3
import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from moto.server import ThreadedMotoServer

from research_hub.archive.backups import FILES, Failed, put_files
from research_hub.demonstration.pictures import landscape
from research_hub.media.models import Image
from tests.admin.cast import press
from tests.factories import make_publication, make_topic, make_user
from tests.pages import soup

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
BYTES = b"%PDF-1.4\n0123456789\n%%EOF"


@pytest.fixture(scope="module")
def store():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store, settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-for-tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-for-tests")
    name = f"hub-{time.monotonic_ns()}"
    settings.FILES_BUCKET = name
    options = {"bucket_name": name, "endpoint_url": store, "region_name": "us-east-1", "querystring_expire": 60}
    options["signature_version"] = "s3v4"
    described = {"BACKEND": "research_hub.media.bucket.Bucket", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": described}
    client = boto3.client("s3", endpoint_url=store, region_name="us-east-1", config=Config(retries={"max_attempts": 1}))
    client.create_bucket(Bucket=name)
    return client


def test_a_download_is_had_by_a_link_that_ends_and_never_by_the_page_itself(client, bucket, settings):
    report = make_publication("Water")
    report.downloads.create(language="en", file=ContentFile(BYTES, "a.pdf"))
    page = client.get(report.get_absolute_url())
    address = soup(page).select_one(".downloads a")["href"]
    assert settings.FILES_BUCKET not in page.content.decode()

    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert "X-Amz-Signature" in asked
    with urlopen(answer["Location"]) as got:
        assert got.read() == BYTES
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert got.headers["Content-Type"] == "application/pdf"

    report.withdraw(by=make_user())
    assert client.get(address).status_code in (404, 410)


def test_a_picture_and_its_renditions_are_kept_there_and_sent_from_here(client, bucket, settings):
    image = Image.objects.create(file=landscape("a"), alt_en="A river")
    make_topic(image=image)
    image.refresh_from_db()
    stored = {found["Key"] for found in bucket.list_objects_v2(Bucket=settings.FILES_BUCKET)["Contents"]}
    assert set(image.files) == stored
    assert len(stored) > 5
    for name in image.files[:3]:
        answer = client.get(default_storage.url(name))
        assert answer.status_code == 200
        assert answer["Cache-Control"].startswith("public, max-age=31536000, immutable")
        assert len(b"".join(answer.streaming_content)) == default_storage.size(name)
    image.delete()
    assert "Contents" not in bucket.list_objects_v2(Bucket=settings.FILES_BUCKET)


def test_a_bad_file_is_refused_before_it_gets_there(client, bucket, settings):
    client.force_login(make_user("administrator", is_superuser=True))
    bad = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    assert press(client, reverse("admin:media_image_add"), file=bad, alt_en="x").status_code == 200
    assert "Contents" not in bucket.list_objects_v2(Bucket=settings.FILES_BUCKET)


def test_an_export_reads_the_files_from_there(bucket, tmp_path):
    report = make_publication("Water")
    report.downloads.create(language="en", file=ContentFile(BYTES, "a.pdf"))
    call_command("export_archive", str(tmp_path / "a.zip"), stdout=StringIO(), stderr=StringIO())
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".pdf"))
        assert archive.read(name) == BYTES


def test_a_backup_says_that_the_files_are_not_in_it(bucket, tmp_path):
    told = StringIO()
    call_command("backup", str(tmp_path), stdout=told, stderr=StringIO())
    assert "the database alone" in told.getvalue()


def test_files_are_not_put_back_where_nobody_would_look_for_them(bucket, tmp_path, settings):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr(f"{FILES}downloads/a.pdf", BYTES)
    with zipfile.ZipFile(tmp_path / "a.zip") as backup, pytest.raises(Failed, match="FILES_BUCKET"):
        put_files(backup, lambda done, of: None)
    assert not settings.MEDIA_ROOT.exists()
