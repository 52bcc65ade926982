"""How often entries are read, from the logs of web servers: each read once, whatever becomes of the files."""

import gzip
import io
import sys
import tracemalloc
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from publications.models import Publication
from research_hub.translation import reads
from research_hub.translation.logs import lines, read_in
from research_hub.translation.models import Task
from research_hub.translation.reads import CountedLog, Reads, tell_the_queue, uncounted
from tests.factories import make_event, make_publication, make_topic

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)


def line(path, *, agent=FIREFOX, method="GET", status=200, day="31/Aug/2026", host="192.0.2.1", user="-", second=0):
    moment = f"{day}:13:55:{second:02} -0600"
    return f'{host} - {user} [{moment}] "{method} {path} HTTP/1.1" {status} 2326 "https://example.org/" "{agent}"\n'


def count(*files, **streams):
    told = io.StringIO()
    call_command("count_reads", *map(str, files), stdout=told, **streams)
    return told.getvalue()


@pytest.fixture
def log(tmp_path):
    return tmp_path / "access.log"


@pytest.fixture
def report(db):
    return make_publication("A Report", title_es="Un informe", summary_es="Qué dice.", topics=[make_topic()])


def counted(entry) -> dict:
    return dict(Reads.objects.filter(uid=entry.uid).values_list("month", "n"))


# A line


@pytest.mark.parametrize(
    "text",
    [
        line("/publications/a/"),
        line("/publications/a/", status=304),
        line("/publications/a/?utm_source=mail"),
        line("https://hub.example/publications/a/"),
        line("/publications/a/", user="ana garcía"),
        "hub.example:443 " + line("/publications/a/"),
        line("/publications/a/", agent="Mozilla/5.0 (Linux; Android 9; CUBOT_P40) Mobile Safari/537.36"),
        line("/publications/a/", agent='Mozilla/5.0 (X11) \\"quoted\\" Firefox/128.0'),
        line("/publications/a/", agent="Lynx/2.9.0 libwww-FM/2.14"),
        '192.0.2.1 - - [31/Aug/2026:13:55:36 -0600] "GET /publications/a/ HTTP/1.0" 200 -\n',
    ],
)
def test_a_read_is_a_page_given_to_a_person(text):
    assert read_in(text.encode()) == ("/publications/a/", AUGUST)


