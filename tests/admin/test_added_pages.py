"""Pages that apps put into the admin: they stand before Django's own, and open for the staff only."""

import pytest
from django.contrib import admin
from django.urls import resolve
from django.utils import translation

from tests.factories import make_user

pytestmark = pytest.mark.django_db

HOME = {"en": "/admin/", "es": "/es/admin/"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_an_app_stands_before_the_list_of_its_models(client, language):
    assert {model._meta.app_label for model in admin.site._registry} >= {"translation"}  # so that there is such a list
    with translation.override(language):
        assert resolve(f"{HOME[language]}translation/").url_name == "translation"
    client.force_login(make_user("translator"))
    assert client.get(f"{HOME[language]}translation/").status_code == 200


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_is_not_of_the_staff_is_led_to_the_log_in(client, language):
    page = f"{HOME[language]}translation/"
    asked = f"{HOME[language]}login/?next={page}"
    assert client.get(page)["Location"] == asked
    client.force_login(make_user("", is_staff=False))
    assert client.get(page)["Location"] == asked
