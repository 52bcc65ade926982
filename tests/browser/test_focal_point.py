"""The focal point of a picture: clicked on it, moved by keys, or typed."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from research_hub.media.models import Image
from tests.factories import make_drawing, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SIZE = (400, 200)


@pytest.fixture
def form(page, site):
    """A function that opens the form of a picture, stored or new, by the language of the admin."""
    client = Client()
    client.force_login(make_user("editor"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])

    def open_form(image=None, prefix=""):
        page.goto(f"{site}{prefix}/admin/media/image/{f'{image.pk}/change' if image else 'add'}/")
        return page

    return open_form


def stored():
    return Image.objects.create(file=make_drawing(SIZE), alt_en="Red and blue")


def click_at(page, x, y):
    """On the picture, by parts of its width and height."""
    box = page.locator(".focal-stage :is(img, canvas)").bounding_box()
    page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


def numbers(page):
    return [page.locator(f"#id_focal_{side}").input_value() for side in "xy"]


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("", "Focal point: 25 per cent from the left, 75 per cent from the top."),
        ("/es", "Punto focal: 25 por ciento desde la izquierda, 75 por ciento desde arriba."),
    ],
)
def test_a_click_on_the_picture_says_what_stays_in_view(form, prefix, told):
    image = stored()
    page = form(image, prefix)
    click_at(page, 0.25, 0.75)
    assert numbers(page) == ["25", "75"]
    expect(page.locator(".focal-mark")).to_be_focused()
    assert page.locator(".focal-mark").get_attribute("aria-label").startswith(told)
    assert page.locator(".focal-crop img").evaluate("image => image.style.objectPosition") == "25% 75%"
    page.locator("[name=_save]").click()
    page.wait_for_url("**/image/")
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (25, 75)


def test_the_arrow_keys_move_it_and_leave_it_in_the_picture(form):
    page = form(stored())
    mark = page.locator(".focal-mark")
    mark.focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp", *["Shift+ArrowDown"] * 6):
        mark.press(key)
    assert numbers(page) == ["61", "100"]
    page.locator("#id_focal_x").fill("12")
    assert mark.evaluate("mark => mark.style.insetInlineStart") == "12%"


def test_it_is_chosen_on_a_file_that_has_not_been_saved_yet(form):
    page = form()
    expect(page.locator(".focal-mark")).to_be_hidden()
    file = {"name": "drawing.png", "mimeType": "image/png", "buffer": make_drawing(SIZE).read()}
    page.locator("#id_file").set_input_files(file)
    expect(page.locator(".focal-mark")).to_be_visible()
    click_at(page, 0.9, 0.5)
    page.locator("#id_alt_en").fill("Red and blue")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/image/")
    image = Image.objects.get()
    assert (image.focal_x, image.focal_y) == (90, 50)


def test_a_file_that_is_no_picture_offers_no_point(form):
    page = form(stored())
    page.locator("#id_file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"words"})
    expect(page.locator(".focal-mark")).to_be_hidden()
    expect(page.locator("#id_focal_x")).to_be_visible()
