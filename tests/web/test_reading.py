"""How a page is used: by keyboard, without scripts, without motion, on paper."""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from .pages import page as page_of

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
KINDS = pytest.mark.parametrize("kind", ["home", "topic", "publication-long", "event-long", "author", "search-found"])

FOCUSED = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
  return {
    name: element === document.body ? "" : element.outerHTML.slice(0, 120),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    uncovered: Boolean(seen) && (element.contains(seen) || seen.contains(element)),
  };
}"""


@KINDS
def test_what_has_the_focus_is_seen(site, page, kind):
    page.emulate_media(reduced_motion="reduce")  # else it is looked at while the page still scrolls to it
    page.goto(site + page_of(kind).path)
    stops = []
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if not stop["name"]:
            break
        stops.append(stop)
    assert len(stops) > 10
    assert [stop["name"] for stop in stops if not (stop["outlined"] and stop["uncovered"])] == []


@LANGUAGES
def test_the_first_stop_leads_past_the_menu(site, page, language):
    page.goto(site + page_of("topic", language).path)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@LANGUAGES
def test_the_focus_stays_where_a_list_is_narrowed_and_the_count_is_told(site, page, language):
    page.goto(site + page_of("activity", language).path)
    page.select_option("#filter-kind", index=1)
    page.focus("#filter-apply")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).not_to_be_empty()
    expect(page.locator("#filter-apply")).to_be_focused()
    assert page.locator("#activity .count").inner_text() in page.get_by_role("status").inner_text()


@KINDS
def test_nothing_moves_for_who_wants_nothing_to_move(site, browser, kind):
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(site + page_of(kind).path)
        moving = """() => [...document.querySelectorAll("*")].filter((element) => {
          const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(element);
          return parseFloat(transitionDuration) > 0 || animationName !== "none" || scrollBehavior === "smooth";
        }).map((element) => element.tagName)"""
        assert page.evaluate(moving) == []


@LANGUAGES
@KINDS
def test_a_page_says_the_same_without_scripts(site, browser, kind, language):
    """The links and headings that can be seen; what a script adds is more, never instead."""
    shown = {}
    for scripts in (True, False):
        with browser.new_context(java_script_enabled=scripts) as context:
            page = context.new_page()
            page.goto(site + page_of(kind, language).path)
            pieces = page.locator("a:visible, h1:visible, h2:visible, h3:visible, summary:visible").all_inner_texts()
            shown[scripts] = {piece for piece in pieces if piece}
    assert len(shown[False]) > 10
    assert shown[True] - shown[False] == set()


@LANGUAGES
def test_a_phone_without_scripts_opens_the_filter_and_narrows_the_list(site, browser, language):
    with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(site + page_of("topic", language).path)
        field = page.locator("#filter-from")
        expect(field).to_be_hidden()
        page.locator(".fold > summary").click()
        field.fill("2017")
        field.press("Enter")
        expect(page).to_have_url(f"{site}{page_of('topic', language).path}?from=2017#activity")
        expect(field).to_have_value("2017")


@LANGUAGES
def test_on_paper_a_report_has_its_name_and_its_address_and_no_menus(site, page, language):
    path = page_of("publication-long", language).path
    page.goto(site + path)
    title = page.locator("h1").inner_text()
    buttons = page.locator("nav.menu a").all_inner_texts()
    sheets = PdfReader(BytesIO(page.pdf(format="A4")))
    words = " ".join(sheet.extract_text() for sheet in sheets.pages)
    told = " ".join(words.split())
    assert title.split(":")[0] in told
    assert site + path in told.replace(" ", "").replace("\n", "") or site + path in told
    assert len(buttons) >= 5
    first = " ".join(sheets.pages[0].extract_text().split())
    assert [button for button in buttons if button in first.partition(title.split(":")[0])[0]] == []
    for gone in ("Skip to content", "Ir al contenido", "Follow this list", "Apply", "Aplicar"):
        assert gone not in told


def test_the_filter_is_folded_on_a_phone_alone_and_open_where_it_is_in_use(site, page):
    topic = site + page_of("topic").path
    for width, path, is_open in ((390, topic, False), (390, f"{topic}?from=2017", True), (1280, topic, True)):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(path)
        assert page.locator("#filter-from").is_visible() is is_open
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site + page_of("search").path)
    expect(page.locator("#filter-q")).to_be_visible()


def test_on_a_phone_the_newest_years_are_in_sight_or_those_that_were_chosen(site, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site + page_of("topic-long").path)
    bars = page.locator(".years ol")
    seen = """(bar) => {
      const {left, right} = bar.closest("li").getBoundingClientRect();
      const row = bar.closest("ol").getBoundingClientRect();
      return left >= row.left - 1 && right <= row.right + 1;
    }"""
    assert bars.evaluate("(row) => row.scrollWidth > row.clientWidth")
    assert page.locator(".years li a").last.evaluate(seen)
    assert not page.locator(".years li a").first.evaluate(seen)
    page.locator(".years li a").first.click()
    expect(page.locator(".years [aria-current]")).to_have_count(1)
    page.wait_for_function(f"() => ({seen})(document.querySelector('.years [aria-current]'))")
