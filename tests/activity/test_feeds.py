"""The feeds of a list: what the page shows, with its filter and in its order, for readers elsewhere."""

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture

from research_hub.editorial.versions import snapshot
from tests.factories import (
    make_author,
    make_event,
    make_publication,
    make_region,
    make_series,
    make_topic,
    make_user,
    publish,
)
from tests.pages import soup, titles, words

pytestmark = pytest.mark.django_db

XML = ["feed.atom", "feed.rss"]
FEEDS = [*XML, "feed.json"]
FILES = [*FEEDS, "podcast.rss", "list.csv", "events.ics"]
MIMES = {
    "feed.atom": "application/atom+xml; charset=utf-8",
    "feed.rss": "application/rss+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    "podcast.rss": "application/rss+xml; charset=utf-8",
    "list.csv": "text/csv; charset=utf-8; header=present",
    "events.ics": "text/calendar; charset=utf-8",
}
MOST_QUERIES = 6  # of which two read the topics, once after each change of anything public
OF_A_PODCAST = 9


@pytest.fixture
def topic():
    return make_topic()


def make_talk(title="A talk", *, url="https://media.example.org/talk.mp3", duration=None, **fields):
    """An event with a recording of which the address is that of an audio file."""
    event = make_event(title, published=False, **fields)
    event.media.create(kind="audio", url=url, duration=duration)
    return publish(event)


def read(response):
    """A feed as a feed reader takes it; one that is not in order fails."""
    assert response.status_code == 200
    headers = {"content-type": response["Content-Type"], "content-location": response.request["PATH_INFO"]}
    feed = feedparser.parse(response.content, response_headers=headers)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def titles_in(response) -> list[str]:
    if response["Content-Type"] == MIMES["feed.json"]:
        return [item["title"] for item in json.loads(response.content)["items"]]
    return [entry.title for entry in read(response).entries]


def lists():
    """A page of each sort that has a list, with an entry on it."""
    shelves = {"topics": [make_topic()], "regions": [make_region()]}
    author, series = make_author(), make_series()
    make_publication("A report", authors=[author], series=series, **shelves)
    make_event("An event", media=["audio"], speakers=[author], **shelves)
    owners = [*shelves["topics"], *shelves["regions"], author, series]
    for language, pages in {
        "en": ["/activity/", "/events/", "/search/"],
        "es": ["/es/actividad/", "/es/eventos/", "/es/buscar/"],
    }.items():
        yield from pages
        yield from (owner.get_absolute_url(language) for owner in owners)


def test_every_list_has_all_its_twins_beside_it(client):
    for page in lists():
        for file, mime in MIMES.items():
            response = client.get(page + file)
            assert response.status_code == 200, page + file
            assert response["Content-Type"] == mime
            assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("file", FEEDS)
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "query",
    [{}, {"from": "2017", "to": "2018-06"}, {"kind": "event"}, {"language": "es"}, {"q": "river"}, {"undated": "1"}]
    + [{"from": "2018", "undated": "1"}, {"media": "1"}, {"q": "river", "order": "relevance"}],
)
def test_a_feed_holds_what_its_page_shows_in_the_same_order(client, topic, file, language, query):
    make_publication("A river of 2017", date="2017-03", topics=[topic], title_es="Un river de 2017", summary_es="Uno.")
    make_publication("Old", date="2015-01-02", summary_en="By the river.", topics=[topic])
    make_publication("Undated river", date="", topics=[topic])
    make_publication("On no list", date="2017-03-01")
    make_event("A river walk", starts_at=datetime(2018, 5, 1, 18, tzinfo=UTC), media=["video"], topics=[topic])
    path = topic.get_absolute_url(language)
    shown = titles(client.get(path, query))
    assert shown
    assert titles_in(client.get(path + file, query)) == shown


