"""The language that somebody picks is the one in which the admin opens for them."""

import pytest
from django.urls import reverse
from django.utils import translation
from pytest_django.asserts import assertContains

from research_hub.editorial.notices import NoticeWish
from tests.factories import make_topic, make_user
from tests.pages import soup

from .cast import Form, address

pytestmark = pytest.mark.django_db

LOG_IN = {"en": "/admin/login/", "es": "/es/admin/login/"}
HOME = {"en": "/admin/", "es": "/es/admin/"}
PASSWORD = "a-long-enough-one"


@pytest.fixture
def somebody():
    return make_user("editor", username="ana", password=PASSWORD, email="ana@example.org")


def picked(user, language):
    NoticeWish.objects.create(user=user, language=language)
    return user


def logged_in(client, page, **sent):
    """Where one lands who fills in the form of this page."""
    form = Form(client.get(page).content.decode().replace('id="login-form"', 'id="login_form"')).sent
    return client.post(page, form | {"username": "ana", "password": PASSWORD} | sent)["Location"]


@pytest.mark.parametrize("own", ["en", "es"])
@pytest.mark.parametrize("door", ["en", "es"])
def test_after_the_log_in_one_lands_on_ones_desk_in_ones_own_language(client, somebody, own, door):
    picked(somebody, own)
    assert logged_in(client, LOG_IN[door]) == HOME[own]


@pytest.mark.parametrize("own", ["en", "es"])
@pytest.mark.parametrize("door", ["en", "es"])
def test_the_page_that_was_asked_for_opens_in_ones_own_language(client, somebody, own, door):
    picked(somebody, own)
    topic = make_topic()
    asked = client.get(f"{address(topic, door)}?from=mail")
    assert asked["Location"].startswith(LOG_IN[door])
    assert logged_in(client, asked["Location"]) == f"{address(topic, own)}?from=mail"


def test_a_log_in_page_in_the_other_language_still_leads_to_the_page_that_was_asked_for(client, somebody):
    picked(somebody, "en")
    topic = make_topic()
    assert logged_in(client, f"{LOG_IN['es']}?next={address(topic, 'es')}") == address(topic, "en")
    client.logout()
    assert logged_in(client, f"{LOG_IN['en']}?next={address(topic, 'es')}") == address(topic, "en")


@pytest.mark.parametrize("door", ["en", "es"])
def test_who_never_picked_one_stays_with_the_language_of_the_address(client, somebody, door):
    topic = make_topic()
    assert logged_in(client, LOG_IN[door]) == HOME[door]
    client.logout()
    assert logged_in(client, f"{LOG_IN[door]}?next={address(topic, door)}") == address(topic, door)


@pytest.mark.parametrize("door", ["en", "es"])
def test_who_is_logged_in_already_is_led_to_their_own_language_too(client, somebody, door):
    client.force_login(picked(somebody, "es"))
    assert client.get(LOG_IN[door])["Location"] == HOME["es"]


def test_a_page_outside_the_admin_keeps_its_language(client, somebody):
    picked(somebody, "es")
    assert logged_in(client, f"{LOG_IN['en']}?next=/topics/") == "/topics/"


@pytest.mark.parametrize("away", ["https://evil.example/admin/", "//evil.example/admin/", "/\\evil.example/admin/"])
def test_no_address_of_another_site_is_led_to(client, somebody, away):
    picked(somebody, "es")
    assert "evil" not in logged_in(client, f"{LOG_IN['en']}?next={away}")
    client.logout()
    assert "evil" not in logged_in(client, LOG_IN["en"], next=away)


def test_a_wrong_password_leads_nowhere_and_is_said_in_the_language_of_the_page(client, somebody):
    picked(somebody, "en")
    page = client.post(LOG_IN["es"], {"username": "ana", "password": "wrong", "next": HOME["es"]})
    assert page.status_code == 200
    assertContains(page, "clave")


def test_an_explicit_choice_wins_for_the_page_that_it_leads_to(client, somebody):
    client.force_login(picked(somebody, "es"))
    page = soup(client.get(HOME["es"]))
    link = page.select_one('#user-tools a[hreflang="en"]')["href"]
    there = client.get(link)
    assert (link, there.status_code, there["Content-Language"]) == (HOME["en"], 200, "en")


@pytest.mark.parametrize("door", ["en", "es"])
def test_the_pages_for_logging_in_and_out_bear_the_name_of_the_institute(client, somebody, door, settings):
    settings.SITE_NAME = {"en": "The Institute", "es": "El Instituto"}
    client.force_login(somebody)
    for page in (client.post(f"{HOME[door]}logout/"), client.get(LOG_IN[door])):
        assert soup(page).title.text.strip().endswith(f"| {settings.SITE_NAME[door]}")
        assert soup(page).select_one("#site-name").text.strip() == settings.SITE_NAME[door]


# Picking it


def settings_page(language):
    with translation.override(language):
        return reverse("admin:my_notices")


@pytest.mark.parametrize("door", ["en", "es"])
def test_what_is_picked_is_kept_and_the_page_goes_on_in_that_language(client, somebody, door):
    client.force_login(somebody)
    for own, said in (("es", "Se guardaron sus preferencias."), ("en", "Your settings are kept.")):
        answer = client.post(settings_page(door), {"language": own, "how": "digest"})
        assert answer["Location"] == settings_page(own)
        assertContains(client.get(answer["Location"]), said)
        wish = NoticeWish.objects.get(user=somebody)
        assert (wish.language, wish.how) == (own, "digest")


@pytest.mark.parametrize("door", ["en", "es"])
def test_who_never_picked_one_is_offered_the_language_of_the_page(client, somebody, door):
    client.force_login(somebody)
    page = soup(client.get(settings_page(door)))
    assert page.select_one('input[name="language"][checked]')["value"] == door
    assert not NoticeWish.objects.exists()


def test_a_language_that_the_site_has_not_is_refused(client, somebody):
    client.force_login(somebody)
    page = client.post(settings_page("en"), {"language": "fr", "how": "each"})
    assert page.context["form"].errors["language"]
    assert not NoticeWish.objects.exists()


def test_it_is_nobody_elses_choice(client, somebody):
    other = picked(make_user("editor"), "en")
    client.force_login(somebody)
    client.post(settings_page("en"), {"language": "es", "how": "each", "user": other.pk})
    assert NoticeWish.objects.get(user=other).language == "en"


# On the way out


@pytest.mark.parametrize(("door", "words"), [("en", "Logged out"), ("es", "Sesión terminada")])
def test_the_page_after_the_log_out_is_in_the_language_of_the_page_before(client, somebody, door, words):
    client.force_login(somebody)
    form = soup(client.get(HOME[door])).select_one("#logout-form")
    page = client.post(form["action"])
    assert page["Content-Language"] == door
    assertContains(page, words)


@pytest.mark.parametrize("door", ["en", "es"])
def test_a_new_password_is_set_and_confirmed_in_the_language_of_the_page(client, somebody, door):
    client.force_login(somebody)
    page = soup(client.get(HOME[door])).select_one('#user-tools a[href*="password_change"]')["href"]
    fresh = "another-long-enough-one"
    answer = client.post(page, {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh})
    assert answer["Location"] == f"{HOME[door]}password_change/done/"
    assert client.get(answer["Location"])["Content-Language"] == door
