"""A visitor narrows a topic's list by date: with the keyboard alone, in both languages, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_event, make_publication, make_topic

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def topic():
    topic = make_topic("Irregular Crossings", "Cruces irregulares")
    for year in (2015, 2016, 2017):
        make_publication(
            f"Report of {year}", title_es=f"Informe de {year}", summary_es="S.", date=f"{year}-06-03", topics=[topic]
        )
    make_publication("Of an unknown day", date="", topics=[topic])
    make_event("", title_es="Seminario", summary_es="Sobre menores.", source_language="es", topics=[topic])
    return topic


WORDS = {
    "en": {"typed": "06/03/2017", "count": "1 entry", "left_out": "1 undated entry is left out."},
    "es": {"typed": "03/06/2017", "count": "1 entrada", "left_out": "1 entrada sin fecha"},
}


def tab_to(page, selector):
    """Press Tab until the element has the focus, as a reader without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_list_is_narrowed_by_keyboard_in_place(page, site, topic, language):
    words = WORDS[language]
    loads = []
    page.on("load", lambda: loads.append(1))
    page.goto(site + topic.get_absolute_url(language))
    expect(page.locator("#activity .entry")).to_have_count(5)
    tab_to(page, "#filter-from")
    page.keyboard.type(words["typed"])
    page.keyboard.press("Tab")
    page.keyboard.type(words["typed"])
    page.keyboard.press("Enter")
    expect(page.locator("#activity .entry")).to_have_count(1)
    expect(page).to_have_url(site + topic.get_absolute_url(language) + "?from=2017-06-03&to=2017-06-03")
    expect(page.get_by_role("status")).to_contain_text(words["count"])
    expect(page.get_by_role("status")).to_contain_text(words["left_out"])
    assert page.evaluate("document.activeElement.id") == "filter-to"
    assert len(loads) == 1, "the page was loaded anew instead of swapping its list"
    page.go_back()
    expect(page.locator("#activity .entry")).to_have_count(5)


def test_who_pages_on_by_keyboard_is_at_the_head_of_the_list_at_once_and_told_where(page, site, topic):
    for number in range(20):
        make_publication(f"Report {number}", topics=[topic])
    page.goto(site + topic.get_absolute_url("es"))
    page.focus("#activity [rel=next]")
    page.keyboard.press("Enter")
    expect(page.locator("#activity-heading")).to_be_focused()
    expect(page.locator("#activity-heading")).to_be_in_viewport()
    expect(page.get_by_role("status")).to_contain_text("Página 2 de 2")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_list_is_narrowed_without_javascript(browser, site, topic, language):
    type(topic).objects.update(intro_en="<p>Long.</p>" * 60, intro_es="<p>Larga.</p>" * 60)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + topic.get_absolute_url(language))
    page.locator("#filter-from").fill(WORDS[language]["typed"])
    page.locator("#filter-from").press("Enter")
    expect(page.locator("#activity .entry")).to_have_count(2)
    expect(page).to_have_url(site + topic.get_absolute_url(language) + "?from=2017-06-03#activity")
    expect(page.locator("#activity-heading")).to_be_in_viewport()
    context.close()


def test_a_bad_date_is_told_where_it_was_typed(page, site, topic):
    page.goto(site + topic.get_absolute_url())
    page.locator("#filter-from").fill("13/45/2017")
    page.locator("#filter-from").press("Enter")
    field = page.locator("#filter-from")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("13/45/2017")
    expect(page.get_by_role("status")).to_contain_text("There is no such date")
    expect(page.locator("#activity .entry")).to_have_count(5)


def test_a_year_is_chosen_from_the_bars(page, site, topic):
    page.goto(site + topic.get_absolute_url())
    bar = page.get_by_role("link", name="2016 1")
    bar.click()
    expect(page.locator("#activity .entry")).to_have_count(1)
    expect(bar).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_scrolls_sideways_on_a_small_phone(page, site, topic, language):
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (topic.get_absolute_url(language), "/" if language == "en" else "/es/"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_console_stays_silent(page, site, topic):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(site + topic.get_absolute_url())
    page.locator("#filter-from").fill("2017")
    page.locator("#filter-from").press("Enter")
    expect(page.locator("#activity .entry")).to_have_count(2)
    assert said == []
