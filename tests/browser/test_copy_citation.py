"""Copying a citation, in a real browser: by one press, italics included; without a clipboard there is no button."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_author, make_publication

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

HTML = "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"


def test_one_press_copies_the_words_and_their_italics(site, page, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site + make_publication("Rivers", authors=[make_author("Ana García")]).get_absolute_url())
    page.get_by_role("button", name="Copy in Chicago style").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.locator("#status")).to_have_text("Copied")
    words = "García, Ana. 2017. {}. Research Hub. https://hub.example/publications/rivers/."
    assert page.evaluate("navigator.clipboard.readText()") == words.format("Rivers")
    assert page.evaluate(HTML) == words.format("<i>Rivers</i>")


def test_what_the_browser_refuses_to_copy_is_selected(site, page):
    page.add_init_script("navigator.clipboard.write = () => Promise.reject(new Error('refused'))")
    page.goto(site + make_publication("Rivers").get_absolute_url())
    page.get_by_role("button", name="Copy in Chicago style").click()
    page.wait_for_function("getSelection().toString().startsWith('Research Hub. 2017. Rivers.')")
    expect(page.get_by_role("button", name="Copied")).to_have_count(0)


def test_without_a_clipboard_there_is_no_button(site, page):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(site + make_publication("Rivers").get_absolute_url())
    expect(page.locator(".citation").first).to_be_visible()
    expect(page.locator(".cite button:visible")).to_have_count(0)