def test_a_search_is_followed_in_the_language_of_its_feed(client):
    make_publication("A river", title_es="Un río", summary_es="Uno.")
    assert titles(client.get("/es/buscar/", {"q": "river"})) == ["A river"]  # with the words that were found
    assert titles_in(client.get("/es/buscar/feed.atom", {"q": "river"})) == ["Un río"]


def test_a_feed_says_whose_list_it_is_and_what_it_is_narrowed_to(client, topic):
    query = {"from": "2017-02", "kind": "publication", "media": "1"}
    english = read(client.get("/topics/water/feed.atom", query)).feed
    assert english.title == "Water (From: February 2017, Kind: Publications, With a recording: Yes) – Research Hub"
    spanish = read(client.get("/es/temas/agua/feed.rss", query)).feed
    assert spanish.title == "Agua (Desde: febrero de 2017, Tipo: Publicaciones, Con grabación: Sí) – Research Hub"
    assert english.language, spanish.language == ("en", "es")
    assert read(client.get("/es/actividad/feed.atom")).feed.title == "Actividad reciente – Research Hub"
    assert json.loads(client.get("/topics/water/feed.json").content)["title"] == "Water – Research Hub"


@pytest.mark.parametrize("file", XML)
def test_a_feed_names_itself_and_its_page(client, topic, file):
    feed = read(client.get(f"/es/temas/agua/{file}", {"from": "2017"})).feed
    links = {link.rel: link.href for link in feed.links}
    assert links["self"] == f"https://hub.example/es/temas/agua/{file}?from=2017"
    assert links["alternate"] == feed.link == "https://hub.example/es/temas/agua/?from=2017"


def test_a_json_feed_names_itself_and_its_page(client, topic):
    feed = json.loads(client.get("/topics/water/feed.json", {"from": "2017"}).content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://hub.example/topics/water/feed.json?from=2017"
    assert feed["home_page_url"] == "https://hub.example/topics/water/?from=2017"


@pytest.mark.parametrize("file", FEEDS)
def test_a_feed_leads_through_all_entries_once(client, topic, file, monkeypatch):
    monkeypatch.setattr("research_hub.activity.twins.feeds.SIZE", 3)
    for n in range(6):
        make_publication(f"Number {n}", date=f"2017-01-0{n + 1}", topics=[topic])
    make_publication("Undated", date="", topics=[topic])
    found, url, pages = [], f"/topics/water/{file}?kind=publication", 0
    while url:
        page = client.get(url)
        found, pages = found + titles_in(page), pages + 1
        url = next_of(page, file).removeprefix("https://hub.example")
    assert found == [*(f"Number {n}" for n in reversed(range(6))), "Undated"]
    assert pages == 3


def next_of(response, file) -> str:
    if file == "feed.json":
        return json.loads(response.content).get("next_url", "")
    return {link.rel: link.href for link in read(response).feed.links}.get("next", "")


@pytest.mark.parametrize("file", FEEDS)
@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "999999"])
def test_a_page_that_a_feed_does_not_have_is_a_404(client, topic, file, number):
    make_publication(topics=[topic])
    assert client.get(f"/topics/water/{file}", {"page": number}).status_code == 404
    assert client.get(f"/topics/water/{file}", {"page": "1"}).status_code == 200


@pytest.mark.parametrize("file", FEEDS)
def test_an_empty_feed_is_in_order(client, topic, file):
    assert titles_in(client.get(f"/topics/water/{file}")) == []


def test_an_entry_keeps_its_identifier_in_both_languages_and_when_it_changes(client, topic):
    entry = make_publication("First title", topics=[topic])
    (before,) = read(client.get("/topics/water/feed.atom")).entries
    (spanish,) = read(client.get("/es/temas/agua/feed.rss")).entries
    written = snapshot(entry)
    written["fields"] |= {"title_en": "Second title", "slug_en": "second"}
    entry.work_on(written, by=make_user("editor")).publish(by=make_user())
    (after,) = read(client.get("/topics/water/feed.atom")).entries
    (as_json,) = json.loads(client.get("/topics/water/feed.json").content)["items"]
    assert before.id == spanish.id == after.id == as_json["id"] == f"https://hub.example/e/{entry.uid}/"
    assert (before.title, after.title, after.link) == (
        "First title", "Second title", "https://hub.example/publications/second/"
    )  # fmt: skip
    assert after.updated > before.updated
    assert as_json["date_modified"] == after.updated
    assert client.get(before.id.removeprefix("https://hub.example")).status_code == 302


