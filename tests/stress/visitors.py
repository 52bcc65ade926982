"""Readers and editors over HTTP, as browsers: what they were told is kept, and later compared with what is there."""

import http.client
import http.cookiejar
import random
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from research_hub.demonstration.pictures import landscape
from tests.admin.cast import Form

from .tally import Tally

TRUSTING = ssl._create_unverified_context()  # a certificate that signs itself, on this machine
PASSWORD = "a-long-word-of-the-stress-test"
PICTURE = (640, 360)  # pixels
PAUSE = 0.03  # seconds between two requests of one visitor: a load, not a flood


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer that is looked at."""

    def redirect_request(self, *args, **kwargs):
        return None


class Browser:
    """Keeps its cookies; every request is counted in the tally that is current."""

    def __init__(self, address: str, tally: Tally):
        self.address, self.tally = address, tally
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), urllib.request.HTTPSHandler(context=TRUSTING), Stay
        )

    def ask(self, path: str, sent: dict | None = None) -> tuple[int, str]:
        """The status and the page; 0 where there was no answer. What is sent may be files."""
        url = urllib.parse.urljoin(self.address, path)
        body = encode_multipart(BOUNDARY, sent) if sent is not None else None
        headers = {"Referer": url, "Accept": "text/html"} | ({"Content-Type": MULTIPART_CONTENT} if body else {})
        request = urllib.request.Request(url, body, headers)
        begun = time.monotonic()
        try:
            with self.opener.open(request, timeout=40) as answer:
                status, page = answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            status, page = error.code, error.read().decode(errors="replace")
        except OSError:  # cut off before there was an answer, or refused by nobody
            status, page = 0, ""
        except http.client.HTTPException:  # the answer ended before its end
            self.tally.count_cut(f"{'POST' if body else 'GET'} {path}", time.monotonic() - begun)
            return 0, ""
        self.tally.count(f"{'POST' if body else 'GET'} {path}", status, time.monotonic() - begun)
        return status, page


class Visitor(threading.Thread):
    """Does one thing after another until it is told to stop."""

    def __init__(self, browser: Browser, seed: int):
        super().__init__(daemon=True)
        self.browser, self.chance = browser, random.Random(seed)
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            self.act()
            time.sleep(PAUSE)

    def act(self) -> None:
        raise NotImplementedError


class Reader(Visitor):
    def __init__(self, browser: Browser, seed: int, paths: list[str]):
        super().__init__(browser, seed)
        self.paths = paths

    def act(self) -> None:
        self.browser.ask(self.chance.choice(self.paths))


class Editor(Visitor):
    """Saves one publication again and again, each time under another title, and publishes it now and then.

    `acknowledged` are the titles of which the site said that they were saved.
    """

    def __init__(self, browser: Browser, seed: int, name: str, password: str, pk: int):
        super().__init__(browser, seed)
        self.name, self.password, self.pk = name, password, pk
        self.acknowledged: list[str] = []
        self.published: list[str] = []
        self.number = 0

    @property
    def path(self) -> str:
        return f"/admin/publications/publication/{self.pk}"

    def log_in(self) -> None:
        status, page = self.browser.ask("/admin/login/?next=/admin/")
        sent = Form(page.replace("login-form", "login_form")).sent | {
            "username": self.name, "password": self.password, "next": "/admin/",
        }  # fmt: skip
        status, _page = self.browser.ask("/admin/login/", {**sent, **self.token(page)})
        if status != 302:
            raise RuntimeError(f"{self.name} cannot log in: {status}")

    def token(self, page: str) -> dict[str, str]:
        mark = 'name="csrfmiddlewaretoken" value="'
        return {"csrfmiddlewaretoken": page.partition(mark)[2].partition('"')[0]} if mark in page else {}

    def act(self) -> None:
        if self.chance.random() < 0.2:
            self.publish()
        else:
            self.save()

    def save(self) -> None:
        status, page = self.browser.ask(f"{self.path}/change/")
        if status != 200:
            return
        self.number += 1
        title = f"Stress {self.name} {self.number}"
        sent = Form(page).sent | self.token(page) | {"title_en": title, "_save": "1"}
        status, _page = self.browser.ask(f"{self.path}/change/", sent)
        if status == 302:
            self.acknowledged.append(title)

    def publish(self) -> None:
        """Without review, as an administrator may."""
        status, page = self.browser.ask(f"{self.path}/step/publish_unreviewed/")
        if status != 200:
            return
        status, _page = self.browser.ask(f"{self.path}/step/publish_unreviewed/", Form(page).sent | self.token(page))
        if status == 302 and self.acknowledged:
            self.published.append(self.acknowledged[-1])


class Uploader(Editor):
    """Now and then brings in a picture instead."""

    def publish(self) -> None:
        path = "/admin/media/image/add/"
        status, page = self.browser.ask(path)
        if status != 200:
            return
        self.number += 1
        alt = f"Stress {self.name} {self.number}"
        picture = SimpleUploadedFile("a.jpg", landscape(alt, PICTURE).read(), "image/jpeg")
        sent = Form(page).sent | self.token(page) | {"alt_en": alt, "file": picture, "_save": "1"}
        status, _page = self.browser.ask(path, sent)
        if status == 302:
            self.acknowledged.append(alt)


@contextmanager
def at_work(visitors: list[Visitor], tally: Tally) -> Iterator[None]:
    """Meanwhile all of them are; afterwards none is, whatever happened."""
    for visitor in visitors:
        visitor.browser.tally = tally
        visitor.start()
    try:
        yield
    finally:
        for visitor in visitors:
            visitor.is_over.set()
        for visitor in visitors:
            visitor.join(60)
