"""Whatever is asked of a public address, by any means a client has: an answer, never an error of ours, and never one
that leads or speaks for somebody else."""

from urllib.parse import quote_from_bytes, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from research_hub.activity.filters import ActivityFilter
from research_hub.activity.twins import TWINS
from tests.factories import make_publication

from .conftest import some_of, tries

ANSWERS = {200, 301, 302, 304, 400, 404, 405, 410, 414, 422}
LISTS = ["/activity/", "/es/actividad/", "/search/", "/es/buscar/", "/publications/", "/es/eventos/", "/topics/water/"]
LISTS += ["/es/autores/ana-garcia/", "/regions/mexico/", "/series/field-notes/"]
OTHERS = ["/", "/es/", "/topics/", "/feeds/", "/api/", "/publications/rivers/", "/publications/rivers/cite.ris"]
OTHERS += ["/es/eventos/a-seminar/", "/events/a-seminar/event.ics", "/robots.txt", "/sitemap.xml", "/e/x/"]
PATHS = [*LISTS, *(path + file for path in LISTS for file in TWINS), *OTHERS]

ROOTS = ["/", "/es/", "/topics/", "/publications/", "/e/", "/files/", "/files/images/", "/preview/", "/api/v1/"]

KNOWN = [*ActivityFilter.base_filters, "page", "next", "lang", "width", "format", "after"]
HOSTILE = [
    b"\0",
    b"2017\0",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"%",
    b"%zz",
    b"9" * 400,
    b"-1",
    b"1e9",
    b"NaN",
    b"0x10",
    b"\xd9\xa3",
    b"12/31/9999",
    b"9999-12-31",
    b"31/12/9999",
    b"0001-01-01",
    b"0000",
    b"9999",
    b"10000",
    b"9999-99-99",
    b"feb 99999",
    b"1/1/1",
    b"--",
    b"2017..2016",
    b"<script>alert(1)</script>",
    b'"><img src=x onerror=alert(1)>',
    b"' OR 1=1 --",
    b"//evil.example",
    b"https://evil.example/",
    b"/\\evil.example",
    b"javascript:alert(1)",
    b"a\r\nSet-Cookie: x=1",
    b"../../etc/passwd",
    b"${7*7}",
    b"{{7*7}}",
    b"{0.__class__}",
    b"*",
    b'"',
    b'"a',
    b"a*b*",
    b"NEAR(a b)",
    b"a AND",
    b"col:x",
    b"( ) OR",
    b"\\",
    b"%s %d",
    b"water " * 500,
    b"*" * 500,
    b'"' * 501,
    "ñ́ﷺ😀\u202e".encode(),
    b"a" * 20_000,
]

values = st.one_of(
    st.sampled_from(HOSTILE),
    st.binary(max_size=30),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")),
)
names = st.one_of(st.sampled_from(KNOWN).map(str.encode), st.binary(max_size=8))
pairs = st.lists(st.tuples(names, values), max_size=6)


def written(asked: list[tuple[bytes, bytes]], is_raw: bool) -> str:
    """The query; raw, as no browser but many a tool sends it."""
    if is_raw:
        return "&".join((name + b"=" + value).decode("latin-1") for name, value in asked)
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in asked)


def is_sound(response) -> None:
    assert response.status_code in ANSWERS, response.status_code
    target = urlsplit(response.get("Location", ""))
    assert not target.netloc and not target.scheme and not target.path.startswith(("//", "/\\")), target
    assert "Set-Cookie" not in response
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if "html" in response["Content-Type"] or "xml" in response["Content-Type"]:
        assert b"<script>alert(1)" not in body and b"<img src=x" not in body
    assert not any("\n" in value or "\r" in value for value in response.headers.values())


@tries(40)
@given(path=st.sampled_from(PATHS), asked=pairs, is_raw=st.booleans())
@example(path="/activity/", asked=[(b"from", b"9999-12-31"), (b"to", b"12/31/9999")], is_raw=False)
@example(path="/es/actividad/", asked=[(b"to", b"31/12/9999"), (b"page", b"9" * 400)], is_raw=False)
@example(path="/search/", asked=[(b"q", b"a"), (b"q", b"b"), (b"order", b"relevance")], is_raw=False)
def test_any_query_has_an_answer(client, small_site, path, asked, is_raw):
    is_sound(client.get(path, QUERY_STRING=written(asked, is_raw)))


FILTERS = [*ActivityFilter.base_filters, "page"]