def test_an_entry_in_the_other_language_says_so(client, topic):
    make_publication("", title_es="Sólo español", summary_es="Uno.", source_language="es", topics=[topic])
    make_publication("English", topics=[topic], date="2016")
    for file in XML:
        foreign, own = read(client.get(f"/topics/water/{file}")).entries
        assert (foreign.title_detail.language, own.title_detail.language) == ("es", "en")
        assert "In Spanish" in foreign.summary and '<p lang="es">Uno.</p>' in foreign.summary
        assert "In Spanish" not in own.summary
        foreign, own = reversed(read(client.get(f"/es/temas/agua/{file}")).entries)
        assert (foreign.title_detail.language, own.title_detail.language) == ("en", "es")
        assert "En inglés" in foreign.summary
    items = json.loads(client.get("/topics/water/feed.json").content)["items"]
    assert [item["language"] for item in items] == ["es", "en"]
    assert '<p lang="es">Uno.</p>' in items[0]["content_html"]


def test_an_entry_tells_its_type_date_and_authors_in_the_feeds_language(client, topic):
    make_publication("P", date="2017-02", topics=[topic], authors=[make_author()], title_es="P", summary_es="Sí.")
    make_event("E", state="cancelled", topics=[topic], starts_at=datetime(2016, 8, 31, 18, tzinfo=UTC))
    report, event = read(client.get("/es/temas/agua/feed.atom")).entries
    assert words(soup_of(report)) == "Informe · febrero de 2017 · Ana García Sí."
    assert words(soup_of(event)).startswith("Evento · 31 de agosto de 2016 · Cancelado")
    assert (report.author, [tag.term for tag in event.tags]) == ("Ana García", ["Evento", "Cancelado"])
    item = json.loads(client.get("/topics/water/feed.json").content)["items"][0]
    assert (item["authors"], item["tags"]) == ([{"name": "Ana García"}], ["Report"])


def soup_of(entry):
    class Page:
        content = entry.summary

    return soup(Page)


def test_the_day_of_an_entry_is_told_only_where_it_is_known_and_past(client, topic):
    make_publication("Day", date="2017-08-31", topics=[topic])
    make_publication("Month", date="2017-02", topics=[topic])
    make_publication("Undated", date="", topics=[topic])
    make_event("To come", starts_at=timezone.now() + timedelta(days=90), topics=[topic])
    for file in XML:
        entries = {entry.title: entry for entry in read(client.get(f"/topics/water/{file}")).entries}
        assert entries["Day"].published_parsed[:3] == (2017, 8, 31)
        assert entries["To come"].published_parsed[:5] == entries["To come"].updated_parsed[:5]
        assert "published" not in entries["Month"] and "published" not in entries["Undated"]
    items = {item["title"]: item for item in json.loads(client.get("/topics/water/feed.json").content)["items"]}
    assert items["Day"]["date_published"] == "2017-08-31T12:00:00+00:00"
    assert "date_published" not in items["Month"]


@pytest.mark.parametrize("file", FEEDS)
def test_marks_and_control_characters_in_a_title_break_no_feed(client, topic, file):
    make_publication("Tide\x0b <b>&amp; “time”\uffff", topics=[topic], summary_en="a < b & c\x01")
    (title,) = titles_in(client.get(f"/topics/water/{file}"))
    if file == "feed.json":
        assert title == "Tide\x0b <b>&amp; “time”\uffff"
    else:
        assert "“time”" in title and "\x0b" not in title
    if file == "feed.atom":
        assert b"a &amp;lt; b &amp;amp; c" in client.get(f"/topics/water/{file}").content


