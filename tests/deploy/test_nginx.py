"""The site as it is served: gunicorn behind Debian's nginx, both as configured in research_hub/deploy."""

import gzip
import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

import brotli
import pytest

from research_hub.translation.logs import read_in
from tests.servers import TRUSTING, ask, kill_worker, wait_until

pytestmark = [pytest.mark.once, pytest.mark.django_db]  # the database of the test run is copied for the site

SLOW_CONNECTIONS = 200


@pytest.fixture
def get(nginx):
    def get(path, **options):
        return ask(nginx.ports["https"], path, tls=True, **options)

    return get


def echoed(answer) -> dict[str, str]:
    return json.loads(answer.body)


def test_plain_http_leads_to_the_same_address_with_tls(nginx):
    answer = ask(nginx.ports["http"], "/topics/?page=2")
    assert (answer.status, answer.headers["Location"]) == (308, "https://127.0.0.1/topics/?page=2")


@pytest.mark.parametrize(("path", "words"), [("/topics/water/", "Recent Activity"), ("/es/temas/agua/", "Agua")])
def test_a_page_passes_with_its_headers_and_is_not_made_twice(get, path, words):
    page = get(path)
    assert page.status == 200
    assert words in page.text
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert page.headers["Server"] == "nginx"
    unchanged = get(path, If_None_Match=page.headers["ETag"])
    assert (unchanged.status, unchanged.body) == (304, b"")


def test_a_page_is_sent_packed_to_who_takes_it(get):
    packed = get("/topics/water/", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"Recent Activity" in gzip.decompress(packed.body)


def test_a_static_file_is_kept_for_ever_by_its_digest_and_comes_packed(get):
    (path,) = set(re.findall(r"/static/css/site\.[0-9a-f]{12}\.css", get("/").text))
    plain = get(path)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Content-Type"] == "text/css; charset=utf-8"
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = get(path, Accept_Encoding=encoding)
        assert packed.headers["Content-Encoding"] == encoding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert len(packed.body) < len(plain.body) / 2
        assert unpack(packed.body) == plain.body


def test_a_static_file_that_has_no_digest_in_its_name_is_kept_for_an_hour(get):
    assert get("/static/css/site.css").headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/css/", "/static/css/site.css.br", "/static/staticfiles.json", "/static/../db.sqlite3"]
    + ["/static../db.sqlite3", "/_files/", "/_files../db.sqlite3", "/_pages/413.en.html", "/files/", "/.git/config"],
)
def test_nothing_else_of_the_disk_is_served(get, path):
    assert get(path).status in (400, 403, 404)


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [("/admin/", "en", "The file is too large"), ("/es/admin/", "es", "El archivo es demasiado grande")],
)
def test_a_body_that_is_too_large_is_refused_in_the_readers_language_before_it_is_sent(get, path, language, words):
    answer = get(path, method="POST", Content_Length=str(60 * 1024 * 1024))
    assert answer.status == 413
    assert answer.headers["Content-Language"] == language
    assert words in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.seconds < 5


def test_a_body_within_the_limit_reaches_the_application_whole(get):
    answer = get("/test/echo", method="POST", body=b"x" * 2_000_000)
    assert echoed(answer)["received"] == 2_000_000


