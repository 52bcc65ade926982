"""What crawlers are told, and what they ask for without having read a page."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.robotparser import RobotFileParser

import pytest
from django.contrib.staticfiles import finders
from PIL import Image


def rules(client) -> RobotFileParser:
    response = client.get("/robots.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    parser = RobotFileParser()
    parser.parse(response.content.decode().splitlines())
    return parser


def test_crawlers_are_led_to_the_sitemap(client):
    assert rules(client).site_maps() == ["https://hub.example/sitemap.xml"]


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("/", True),
        ("/es/", True),
        ("/topics/water/", True),
        ("/publications/?type=report", True),
        ("/activity/?page=2", True),
        ("/api/", True),
        ("/es/api/", True),
        ("/files/x/1/a.pdf", True),
        ("/admin/login/", False),
        ("/es/admin/", False),
        ("/preview/abc/", False),
        ("/search/?q=water", False),
        ("/es/buscar/", False),
        ("/api/v1/entries", False),
    ],
)
def test_they_are_kept_from_what_is_no_page_of_its_own(client, path, is_open):
    assert rules(client).can_fetch("AnyBot", path) == is_open


def test_they_are_kept_from_lists_narrowed_twice(client):
    assert "Disallow: /*?*&" in client.get("/robots.txt").content.decode().splitlines()


def test_the_icon_is_there_for_who_asks_at_the_root(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (301, "/static/img/favicon.ico")
    with open(finders.find("img/favicon.ico"), "rb") as file:
        icon = Image.open(BytesIO(file.read()))
    assert icon.format == "ICO"
    assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}


@pytest.mark.django_db
@pytest.mark.once
def test_who_finds_a_hole_is_told_where_to_tell_of_it(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = ["mailto:security@hub.example"]
    told = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in told.content.decode().splitlines())
    assert told["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:security@hub.example"
    assert fields["Canonical"] == "https://hub.example/.well-known/security.txt"
    assert timedelta(0) < datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC) < timedelta(days=365)
    settings.SECURITY_EXPIRES = "2027-12-31T00:00:00Z"
    assert b"Expires: 2027-12-31T00:00:00Z" in client.get("/.well-known/security.txt").content
