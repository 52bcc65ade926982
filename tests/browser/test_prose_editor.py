"""The buttons of the rich text editor speak the language of the form."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.factories import make_publication, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def form(page, site):
    """A function that opens the form of a draft, by the language of the admin."""
    client = Client()
    client.force_login(make_user("editor"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page.context.route("**/checklist.js", lambda route: route.abort())  # one request at a time, on one connection

    def open_form(prefix):
        entry = make_publication("Draft", published=False)
        page.goto(f"{site}{prefix}/admin/publications/publication/{entry.pk}/change/")
        page.locator(".prose-menubar").first.wait_for()
        return page

    return open_form


def names(page):
    return [button.get_attribute("title") for button in page.locator(".prose-menubar button[title]").all()]


@pytest.mark.parametrize(("prefix", "words"), [("", ["bold", "paragraph"]), ("/es", ["negrita", "párrafo"])])
def test_a_button_is_named_in_the_language_of_the_form_and_stays_so_while_one_types(form, prefix, words):
    page = form(prefix)
    before = names(page)
    assert set(words) < set(before)
    page.locator(".ProseMirror[contenteditable]").first.click()
    page.keyboard.type("x")
    assert names(page) == before


def test_what_is_chosen_in_a_dialog_is_shown_in_spanish_and_does_what_it_says(form):
    page = form("/es")
    page.locator(".ProseMirror[contenteditable]").first.click()
    page.locator('button[title="Insertar una tabla"]').first.click()
    page.get_by_label("Con fila de encabezado").select_option(label="Sí")
    page.get_by_role("button", name="Insertar la tabla", exact=True).click()
    expect(page.locator(".ProseMirror[contenteditable] th")).to_have_count(3)
