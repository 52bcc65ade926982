"""Somebody of each role, and a visitor, follows the links and sends the forms of the demonstration, in both languages:
no error of ours, and nothing that is not theirs to see."""

import re
from collections import Counter, deque
from itertools import islice
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from research_hub.demonstration.load import load_demonstration
from tests.factories import make_event, make_publication, make_topic, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOME = "http://testserver"
ROLES = ["visitor", "staff without a role", "author", "editor", "publisher", "translator", "administrator"]
MOST_ALIKE = 2  # of addresses that differ in numbers, names and values alone
PUBLIC = ["/", "/es/", "/activity/", "/es/actividad/", "/topics/", "/es/temas/", "/feeds/", "/es/canales/", "/api/"]
PUBLIC += ["/sitemap.xml", "/robots.txt", "/api/v1/"]
ACCOUNTS = ["/admin/auth/user/", "/es/admin/auth/user/", "/admin/editorial/auditentry/"]
OF_THE_STAFF = ["/admin/", "/es/admin/", "/admin/publications/publication/", *ACCOUNTS]
# What there is for a visitor is seen whole; what for the staff, as far as it takes some seconds.
PAGES = {"visitor": 1_000, "staff without a role": 1_000}
PAGES_OF_THE_STAFF = 45
ODD = ["9" * 20, "9999-12-31", "x\u2028'\"<b>ñ", "\0", "-1", ""]
LEAVES = re.compile(r"/logout/|/password_change/")  # after these the rest would be another's way
DRAFT, OF_ANOTHER = "xyzzy", "plugh"
ACCOUNT = "grue"  # the name of an account, which stands on no page for readers


@pytest.fixture
def site():
    """The demonstration, with two drafts in it: the author's of the demonstration, and that of somebody else."""
    load_demonstration()
    author, other = get_user_model().objects.get(username="author"), make_user("author", username=ACCOUNT)
    topic = make_topic("Caves", "Cuevas")
    for word, of in ((DRAFT, author), (OF_ANOTHER, other)):
        fields = {"summary_en": word, "title_es": word, "body_en": f"<p>{word}</p>", "created_by": of}
        make_publication(f"{word} one", published=False, topics=[topic], **fields)
        make_event(f"{word} two", published=False, topics=[topic], **fields)
    return {role: get_user_model().objects.filter(username=role).first() for role in ROLES}


class Walk:
    """A walk from some addresses, to those without a query first; `seen` holds what every page said."""

    def __init__(self, client):
        self.client, self.alike, self.known = client, Counter(), set()
        self.plain, self.queries, self.forms, self.seen, self.wrong = deque(), deque(), 0, {}, []
        self.opened = set()

    def add(self, url: str) -> None:
        path = urldefrag(url).url
        sort = (
            re.sub(r"[0-9]+|(?<=[a-z]/)[^/]+(?=/)", "_", urlsplit(path).path),
            *sorted(dict(parse_qsl(urlsplit(path).query))),
        )
        is_ours = urlsplit(path).netloc == urlsplit(HOME).netloc
        if is_ours and path not in self.known and self.alike[sort] < MOST_ALIKE and not LEAVES.search(path):
            self.alike[sort] += 1
            self.known.add(path)
            (self.queries if urlsplit(path).query else self.plain).append(path)

    def go(self, starts: list[str], most: int) -> "Walk":
        for start in starts:
            self.add(HOME + start)
        for url in islice(self.todo(), most):
            self.look(url, self.client.get(url.removeprefix(HOME)))
        return self

    def todo(self):
        while self.plain or self.queries:
            yield (self.plain or self.queries).popleft()

    def look(self, url: str, response) -> None:
        if response.status_code >= 500:
            self.wrong.append((response.status_code, url))
        if "Location" in response:
            self.add(urljoin(url, response["Location"]))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        self.seen[url] = body.decode(errors="replace")
        if response.status_code == 200:
            self.opened.add(urlsplit(url).path)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            page = BeautifulSoup(body, "html.parser")
            for tag in page.select("a[href], link[href], img[src], script[src], iframe[src]"):
                self.add(urljoin(url, tag.get("href") or tag.get("src")))
            for form in page.select("form"):
                self.send(url, form)

    def send(self, url: str, form) -> None:
        """The form as it stands, but for one value that nobody would type."""
        target, method = urljoin(url, form.get("action") or url), form.get("method", "get").lower()
        sort = (method, re.sub(r"[0-9]+", "_", urlsplit(target).path), form.get("id"))
        if LEAVES.search(target) or urlsplit(target).netloc != urlsplit(HOME).netloc or self.alike[sort] >= MOST_ALIKE:
            return
        self.alike[sort] += 1
        fields = {tag["name"]: tag.get("value") or "" for tag in form.select("[name]") if tag.get("type") != "file"}
        names = [name for name in fields if name != "csrfmiddlewaretoken"]
        for number, name in enumerate(names):
            if number % 3 == self.forms % 3:
                fields[name] = ODD[(self.forms + number) % len(ODD)]
        self.forms += 1
        path = target.removeprefix(HOME)
        response = self.client.post(path, fields) if method == "post" else self.client.get(path, fields)
        if response.status_code >= 500:
            self.wrong.append((response.status_code, method, target, fields))
        self.seen[f"{method} {target} {self.forms}"] = (
            "" if response.streaming else response.content.decode(errors="replace")
        )

    def told(self, word: str, inside="") -> list[str]:
        """Where the word stands."""
        return [url for url, body in self.seen.items() if word in body.lower() and inside in url]


def test_nobody_meets_an_error_or_what_is_not_theirs_to_see(site):
    for role in ROLES:
        client = Client(raise_request_exception=False)
        user = make_user("") if role == "staff without a role" else site[role]
        if user:
            client.force_login(user)
        is_of_the_staff = role not in PAGES
        starts = [*OF_THE_STAFF, *PUBLIC] if is_of_the_staff else [*PUBLIC, *OF_THE_STAFF]
        with transaction.atomic():
            walk = Walk(client).go(starts, PAGES.get(role, PAGES_OF_THE_STAFF))
            transaction.set_rollback(True)  # what one does with the forms, the next does not find
        assert walk.wrong == [], role
        assert walk.forms >= 10 and {"/", "/es/", "/sitemap.xml"} <= walk.opened, role
        public = [url for word in (DRAFT, OF_ANOTHER, ACCOUNT) for url in walk.told(word) if "/admin/" not in url]
        assert public == [], role
        assert bool(walk.told("changelist", inside="/admin/")) == is_of_the_staff, role
        if role != "translator":  # who may open them, but is shown them nowhere on the way
            assert bool(walk.told(DRAFT) or walk.told(OF_ANOTHER)) == is_of_the_staff, role
        assert walk.opened.isdisjoint(ACCOUNTS) == (role != "administrator"), role
        assert bool(walk.told(ACCOUNT, inside="/admin/auth/")) == (role == "administrator"), role
