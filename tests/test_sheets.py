"""A page waits for one style sheet, which is joined from those of the house."""

import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from research_hub.sheets import NAME, SHEETS, JoinedSheets

CSS = settings.BASE_DIR / "research_hub" / "static" / "css"
WITHOUT_TAGS = [
    settings.BASE_DIR / "templates" / "500.html",
    *settings.BASE_DIR.glob("research_hub/deploy/pages/*.html"),
]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    finders.get_finder.cache_clear()
    yield
    finders.get_finder.cache_clear()


def waited_for(page: str) -> list[str]:
    return [link["href"] for link in BeautifulSoup(page, "html.parser").select("link[rel=stylesheet]:not([media])")]


@pytest.mark.django_db
def test_a_page_waits_for_it_and_for_no_other(client):
    assert waited_for(client.get("/topics/").text) == [f"/static/{NAME}"]


def test_so_does_a_page_that_is_shown_when_the_site_fails():
    assert len(WITHOUT_TAGS) == 5
    for page in WITHOUT_TAGS:
        assert waited_for(page.read_text()) == [f"/static/{NAME}"]


def test_all_sheets_are_in_it_in_the_order_of_their_layers():
    text, sheets = Path(finders.find(NAME)).read_text(), [(CSS / f"{name}.css").read_text() for name in SHEETS]
    assert text.startswith("@layer tokens, base, layout, components, print;")
    places = [text.index(sheet) for sheet in sheets]
    assert places == sorted(places)
    assert len(text) == sum(map(len, sheets)) + len(sheets) - 1


def test_it_is_found_only_by_its_name():
    assert finders.find("css/nothing.css") is None
    assert finders.find("css/base.css") == str(CSS / "base.css")


def test_it_is_collected_and_written_anew_when_a_sheet_has_changed(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin", "django_prose_editor"])
    kept = settings.STATIC_ROOT / NAME
    assert kept.read_text() == Path(finders.find(NAME)).read_text()
    written = JoinedSheets().write()
    os.utime(written, (1, 1))
    assert JoinedSheets().write().stat().st_mtime == 1
    monkeypatch.setattr("research_hub.sheets.SHEETS", SHEETS[:2])
    assert JoinedSheets().write().stat().st_mtime > 1
    assert ".entry" not in written.read_text()