@pytest.mark.parametrize(("turn", "name"), list(enumerate(FILTERS)), ids=FILTERS)
def test_every_filter_takes_hostile_values_and_comes_twice(client, small_site, turn, name):
    for value in some_of(HOSTILE, turn, 5):
        for path in ("/topics/water/", "/es/actividad/list.csv", "/activity/feed.atom"):
            is_sound(client.get(path, QUERY_STRING=written([(name.encode(), value)], is_raw=False)))
    for path in ("/search/", "/es/buscar/events.ics"):
        doubled = [(name.encode(), b"2017"), (name.encode(), b"\0"), (name.encode() + b"[]", b"x")]
        is_sound(client.get(path, QUERY_STRING=written(doubled, is_raw=False)))


@tries(30)
@given(
    start=st.sampled_from(ROOTS),
    rest=st.one_of(st.sampled_from(HOSTILE), st.binary(max_size=40)),
    end=st.sampled_from(["", "/", "/page/", "/1/x.pdf", "/feed.atom", "/list.csv", "/cite.ris"]),
)
def test_any_path_has_an_answer(client, small_site, start, rest, end):
    is_sound(client.get(f"{start}{quote_from_bytes(rest)}{end}"))


HEADERS = [
    "Accept-Language",
    "Accept",
    "Accept-Encoding",
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "If-Range",
    "Referer",
    "User-Agent",
    "Cookie",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "HX-Request",
    "HX-Current-URL",
    "Authorization",
]
headers = st.dictionaries(
    st.sampled_from(HEADERS),
    st.one_of(st.sampled_from(HOSTILE), st.binary(max_size=30)).map(lambda value: value.decode("latin-1")),
    max_size=5,
)


@pytest.mark.once
@tries(30)
@given(path=st.sampled_from([*PATHS, "/api/v1/entries", "/admin/", "/es/admin/login/"]), sent=headers)
def test_any_header_has_an_answer(client, small_site, path, sent):
    response = client.get(path, headers=sent)
    assert response.status_code in ANSWERS


METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X"]


@pytest.mark.once
@pytest.mark.parametrize(("turn", "method"), list(enumerate(METHODS)), ids=METHODS)
def test_no_method_but_reading_is_taken(client, small_site, turn, method):
    for path in some_of(PATHS, turn, 12):
        response = client.generic(method, path, data="a=1", content_type="application/x-www-form-urlencoded")
        assert response.status_code in ({200, 405, 404} if method == "OPTIONS" else {405, 404}), (method, path)
        if method == "TRACE":
            assert b"a=1" not in response.content


@pytest.mark.once
@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain; charset=nope"]
)
def test_a_body_that_is_not_what_it_says_is_refused(client, small_site, kind):
    response = client.generic("POST", "/admin/login/", data=b"\xff\0{" * 100, content_type=kind)
    assert response.status_code in {200, 400, 403}


ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    "\x01https://evil.example",
    "https:///evil.example",
    "\t//evil.example",
]


@pytest.mark.once
def test_next_leads_to_no_other_site(client, django_user_model, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    django_user_model.objects.create_user("eve", password="Long enough 1", is_staff=True, is_superuser=True)
    for target in ELSEWHERE:
        for prefix in ("/admin/", "/es/admin/"):
            client.logout()
            typed = {"username": "eve", "password": "Long enough 1", "next": target}
            response = client.post(f"{prefix}login/", typed, query_params={"next": target})
            assert response.status_code == 302
            led = urlsplit(response["Location"])
            assert not led.netloc and not led.scheme and "evil" not in led.netloc, target


@pytest.mark.once
def test_a_very_long_address_is_answered(client, small_site):
    for path in (
        "/" + "a" * 60_000,
        "/topics/" + "a" * 60_000 + "/",
        "/e/" + "x" * 60_000 + "/",
        "/files/images/" + "a/" * 9_000,
    ):
        is_sound(client.get(path))
    is_sound(client.get("/activity/", QUERY_STRING="q=a&" * 900))


@pytest.mark.once
def test_a_host_that_is_not_ours_is_refused(client, small_site):
    for host in ("evil.example", "testserver.evil.example", "testserver:80@evil.example", "[::1", "a" * 5000):
        assert client.get("/", headers={"Host": host}).status_code == 400


def test_a_title_of_any_characters_does_not_break_what_tells_of_it(client, small_site):
    make_publication(
        "Ríos \u2028 ]]> & <b> \ufffe 😀 \u202e {{ 7*7 }}", title_es="", date="2017", summary_en="]]> \x0b x"
    )
    for path in PATHS:
        response = client.get(path)
        is_sound(response)
        if path in LISTS:
            assert b"<b> " not in response.content
