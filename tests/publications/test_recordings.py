"""A recording's player: only of sites on one list, or a file; and a page that asks them for nothing by itself."""

import re

import pytest

from research_hub.media.players import FRAME_SOURCES, Player, player_of
from tests.factories import make_event, make_publication
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0&hl=en"
VIMEO = "https://player.vimeo.com/video/76979871?"


@pytest.mark.parametrize(
    ("url", "src"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("http://m.youtube.com/watch?v=dQw4w9WgXcQ&list=x", YOUTUBE),
        ("https://youtu.be/dQw4w9WgXcQ?t=1m30s", f"{YOUTUBE}&start=90"),
        ("https://youtu.be/dQw4w9WgXcQ?t=1h2m3s", f"{YOUTUBE}&start=3723"),
        ("https://www.youtube.com/live/dQw4w9WgXcQ?start=5", f"{YOUTUBE}&start=5"),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ", YOUTUBE),
        ("https://youtu.be/dQw4w9WgXcQ?t=soon", YOUTUBE),
        ("https://vimeo.com/76979871", f"{VIMEO}dnt=1&autoplay=1"),
        ("https://vimeo.com/76979871/0a1b2c", f"{VIMEO}h=0a1b2c&dnt=1&autoplay=1"),
        ("https://vimeo.com/channels/water/76979871", f"{VIMEO}dnt=1&autoplay=1"),
        ("https://player.vimeo.com/video/76979871?h=0a1b2c", f"{VIMEO}h=0a1b2c&dnt=1&autoplay=1"),
    ],
)
def test_addresses_of_known_sites_lead_to_their_players(url, src):
    player = player_of(url, "video", "en")
    assert (player.element, player.src) == ("iframe", src)
    assert src.startswith(FRAME_SOURCES) and player.host in src


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/@institute",
        "https://www.youtube.com/watch?v=short",
        "https://youtu.be/dQw4w9WgXcQ%22%3E%3Cscript%3E",
        "https://www.youtube.com.example.org/watch?v=dQw4w9WgXcQ",
        "https://youtube.example/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com/institute",
        "https://media.example.org/talk",
        "https://media.example.org/talk.pdf",
        "http://media.example.org/talk.mp3",
        "https://media.example.org/?file=talk.mp3",
        "ftp://media.example.org/talk.mp3",
        "javascript:alert(1)//a.mp3",
        "https://[broken/talk.mp3",
        "",
    ],
)
def test_whatever_else_has_none(url):
    assert player_of(url, "video", "en") is None


@pytest.mark.parametrize(
    ("file", "kind", "element"),
    [
        ("talk.MP3?x=1", "audio", "audio"),
        ("talk.m4a", "audio", "audio"),
        ("talk.ogg", "video", "audio"),
        ("talk.mp4", "video", "video"),
        ("talk.webm", "video", "video"),
        ("talk.webm", "audio", "audio"),
    ],
)
def test_a_file_is_played_as_what_it_is(file, kind, element):
    url = f"https://media.example.org/{file}"
    assert player_of(url, kind, "en") == Player(element, url, "media.example.org")


# On the page


def recorded(**fields):
    event = make_event()
    event.media.create(**{"kind": "video", "url": "https://youtu.be/dQw4w9WgXcQ"} | fields)
    return event


def shown(client, event, language="en"):
    return soup(client.get(event.get_absolute_url(language))).select_one(".media li")


@pytest.mark.parametrize(
    ("language", "button", "said"),
    [
        ("en", "Play here", "It comes from www.youtube-nocookie.com"),
        ("es", "Reproducir aquí", "www.youtube-nocookie.com"),
    ],
)
def test_the_link_stays_and_the_player_waits_in_a_template(client, language, button, said):
    recording = shown(client, recorded(label_en="The debate"), language)
    assert recording.a["href"] == "https://youtu.be/dQw4w9WgXcQ"
    player = recording.select_one(".player")
    assert player.has_attr("hidden")
    assert words(player.button) == button
    assert said in words(player.p)
    assert player.select_one(f"#{player.button['aria-describedby']}") == player.p
    frame = player.template.iframe
    assert frame["title"] == "The debate"
    assert frame["sandbox"] and "allow-top-navigation" not in frame["sandbox"]
    assert f"hl={language}" in frame["src"]


def test_nothing_outside_a_template_is_loaded_from_elsewhere(client):
    event = recorded(label_en="One")
    event.media.create(kind="audio", url="https://media.example.org/talk.mp3")
    event.media.create(kind="video", url="https://media.example.org/talk.mp4")
    page = soup(client.get(event.get_absolute_url()))
    assert [template.find(True).name for template in page.select("template")] == ["iframe", "audio", "video"]
    for template in page.select("template"):
        template.decompose()
    assert not page.select("iframe, audio, video, embed, object")
    assert all(not re.match("https?://|//", piece["src"]) for piece in page.select("[src]"))


def test_what_cannot_be_played_here_is_a_link_alone(client):
    recording = shown(client, recorded(url="https://media.example.org/film"))
    assert recording.a and not recording.select(".player")


@pytest.mark.parametrize(("language", "badge"), [("en", ""), ("es", "En inglés")])
def test_a_transcript_is_marked_with_its_language(client, language, badge):
    recording = shown(client, recorded(transcript_en="Good evening.\n\nWelcome."), language)
    text = recording.details.div
    assert [words(paragraph) for paragraph in text.select("p")] == ["Good evening.", "Welcome."]
    assert text.get("lang", "") == ("en" if badge else "")
    assert words(recording.details.select_one(".badge")) == badge


def test_a_page_without_recordings_has_no_script_for_them(client):
    assert b"recordings" not in client.get(make_publication().get_absolute_url()).content
    assert b"recordings" in client.get(make_publication("B", media=["audio"]).get_absolute_url()).content
