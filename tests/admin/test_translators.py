"""A translator opens no form of an entry; who may only look at one reads it and saves nothing."""

import pytest
from django.contrib.auth.models import Permission
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import make_publication, make_topic, make_user

from .cast import address, form_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication():
    return make_publication(topics=[make_topic()], body_en="<p>In <em>English</em></p>", published=False)


@pytest.mark.parametrize("view", ["changelist", "add", "change", "history", "delete"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_translator_opens_no_page_of_an_entry(client, publication, view, language):
    client.force_login(make_user("translator"))
    assert client.get(address(publication, language, view)).status_code in (403, 404)
    assert client.post(address(publication, language, view), {"title_es": "Mío"}).status_code in (403, 404)
    publication.refresh_from_db()
    assert publication.title_es is None


def test_who_may_change_everything_has_every_field(client, publication):
    client.force_login(make_user("editor"))
    assert {"title_en", "title_es", "date", "doi"} <= form_at(client, address(publication)).keys()


def test_who_has_no_role_sees_nothing_of_it(client, publication):
    client.force_login(make_user(""))
    assert client.get(address(publication)).status_code == 403
    assertNotContains(client.get("/admin/"), "/admin/publications/")


def test_who_may_only_look_can_open_every_field_and_save_none(client, publication):
    user = make_user("")
    user.user_permissions.add(*view_permissions())
    client.force_login(user)
    assertContains(client.get(address(publication)), "<p>In <em>English</em></p>", html=True)
    assert client.post(address(publication), {"title_es": "Un informe"}).status_code == 403


def view_permissions():
    return Permission.objects.filter(codename="view_publication")