@pytest.mark.parametrize(
    "text",
    [
        *(line("/a/", status=status) for status in (206, 301, 302, 404, 410, 500)),
        *(line("/a/", method=method) for method in ("HEAD", "POST", "OPTIONS")),
        line("/a/", agent=GOOGLEBOT),
        line("/a/", agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36"),
        line("/a/", agent="Mozilla/5.0 (compatible; GoogleOther)"),
        line("/a/", agent="Mozilla/5.0 (Macintosh) Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"),
        line("/a/", agent="WhatsApp/2.23.20.0"),
        line("/a/", agent="Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
        line("/a/", agent="python-requests/2.32"),
        line("/a/", agent="curl/8.5.0"),
        line("/a/", agent="-"),
        line("https://["),
        line("/a/", day="31/Abc/2026"),
        line("/a/", day="31/Aug/0000"),
        '192.0.2.1 - - [31/Aug/2026:13:55:36 -0600] "\\x16\\x03\\x01" 400 226 "-" "-"\n',
        "no line of a log\n",
        "\n",
    ],
)
def test_what_failed_and_what_robots_and_previews_fetch_is_no_read(text):
    assert read_in(text.encode()) is None


# What is counted


def test_both_languages_are_one_entry_and_each_month_is_its_own(report, log):
    event = make_event("A Seminar")
    log.write_text(
        line("/publications/a-report/")
        + line("/es/publicaciones/un-informe/")
        + line("/es/publicaciones/un-informe/", day="01/Sep/2026")
        + line("/events/a-seminar/")
    )
    assert count(log) == f"{log}: reads counted: 4\n"
    assert counted(report) == {AUGUST: 2, SEPTEMBER: 1}
    assert counted(event) == {AUGUST: 1}


def test_a_page_that_shows_the_other_language_under_its_address_counts_too(log, db):
    only_english = make_publication("Only English")
    log.write_text(line("/es/publicaciones/only-english/"))
    count(log)
    assert counted(only_english) == {AUGUST: 1}


def test_what_was_read_at_an_old_address_counts_for_the_entry_that_moved(report, log):
    report.slug_en, report.slug_es = "renamed", "renombrado"
    report.save()
    log.write_text(
        line("/publications/a-report/") + line("/es/publicaciones/un-informe/") + line("/publications/renamed/")
    )
    count(log)
    assert counted(report) == {AUGUST: 3}


def test_the_working_copy_of_an_entry_takes_none_of_its_reads(report, log):
    Publication.objects.create(revises=report, type=report.type, title_en="Next", slug_en=report.slug_en)
    log.write_text(line("/publications/a-report/"))
    count(log)
    assert list(Reads.objects.values_list("uid", flat=True)) == [report.uid]


def test_no_other_page_counts(report, log):
    paths = [
        "/", "/es/", "/publications/", "/publications//", "/publications/a-report", "/publications/no-such/",
        "/publications/a-report/cite.bib", "/es/publications/a-report/", "/topics/water/", "/preview/a-report/",
        f"/e/{report.uid}/", f"/admin/publications/publication/{report.pk}/preview/", "*",
    ]  # fmt: skip
    log.write_text("".join(line(path) for path in paths))
    assert count(log) == f"{log}: reads counted: 0\n"
    assert not Reads.objects.exists()


def test_nothing_of_the_readers_is_kept(report, log):
    log.write_text(line("/publications/a-report/", user="ana.garcia"))
    count(log)
    kept = str([*Reads.objects.values(), *CountedLog.objects.values()])
    assert report.uid in kept
    assert "192.0.2" not in kept and "garcia" not in kept and "Firefox" not in kept


# Each read once


def test_a_log_counted_twice_counts_once_and_only_what_was_added_is_new(report, log):
    log.write_text(line("/publications/a-report/"))
    assert [count(log), count(log)] == [f"{log}: reads counted: 1\n", f"{log}: reads counted: 0\n"]
    with log.open("a") as file:
        file.write(line("/publications/a-report/") * 2)
    assert count(log) == f"{log}: reads counted: 2\n"
    assert counted(report) == {AUGUST: 3}


def test_a_line_that_is_still_being_written_is_counted_when_it_is_finished(report, log):
    whole = line("/publications/a-report/")
    log.write_text(whole + whole[:60])
    count(log)
    log.write_text(whole + whole)
    count(log)
    assert counted(report) == {AUGUST: 2}


def test_a_log_that_is_rotated_and_packed_is_the_log_it_was(report, log, tmp_path):
    read = line("/publications/a-report/")
    log.write_text(read)
    count(log)
    rotated, packed = tmp_path / "access.log.1", tmp_path / "access.log.2.gz"
    rotated.write_text(log.read_text() + read)  # written between the last count and the rotation
    log.write_text(line("/publications/a-report/", second=59))
    assert count(rotated, log) == f"{rotated}: reads counted: 1\n{log}: reads counted: 1\n"
    packed.write_bytes(gzip.compress(rotated.read_bytes()))
    assert count(packed, log) == f"{packed}: reads counted: 0\n{log}: reads counted: 0\n"
    assert counted(report) == {AUGUST: 3}


def test_logs_of_two_servers_that_begin_alike_are_two_logs(report, tmp_path):
    check, read = line("/healthz", agent="ELB-HealthChecker/2.0"), line("/publications/a-report/")
    first, second = tmp_path / "one.log", tmp_path / "two.log"
    first.write_text(check + read)
    second.write_text(check + line("/healthz") + read * 2)
    count(first, second)
    count(second, first)
    assert counted(report) == {AUGUST: 3}


def test_what_comes_in_is_counted_like_a_file_packed_or_not(report, log, monkeypatch):
    text = line("/publications/a-report/").encode()
    for sent in (text, gzip.compress(text), text * 2):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(sent))))
        count("-")
    assert counted(report) == {AUGUST: 2}


