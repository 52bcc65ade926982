import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import make_author, make_event, make_publication, make_series, make_topic, make_user

from .cast import address, press

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def editor(client):
    client.force_login(make_user("editor"))


@pytest.mark.parametrize("view", ["change", "changelist", "add"])
def test_each_page_leads_to_itself_in_the_other_language(client, view):
    topic = make_topic()
    there = f'<a href="{address(topic, "es", view)}?q=a" lang="es" hreflang="es">Español</a>'
    back = f'<a href="{address(topic, "en", view)}?q=a" lang="en" hreflang="en">English</a>'
    assertContains(client.get(address(topic, "en", view), {"q": "a"}), there, html=True)
    assertContains(client.get(address(topic, "es", view), {"q": "a"}), back, html=True)


@pytest.mark.parametrize(("prefix", "home"), [("", "/"), ("/es", "/es/")])
def test_the_header_names_the_site_and_leads_to_it(client, prefix, home):
    page = client.get(f"{prefix}/admin/")
    assertContains(page, f'<div id="site-name"><a href="{prefix}/admin/">Research Hub</a></div>', html=True)
    assertContains(page, f'<a href="{home}">')


def test_who_is_not_logged_in_can_choose_the_language_too(client):
    client.logout()
    assertContains(
        client.get("/admin/login/"), '<a href="/es/admin/login/" lang="es" hreflang="es">Español</a>', html=True
    )


@pytest.mark.parametrize("make", [make_publication, make_event, make_topic, make_series])
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_input_says_the_language_of_its_text(client, make, language):
    page = client.get(address(make(), language)).content.decode()
    named = "title" if make in (make_publication, make_event) else "name"
    for code in ("en", "es"):
        start = page.index(f'name="{named}_{code}"')
        assert f'lang="{code}"' in page[start : page.index(">", start)]


def test_a_page_of_the_admin_holds_no_script_of_its_own_but_the_import_map(client):
    page = client.get(address(make_publication())).content.decode()
    scripts = [tag for tag in page.split("<script")[1:] if "src=" not in tag.partition(">")[0]]
    (own,) = [tag.partition(">")[0] for tag in scripts]
    assert re.fullmatch(r' type="importmap" nonce="[^"]{20,}"', own)
    assert "style=" not in page
    assert "onclick" not in page


def test_the_import_map_carries_the_nonce_of_the_page(client, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.admin.cast.nonce"]
    assertContains(client.get(address(make_publication())), '<script type="importmap" nonce="once">')


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_address_is_made_from_the_title_unless_one_is_typed(client, language):
    publication = make_publication("First Title", published=False)
    press(client, address(publication, language), slug_en="", title_es="Título", slug_es="mi-direccion")
    publication.refresh_from_db()
    assert (publication.slug_en, publication.slug_es) == ("first-title", "mi-direccion")


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_address_that_another_page_has_is_refused_at_its_field(client, language):
    make_publication("Taken")
    publication = make_publication("Free")
    page = press(client, address(publication, language), slug_es="taken")
    assert list(page.context["adminform"].form.errors) == ["slug_es"]


def test_rich_text_is_cleaned_and_emptied_mark_up_is_no_text(client):
    publication = make_publication(topics=[make_topic()], published=False)
    press(client, address(publication), body_en="<p>Kept</p><script>alert(1)</script>", body_es="<p></p>")
    publication.refresh_from_db()
    assert publication.body_en == "<p>Kept</p>"
    assert not publication.body_es
    assertNotContains(client.get(address(publication)), "alert(1)")


def test_other_spellings_of_a_name_are_typed_one_on_each_line(client):
    author = make_author()
    press(client, address(author), variants="A. García\r\n\r\n García, A. ")
    author.refresh_from_db()
    assert author.variants == ["A. García", "García, A."]
