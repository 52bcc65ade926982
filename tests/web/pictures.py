"""The pictures of docs/screens.md, taken of a running `make demo`: python -m tests.web.pictures [address [name …]]"""

import os
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import django
from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from research_hub.demonstration.load import PASSWORD  # noqa: E402
from tests.browser.conftest import LAUNCH  # noqa: E402

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
WIDE, PHONE = (1280, 1000), (390, 844)
PAPER, MARGIN = (640, 960), 76  # A4 in CSS pixels, about 2 cm of it margin
QUALITY = 72
PATIENCE = 120_000  # milliseconds; nothing is measured here


@dataclass(frozen=True)
class Picture:
    name: str
    path: str
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    media: str = "screen"
    staff: bool = False
    at: str = ""  # what it begins with, instead of the top of the page


PICTURES = [
    Picture("home", "/"),
    Picture("home-phone-dark", "/es/", PHONE, "dark"),
    Picture("topic", "/es/temas/cruces-irregulares/"),
    Picture("topic-list", "/topics/irregular-crossings/", at="#activity"),
    Picture("topic-phone", "/topics/irregular-crossings/?from=2016&to=2017", PHONE, at="#activity"),
    Picture("date-not-understood", "/es/temas/migracion/?from=31/31/2024", at="#activity"),
    Picture("publication", "/publications/the-waiting-room/"),
    Picture("publication-phone-dark", "/es/publicaciones/la-sala-de-espera/", PHONE, "dark"),
    Picture("publication-on-paper", "/publications/the-waiting-room/", PAPER, media="print"),
    Picture("cite", "/es/publicaciones/la-sala-de-espera/", at=".cite"),
    Picture("event-dark", "/events/how-to-read-an-electricity-bill/", WIDE, "dark"),
    Picture("event-phone", "/es/eventos/como-leer-un-recibo-de-luz/", PHONE),
    Picture("author", "/authors/renata-villafane/"),
    Picture("search-dark", "/es/buscar/?q=asilo", WIDE, "dark"),
    Picture("desk", "/es/admin/", staff=True),
    Picture("publication-form", "/es/admin/publications/publication/1/change/", staff=True),
    Picture("focal-point", "/admin/media/image/1/change/", staff=True),
    Picture("list-of-publications-phone", "/admin/publications/publication/", PHONE, staff=True),
]


def log_in(browser: Browser, site: str) -> dict:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/admin/login/?next=/topics/")
    page.fill("[name=username]", "administrator")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{site}/topics/", timeout=PATIENCE)
    return context.storage_state()


def take(browser: Browser, site: str, picture: Picture, cookies: dict) -> None:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=picture.scheme,
        storage_state=cookies if picture.staff else None,
    )
    page = context.new_page()
    page.emulate_media(media=picture.media, color_scheme=picture.scheme)
    page.goto(site + picture.path, timeout=PATIENCE)
    page.wait_for_load_state("networkidle", timeout=PATIENCE)
    top = page.locator(picture.at).first.bounding_box()["y"] - 16 if picture.at else 0
    clip = {"x": 0, "y": top, "width": width, "height": height}
    taken = Image.open(BytesIO(page.screenshot(full_page=True, clip=clip)))
    if picture.media == "print":
        taken = ImageOps.expand(taken.convert("RGB"), MARGIN, "white")
    taken.save(FOLDER / f"{picture.name}.webp", quality=QUALITY)
    context.close()


def main(site: str = "http://127.0.0.1:8000", *names: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        cookies = log_in(browser, site)
        for picture in [picture for picture in PICTURES if not names or picture.name in names]:
            take(browser, site, picture, cookies)
            print(f"{picture.name}.webp", flush=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