# What may not be asked, and what may not be seen


@pytest.mark.parametrize("file", FILES)
def test_what_is_not_public_is_in_no_feed(client, topic, file):
    shelf = {"topics": [topic], "media": ["audio"]}
    make_publication("Xyzzy draft", published=False, **shelf)
    make_event("Xyzzy event", published=False, **shelf)
    live = make_publication("Live", **shelf)
    written = snapshot(live)
    written["fields"] |= {"title_en": "Xyzzy copy", "title_es": "Xyzzy copia"}
    live.work_on(written, by=make_user("editor"))
    scheduled = make_publication("Xyzzy scheduled", published=False, **shelf)
    scheduled.status, scheduled.scheduled_by = scheduled.Status.APPROVED, make_user()
    scheduled.publish_at = timezone.now() + timedelta(days=1)
    scheduled.save()
    for path in ("/topics/water/", "/es/temas/agua/", "/activity/", "/es/actividad/", "/events/"):
        assert b"xyzzy" not in client.get(path + file).getvalue().lower()


@pytest.mark.parametrize("file", FILES)
def test_what_is_withdrawn_leaves_its_feeds(client, topic, file):
    entry = make_talk("Xyzzy", topics=[topic])
    make_event("Kept", topics=[topic])
    before = client.get(f"/topics/water/{file}")
    assert b"Xyzzy" in before.getvalue()
    entry.withdraw(by=make_user())
    after = client.get(f"/topics/water/{file}", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert b"Xyzzy" not in after.getvalue()


def test_no_feed_tells_of_a_file_under_embargo(client, topic):
    entry = make_publication(topics=[topic])
    file = ContentFile(b"%PDF-1.4 %%EOF", "a.pdf")
    entry.downloads.create(language="en", file=file, embargo_until=timezone.now() + timedelta(days=1))
    for name in FILES:
        assert b"/files/" not in client.get(f"/topics/water/{name}").getvalue()


@pytest.mark.parametrize("file", FILES)
def test_a_filter_with_a_mistake_is_refused_in_the_readers_language(client, topic, file):
    make_event("Not this", topics=[topic])
    for path, label, mistake in (
        ("/topics/water/", "From: ", "There is no such date"),
        ("/es/temas/agua/", "Desde: ", "Esa fecha no existe"),
    ):
        refused = client.get(path + file, {"from": "02/31/2024" if label == "From: " else "31/02/2024"})
        assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")
        text = refused.getvalue().decode()
        assert label in text and mistake in text and "Not this" not in text
        assert "Cache-Control" not in refused
    assert "atlantis" in client.get(f"/topics/water/{file}", {"region": "atlantis"}).getvalue().decode()
    assert client.get(f"/topics/water/{file}", {"kind": "nonsense"}).status_code == 400


@pytest.mark.parametrize("file", FILES)
def test_an_address_that_means_the_same_leads_to_the_one_for_everyone(client, topic, file):
    typed = client.get(f"/topics/water/{file}", {"from": "06/03/2024", "kind": ""})
    assert (typed.status_code, typed["Location"]) == (301, f"/topics/water/{file}?from=2024-06-03")
    other = client.get(f"/topics/agua/{file}", {"from": "2024"})
    assert (other.status_code, other["Location"]) == (301, f"/topics/water/{file}?from=2024")
    assert client.get(f"/topics/never-was/{file}").status_code == 404


@pytest.mark.parametrize("file", ["feed.xml", "feed.atom/", "atom", "feed.atom.atom", "FEED.ATOM"])
def test_there_is_no_other_file_beside_a_list(client, topic, file):
    assert client.get(f"/topics/water/{file}").status_code == 404


def test_an_address_without_its_last_stroke_still_leads_to_the_page(client):
    event = make_event()
    assert client.get(event.get_absolute_url().rstrip("/"))["Location"] == event.get_absolute_url()


@pytest.mark.parametrize("file", FILES)
def test_a_form_sent_to_a_feed_is_answered_as_the_wrong_method(client, topic, file):
    client.handler.enforce_csrf_checks = True
    assert client.post(f"/topics/water/{file}", {"q": "x"}).status_code == 405
    assert client.head(f"/topics/water/{file}").status_code == 200


# What it costs


@pytest.mark.parametrize("file", [file for file in FILES if file != "list.csv"])
def test_a_kept_feed_and_an_unchanged_one_cost_one_query(client, topic, file, django_assert_num_queries):
    make_talk(topics=[topic])
    for path in (f"/topics/water/{file}", f"/es/temas/agua/{file}?from=2017"):
        first = client.get(path)
        with django_assert_num_queries(1):
            again = client.get(path)
        assert again.content == first.content
        assert (again["Content-Type"], again["ETag"]) == (first["Content-Type"], first["ETag"])
        assert again["X-Robots-Tag"] == "noindex"
        with django_assert_num_queries(1):
            unchanged = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        make_publication("Another")
        assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("file", FILES)
def test_a_feed_is_unchanged_since_the_last_change_of_the_site_whatever_the_day(client, topic, file):
    with time_machine.travel(datetime(2031, 5, 1, 12, tzinfo=UTC), tick=False):
        make_event("E", topics=[topic])
    with time_machine.travel(datetime(2031, 5, 3, 12, tzinfo=UTC), tick=False):
        page = client.get(f"/topics/water/{file}")
        assert page["Last-Modified"] == "Thu, 01 May 2031 12:00:00 GMT"
        page.getvalue()
    with time_machine.travel(datetime(2031, 5, 9, 12, tzinfo=UTC), tick=False):
        since = {"If-Modified-Since": page["Last-Modified"]}
        assert client.get(f"/topics/water/{file}", headers=since).status_code == 304
        assert client.get(f"/topics/water/{file}", headers={"If-None-Match": page["ETag"]}).status_code == 304


@pytest.mark.parametrize("file", [file for file in FILES if file != "events.ics"])
@pytest.mark.parametrize("query", [{}, {"from": "2003", "undated": "1"}])
def test_a_feed_costs_the_same_whatever_it_holds(client, topic, file, query, django_assert_num_queries):
    authors = [make_author(f"Author {n}") for n in range(3)]
    spent = []
    for batch in (3, 12):
        for n in range(batch):
            make_publication(f"Number {batch} {n}", date=f"201{n % 10}", topics=[topic], authors=authors)
            make_talk(f"Talk {batch} {n}", topics=[topic])
        make_publication(f"Undated {batch}", date="", topics=[topic])
        most = OF_A_PODCAST if file == "podcast.rss" else MOST_QUERIES
        with django_assert_num_queries(most + bool(query), exact=False) as queries:
            assert b"Talk" in client.get(f"/topics/water/{file}", query).getvalue()
        spent.append(len(queries))
    assert spent[0] == spent[1]


# The podcast


def test_a_podcast_holds_what_an_app_can_play(client, topic):
    event = make_talk(
        "A talk", url="https://media.example.org/talk.MP3?x=1&y=2", duration=3725, topics=[topic], title_es="Una charla"
    )
    event.media.create(kind="audio", url="https://media.example.org/questions.ogg", label_en="Questions", position=1)
    event.media.create(kind="audio", url="https://media.example.org/player", position=2)
    event.media.create(kind="video", url="https://media.example.org/film.mp3", position=3)
    make_publication("Seen only", topics=[topic], media=["video"])
    talk, questions = read(client.get("/topics/water/podcast.rss")).entries
    (enclosure,) = talk.enclosures
    assert (enclosure.href, enclosure.type, enclosure.length) == (
        "https://media.example.org/talk.MP3?x=1&y=2", "audio/mpeg", "0"
    )  # fmt: skip
    assert talk.itunes_duration == "3725"
    assert (talk.title, questions.title) == ("A talk", "A talk: Questions")
    assert questions.enclosures[0].type == "audio/ogg"
    assert talk.id != questions.id
    spanish = read(client.get("/es/temas/agua/podcast.rss")).entries
    assert [entry.title for entry in spanish] == ["Una charla", "Una charla: Questions"]
    assert [entry.id for entry in spanish] == [talk.id, questions.id]


@pytest.mark.parametrize("path", ["/topics/water/", "/es/temas/agua/"])
def test_a_podcast_tells_directories_what_they_ask_for(client, topic, path):
    make_talk(topics=[topic])
    answer = client.get(f"{path}podcast.rss")
    told = read(answer).feed
    assert [tag.term for tag in told.tags] == ["Government"]
    assert b"<itunes:explicit>false</itunes:explicit>" in answer.content
    assert told.image.href == "https://hub.example/static/img/podcast.png"
    with Picture.open(finders.find("img/podcast.png")) as picture:
        assert picture.width == picture.height and 1400 <= picture.width <= 3000
        assert (picture.format, picture.mode) == ("PNG", "RGB")


def test_a_podcast_follows_the_filter(client, topic):
    for year in (2016, 2017):
        make_talk(f"Of {year}", topics=[topic], starts_at=datetime(year, 5, 1, 18, tzinfo=UTC))
    assert titles_in(client.get("/topics/water/podcast.rss", {"from": "2017"})) == ["Of 2017"]
    assert titles_in(client.get("/topics/water/podcast.rss", {"kind": "publication"})) == []


# How they are found


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_leads_to_its_twins_with_its_filter(client, topic, language):
    make_event("E", topics=[topic], media=["audio"])
    path = topic.get_absolute_url(language)
    page = soup(client.get(path, {"from": "2017", "kind": "event"}))
    wanted = [f"{path}{file}?from=2017&kind=event" for file in FILES]
    assert [link["href"] for link in page.select("head link[rel=alternate][type]")] == wanted
    follow = page.select_one("#activity .follow")
    assert [link["href"] for link in follow.select("a")][:-1] == wanted
    for link in follow.select("a"):
        assert client.get(link["href"]).status_code == 200
    name = topic.name_en if language == "en" else topic.name_es
    assert page.select_one("head link[rel=alternate][type]")["title"] == f"Atom: {name}"


def test_a_page_without_events_or_recordings_offers_no_calendar_and_no_podcast(client, topic):
    make_publication("P", topics=[topic])
    make_event("E", topics=[topic], media=["audio"])
    for query, left_out in (({}, set()), ({"kind": "publication"}, {"podcast.rss", "events.ics"})):
        links = soup(client.get("/topics/water/", query)).select("#activity .follow a")
        files = {link["href"].partition("?")[0].rpartition("/")[2] for link in links} - {""}
        assert files == set(FILES) - left_out


@pytest.mark.parametrize(
    ("path", "heading"), [("/feeds/", "Feeds and calendars"), ("/es/canales/", "Canales y calendarios")]
)
def test_the_page_about_the_feeds_leads_to_each(client, path, heading):
    page = soup(client.get(path))
    assert heading in words(page.select_one("h1"))
    urls = [link["href"].removeprefix("https://hub.example") for link in page.select("main .forms a")]
    assert [url.rpartition("/")[2] for url in urls] == FILES
    for url in urls:
        assert client.get(url).status_code == 200
    assert page.select_one(f'footer a[href="{path}"]')


@pytest.mark.parametrize(("path", "beside"), [("/", "/activity/"), ("/es/", "/es/actividad/")])
def test_the_home_page_leads_to_the_feeds_of_everything(client, path, beside):
    page = soup(client.get(path))
    files = ["feed.atom", "feed.rss", "feed.json", "podcast.rss", "list.csv", "events.ics"]
    assert [link["href"] for link in page.select("head link[rel=alternate][type]")] == [beside + file for file in files]
    assert [link["href"] for link in page.select(".follow a[type]")] == [beside + file for file in files]
    for link in page.select(".follow a"):
        assert client.get(link["href"]).status_code == 200