@pytest.mark.parametrize("broken", ["move_mark", "add"])
def test_a_count_that_is_killed_leaves_nothing_and_is_done_again_whole(report, log, monkeypatch, broken):
    log.write_text(line("/publications/a-report/") * 3)

    def killed(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(reads, broken, killed)
        with pytest.raises(KeyboardInterrupt):
            count(log)
    assert counted(report) == {}
    count(log)
    assert counted(report) == {AUGUST: 3}


def test_two_who_count_at_once_count_once(report, log, monkeypatch):
    log.write_text(line("/publications/a-report/"))

    def meanwhile(addresses):
        with monkeypatch.context() as patched:
            patched.undo()
            patched.setattr(reads, "uids_at", uids_at)
            count(log)
        return uids_at(addresses)

    uids_at = reads.uids_at
    monkeypatch.setattr(reads, "uids_at", meanwhile)
    with pytest.raises(CommandError, match="Run it again"):
        count(log)
    assert counted(report) == {AUGUST: 1}


# What is refused


def test_a_file_that_is_no_log_is_refused_and_not_remembered(report, log):
    log.write_text('{"path": "/publications/a-report/", "status": 200}\n')
    with pytest.raises(CommandError, match="no log in the Common or Combined Log Format"):
        count(log)
    assert not CountedLog.objects.exists()


def test_a_packed_log_that_breaks_off_is_refused_whole(report, log):
    packed = gzip.compress("".join(line("/publications/a-report/", second=n % 60) for n in range(500)).encode())
    for broken in (packed[:-20], packed[:200] + b"\0" * 200 + packed[400:]):
        log.write_bytes(broken)
        with pytest.raises(CommandError, match="nothing of it is counted"):
            count(log)
    assert counted(report) == {}


def test_a_file_that_is_not_there_is_said_and_those_before_it_are_counted(report, log, tmp_path):
    log.write_text(line("/publications/a-report/"))
    with pytest.raises(CommandError, match=r"absent\.log"):
        count(log, tmp_path / "absent.log")
    assert counted(report) == {AUGUST: 1}


def test_an_empty_log_is_no_fault(report, log):
    log.write_text("")
    assert count(log) == f"{log}: reads counted: 0\n"


# Much


def test_what_is_kept_while_counting_does_not_grow_with_the_log(db):
    def peak(n):
        texts = (line(f"/publications/a-report/?n={number}").encode() for number in range(n))
        tracemalloc.start()
        assert uncounted(texts, set()).reads.total() == n
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)
    assert peak(10_000) < 2 * peak(1_000)


def test_a_line_without_an_end_is_read_in_pieces(log):
    log.write_bytes(b"x" * 200_000)
    with log.open("rb") as file:
        assert max(map(len, lines(file))) <= 1 << 16


def test_many_addresses_are_looked_up_in_few_queries(log, db, django_assert_max_num_queries):
    entries = [make_publication(f"Report {n}") for n in range(30)]
    log.write_text("".join(line(entry.get_absolute_url("en")) for entry in entries))
    with django_assert_max_num_queries(18):
        count(log)
    assert Reads.objects.count() == 30


# For the desk


def in_the_queue(today: date) -> dict[str, int]:
    tell_the_queue(today)
    return dict(Task.objects.values_list("uid", "reads"))


def test_the_queue_knows_what_was_read_within_a_year(report, log):
    unread = make_publication("Unread")
    log.write_text(
        line("/publications/a-report/", day="31/Jul/2026")
        + line("/publications/a-report/")
        + line("/publications/a-report/", day="02/Sep/2026")
    )
    count(log)
    assert in_the_queue(date(2027, 7, 20)) == {report.uid: 3, unread.uid: 0}
    assert in_the_queue(date(2027, 8, 20)) == {report.uid: 2, unread.uid: 0}
    assert in_the_queue(date(2027, 9, 20)) == {report.uid: 1, unread.uid: 0}
    assert in_the_queue(date(2027, 10, 20)) == {report.uid: 0, unread.uid: 0}
