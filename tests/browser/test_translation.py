"""A summary on its way into Spanish, by keyboard alone, while its readers look on."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from research_hub.translation.models import Draft, Unit
from tests.factories import make_publication, make_topic, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-secret"
MOST_STEPS = 150  # of the tab key, from the top of a page to its end


class Hands:
    """Somebody of the staff at a browser of their own, with a keyboard and nothing else."""

    def __init__(self, browser, site, role):
        self.site, self.user = site, make_user(role, password=PASSWORD)
        self.context = browser.new_context()
        self.page = self.context.new_page()

    def log_in(self):
        self.page.goto(f"{self.site}/admin/login/")
        expect(self.page.locator("#id_username")).to_be_focused()  # comes a moment after the page
        self.page.keyboard.type(self.user.username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        expect(self.page.locator("#user-tools")).to_be_visible()

    def reach(self, selector, words=""):
        """Go there with the tab key, as it is seen to have the focus."""
        for _step in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate_handle("document.activeElement").as_element()
            if focused.evaluate("(el, selector) => el.matches(selector)", selector) and words in focused.inner_text():
                return focused
        raise AssertionError(f"{selector} {words}: not reached by keyboard on {self.page.url} ({self.page.title()})")

    def follow(self, selector, words=""):
        self.reach(selector, words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, selector, words):
        self.reach(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)


@pytest.fixture
def at_keyboard(browser, site):
    seated = []

    def seat(role):
        seated.append(Hands(browser, site, role))
        seated[-1].log_in()
        return seated[-1]

    yield seat
    for hands in seated:
        hands.context.close()


def what_readers_find() -> dict[str, str]:
    reader = Client()
    addresses = {
        "list": "/es/temas/agua/",
        "feed": "/es/temas/agua/feed.atom",
        "search": "/es/buscar/?q=cuentas",
        "page": reader.get("/e/abcdefghij/", headers={"accept-language": "es"}, follow=True).request["PATH_INFO"],
    }
    return {name: reader.get(address).content.decode() for name, address in addresses.items()}


def state(field="summary") -> str:
    return Unit.objects.get(field=field).state


def translate(translator, words):
    translator.page.goto(f"{translator.site}/admin/")
    translator.follow("a", "To the translation desk")
    translator.follow("a", "Next")
    translator.write("textarea[name=title-words]", "Cuentas")
    translator.write("textarea[name=summary-words]", words)
    translator.follow("button", "Submit for review")
    assert state() == "in_review"


def approve(reviewer):
    reviewer.page.goto(f"{reviewer.site}/admin/")
    reviewer.follow(".desk a", "Account")
    reviewer.follow("button", "Approve")
    assert state() == "current"


def test_a_summary_is_translated_grows_stale_and_is_current_again(at_keyboard):
    entry = make_publication("Account", uid="abcdefghij", summary_en="The books are open.", topics=[make_topic()])
    translator, reviewer = at_keyboard("translator"), at_keyboard("editor")

    translate(translator, "Las cuentas están abiertas.")
    assert not any("Las cuentas" in found for found in what_readers_find().values())
    approve(reviewer)
    assert all("cuentas" in found and "están abiertas" in found for found in what_readers_find().values())

    entry.refresh_from_db()
    entry.summary_en = "The books are closed."
    entry.save()
    entry.publish(by=reviewer.user)
    assert state() == "stale"
    assert all("están abiertas" in found for found in what_readers_find().values())

    translate(translator, "Las cuentas están cerradas.")
    approve(reviewer)
    assert all("están cerradas" in found for found in what_readers_find().values())
    assert not any("abiertas" in found for found in what_readers_find().values())


def test_what_is_typed_outlives_a_browser_that_is_closed(at_keyboard, browser):
    make_publication("Account", uid="abcdefghij")
    translator = at_keyboard("translator")
    page = translator.page
    page.goto(f"{translator.site}/admin/translation/text/abcdefghij/")
    translator.write("textarea[name=summary-words]", "Media frase")
    expect(page.locator("#autosave")).to_contain_text("Saved at")
    expect(page.locator(".budget").nth(1)).to_contain_text("11 of about")
    page.keyboard.type(" y más")
    page.close()  # the last words may arrive or not
    again = translator.context.new_page()
    again.goto(f"{translator.site}/admin/translation/text/abcdefghij/")
    expect(again.locator("textarea[name=summary-words]")).to_have_value(re.compile("^Media frase"))


def test_control_and_enter_save_and_go_on(at_keyboard):
    make_publication("First", uid="aaaaaaaaaa")
    make_publication("Second", uid="bbbbbbbbbb")
    translator = at_keyboard("translator")
    translator.follow("a", "To the translation desk")
    translator.follow("a", "Next")
    translator.write("textarea[name=title-words]", "Segundo")
    with translator.page.expect_navigation():
        translator.page.keyboard.press("Control+Enter")
    expect(translator.page.locator("h1", has_text="First")).to_be_visible()
    assert Draft.objects.get().text == "Segundo"
