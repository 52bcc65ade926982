"""What a page costs its reader: bytes, requests, waiting, and pieces that jump."""

import pytest
from bs4 import BeautifulSoup

from .pages import PUBLIC
from .pages import page as page_of

KINDS = pytest.mark.parametrize(
    "kind", ["home", "topic", "topic-long", "activity", "publication", "event", "search-found"]
)
MOST = 60_000  # bytes that are sent for a first visit, without its pictures
LISTS = {"activity", "publications", "events", "topic", "topic-narrowed", "region", "author", "search-found"}
LONGEST_LIST = 20_480  # bytes of a list with its filter and its years, before they are packed

SENT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(
  ({name, transferSize, initiatorType, renderBlockingStatus}) =>
  ({name, transferSize, initiatorType, renderBlockingStatus}))"""
SHIFTS = """new PerformanceObserver((list) => {
    for (const {value} of list.getEntries()) window.shifted = (window.shifted ?? 0) + value;
  }).observe({type: 'layout-shift', buffered: true})"""


@pytest.fixture
def visit(browser):
    """A function that opens a page for the first time, on a phone, and returns it with what was sent for it."""
    contexts = []

    def visit(address: str):
        context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        contexts.append(context)
        context.add_init_script(SHIFTS)
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        return page, page.evaluate(SENT)

    yield visit
    for context in contexts:
        context.close()


def is_picture(sent) -> bool:
    return sent["initiatorType"] in ("img", "image", "icon") or "/files/" in sent["name"]


@KINDS
def test_a_first_visit_is_light_and_asks_nobody_else(site, visit, kind):
    _page, sent = visit(site + page_of(kind).path)
    assert [piece["name"] for piece in sent if not piece["name"].startswith(f"{site}/")] == []
    assert sum(piece["transferSize"] for piece in sent if not is_picture(piece)) <= MOST


@KINDS
def test_no_script_keeps_a_page_from_being_drawn(site, visit, kind):
    _page, sent = visit(site + page_of(kind).path)
    scripts = [piece for piece in sent if piece["name"].endswith(".js")]
    assert scripts
    assert [script["name"] for script in scripts if script["renderBlockingStatus"] == "blocking"] == []


@KINDS
def test_nothing_jumps_while_a_page_comes(site, visit, kind):
    page, _sent = visit(site + page_of(kind).path)
    page.mouse.wheel(0, 20_000)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifted ?? 0") < 0.01


@pytest.mark.parametrize("page", [page for page in PUBLIC if page.kind in LISTS], ids=str)
def test_a_list_is_short_to_read(fetch, page):
    """What stands around it, the frame of the site and what a page says of itself, is not counted."""
    _status, text = fetch(page.path)
    shown = BeautifulSoup(text, "html.parser").select_one("#activity")
    assert len(shown.encode()) <= LONGEST_LIST


@KINDS
def test_a_page_waits_for_one_style_sheet(site, visit, kind):
    _page, sent = visit(site + page_of(kind).path)
    waited_for = [piece["name"] for piece in sent if piece["renderBlockingStatus"] == "blocking"]
    assert [name.partition("/static/css/")[2][:5] for name in waited_for] == ["site."]