def test_the_address_and_the_scheme_are_what_nginx_saw_whatever_the_reader_says(get):
    told = echoed(
        get(
            "/test/echo",
            X_Forwarded_For="203.0.113.7",
            X_Forwarded_Proto="http",
            X_Forwarded_Host="evil.example",
            X_Real_IP="203.0.113.7",
            Forwarded="for=203.0.113.7",
            X_Request_ID="chosen-by-the-reader",
        )
    )
    assert told["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert told["HTTP_X_FORWARDED_PROTO"] == told["wsgi.url_scheme"] == "https"
    assert not {"HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_REAL_IP"} & told.keys()


def test_a_proxy_that_is_trusted_says_who_asks(servers, site, gunicorn, nginx, tmp_path):
    trusted = tmp_path / "trusted-cdn.conf"
    trusted.write_text("set_real_ip_from 127.0.0.1;\n")
    behind = servers.nginx(gunicorn, site, TRUSTED=str(trusted))
    chain = "198.51.100.1, 203.0.113.7"  # the first was written by the reader, the last by the proxy
    told = echoed(ask(behind.ports["https"], "/test/echo", tls=True, X_Forwarded_For=chain))
    assert told["HTTP_X_FORWARDED_FOR"] == "203.0.113.7"


def test_a_request_has_one_number_in_the_answer_in_the_application_and_in_the_log(get, nginx):
    answer = get("/test/echo", X_Request_ID="chosen-by-the-reader")
    (number,) = answer.headers.get_all("X-Request-ID")
    assert echoed(answer)["HTTP_X_REQUEST_ID"] == number != "chosen-by-the-reader"
    log = nginx.log.parent / f"nginx-{nginx.port}" / "access.log"
    wait_until(lambda: number in log.read_text())
    assert '"GET /test/echo HTTP/1.1" 200' in log.read_text()


def test_the_log_is_one_that_count_reads_reads_and_names_no_reader(get, nginx):
    get("/topics/water/?q=secret-wish", User_Agent="Mozilla/5.0 (X11) Firefox/140.0")
    log = nginx.log.parent / f"nginx-{nginx.port}" / "access.log"
    wait_until(lambda: "Firefox/140.0" in log.read_text())
    (line,) = (line for line in log.read_bytes().splitlines() if b"Firefox/140.0" in line)
    path, _month = read_in(line)
    assert path == "/topics/water/"
    assert b"127.0.0.1" not in line and b"secret-wish" not in line


WITH_A_FILE = """
import django; django.setup()
from django.core.files.base import ContentFile
from tests.factories import make_publication, make_user
for title in ("With a file", "Withdrawn"):
    entry = make_publication(title)
    entry.downloads.create(language="en", file=ContentFile(b"%PDF-1.4 " + b"0123456789" * 1000, "a.pdf"))
    print(entry.uid, entry.downloads.get().pk)
entry.withdraw(by=make_user())
"""


def test_a_file_is_sent_by_nginx_once_the_site_has_said_that_it_may_be_had(get, site, gunicorn):
    given, refused = (line.split() for line in site.run(WITH_A_FILE).splitlines())
    (address,) = re.findall(r'href="(/files/[^"]+)"', get("/publications/with-a-file/").text)
    assert address.startswith(f"/files/{given[0]}/{given[1]}/")
    told = ask(gunicorn.port, address, X_Forwarded_Proto="https", Host="127.0.0.1")
    assert told.headers["X-Accel-Redirect"].startswith("/_files/downloads/")
    assert told.body == b""

    whole = get(address)
    assert (whole.status, len(whole.body)) == (200, 10_009)
    assert whole.headers["Content-Type"] == "application/pdf"
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert whole.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Cache-Control"] == told.headers["Cache-Control"]
    assert "X-Accel-Redirect" not in whole.headers
    part = get(address, Range="bytes=9-18")
    assert (part.status, part.body) == (206, b"0123456789")
    assert get(address, If_None_Match=whole.headers["ETag"]).status == 304
    assert get(address.replace("/".join(given), "/".join(refused))).status in (404, 410)
    assert get(told.headers["X-Accel-Redirect"]).status == 404


def test_clients_that_send_their_headers_slowly_starve_nobody(get, nginx):
    slow = [TRUSTING.wrap_socket(opened(nginx)) for _ in range(SLOW_CONNECTIONS)]
    try:
        for connection in slow:
            connection.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow:")
        answers = [get("/topics/water/") for _ in range(20)]
    finally:
        for connection in slow:
            connection.close()
    assert {answer.status for answer in answers} == {200}
    assert quantiles([answer.seconds for answer in answers], n=20)[-1] < 5


def opened(nginx) -> socket.socket:
    return socket.create_connection(("127.0.0.1", nginx.ports["https"]), timeout=10)


def test_a_worker_that_is_killed_takes_no_other_request_with_it(get, gunicorn):
    for pid in gunicorn.children()[:1]:
        kill_worker(pid)
    with ThreadPoolExecutor(4) as pool:
        assert {answer.status for answer in pool.map(lambda _n: get("/topics/water/"), range(20))} == {200}
    wait_until(lambda: len(gunicorn.children()) == 2)


@pytest.mark.parametrize(("path", "words"), [("/", "We will be right back"), ("/es/", "Volvemos enseguida")])
def test_while_the_application_is_away_nginx_says_so_in_the_readers_language(servers, site, nginx, path, words):
    away = servers.nginx(Nowhere(), site)
    answer = ask(away.ports["https"], path, tls=True)
    assert answer.status == 502
    assert words in answer.text
    assert answer.headers["Retry-After"] == "30"


class Nowhere:
    """Where nothing listens."""

    address = "127.0.0.1:9"


def test_requests_under_way_are_answered_when_gunicorn_is_told_to_stop(servers, site):
    server = servers.gunicorn(site, app="tests.deploy.echo", WEB_CONCURRENCY="1")
    with ThreadPoolExecutor(2) as pool:
        under_way = [pool.submit(ask, server.port, "/test/slow") for _ in range(2)]
        wait_until(lambda: server.told.count("slow: begun") == 2)
        server.process.terminate()
        assert [answer.result().text for answer in under_way] == ["slow", "slow"]
    assert server.process.wait(20) == 0
