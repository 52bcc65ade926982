"""Recordings in a real browser: nothing is asked of another site until somebody presses the button."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.factories import make_event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def event():
    event = make_event("A debate", title_es="Un debate")
    event.media.create(kind="video", url="https://youtu.be/dQw4w9WgXcQ", label_en="The film", label_es="La película")
    event.media.create(kind="audio", url="https://media.example.org/talk.mp3", label_en="The sound", position=1)
    return event


@pytest.fixture
def asked(page, site):
    """The hosts that the page asks for anything, other than its own; each is answered with an empty page."""
    hosts = []

    def elsewhere(route):
        hosts.append(urlsplit(route.request.url).hostname)
        route.fulfill(status=200, content_type="text/html", body="<p>player</p>")

    page.route(lambda url: not url.startswith(site), elsewhere)
    return hosts


def once_asked(page, hosts: list[str]) -> set[str]:
    """Those that were asked, as soon as one was: a page whose network was idle is idle for a moment after a press."""
    for _moment in range(250):
        if hosts:
            break
        page.wait_for_timeout(20)
    page.wait_for_load_state("networkidle")
    return set(hosts)


@pytest.mark.parametrize(
    ("language", "button", "title", "said"),
    [
        ("en", "Play here", "The film", "The player is here."),
        ("es", "Reproducir aquí", "La película", "El reproductor está aquí."),
    ],
)
def test_a_film_is_framed_by_one_press_and_not_before(site, page, event, asked, language, button, title, said):
    page.goto(site + event.get_absolute_url(language), wait_until="networkidle")
    assert asked == []
    first = page.locator(".player").first
    expect(first).to_contain_text("www.youtube-nocookie.com")

    first.get_by_role("button", name=button).press("Enter")
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("title", title)
    expect(frame).to_be_focused()
    expect(page.locator("#status")).to_have_text(said)
    assert once_asked(page, asked) == {"www.youtube-nocookie.com"}
    expect(first.get_by_role("button")).to_have_count(0)
    expect(page.locator(".player").nth(1).get_by_role("button")).to_be_visible()


def test_a_sound_is_played_from_its_own_host(site, page, event, asked):
    page.goto(site + event.get_absolute_url(), wait_until="networkidle")
    page.locator(".player").nth(1).get_by_role("button").click()
    expect(page.get_by_label("The sound")).to_be_focused()
    expect(page.locator("audio")).to_have_js_property("controls", True)
    assert once_asked(page, asked) == {"media.example.org"}


def test_without_scripts_the_link_is_what_there_is(site, browser, event):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site + event.get_absolute_url())
    expect(page.get_by_role("link", name="The film")).to_have_attribute("href", "https://youtu.be/dQw4w9WgXcQ")
    expect(page.locator(".player button:visible")).to_have_count(0)
    page.context.close()
