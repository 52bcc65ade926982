"""A password is chosen by a mailed link: by whoever has forgotten theirs, and by whoever is new."""

import re

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from pytest_django.asserts import assertContains

from research_hub.accounts.resetting import Forgotten
from research_hub.editorial.audit import AuditEntry
from research_hub.editorial.notices import NoticeWish
from tests.admin.cast import press
from tests.factories import make_user

from .people import PASSWORD, is_in, type_password, with_factor

pytestmark = pytest.mark.django_db
FORGOTTEN = {"en": "/admin/password/forgotten/", "es": "/es/admin/password/forgotten/"}
NEW = "otra-rama-del-olmo"


@pytest.fixture
def ana():
    return make_user("editor", username="ana", email="ana@example.org", password=PASSWORD)


def ask(client, address="ana@example.org", language="en"):
    return client.post(FORGOTTEN[language], {"email": address})


def link_in(message) -> str:
    return re.search(r"https://hub\.example(/\S+)", message.body)[1]


def choose(client, link, password=NEW):
    page = client.get(link, follow=True)
    url = page.wsgi_request.path
    return client.post(url, {"new_password1": password, "new_password2": password})


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Choose a new password"), ("es", "Elija una contraseña nueva")]
)
def test_the_link_comes_in_ones_own_language_and_the_password_is_chosen(client, ana, language, subject):
    NoticeWish.objects.create(user=ana, language=language)
    ask(client)
    (message,) = mail.outbox
    assert subject in message.subject and message.to == ["ana@example.org"]
    assert choose(client, link_in(message)).status_code == 302
    assert not is_in(client)
    assert type_password(client, ana, password=PASSWORD).status_code == 200
    assert type_password(client, ana, password=NEW).status_code == 302


def test_the_address_of_nobody_is_answered_alike_and_nothing_is_sent(client, ana):
    make_user("editor", email="off@example.org", is_active=False)
    pages = [ask(client, address) for address in ("ana@example.org", "eva@example.org", "off@example.org")]
    assert {(page.status_code, page.url, page.content) for page in pages} == {(302, "/admin/password/written/", b"")}
    assert len(mail.outbox) == 1


def test_whether_there_is_an_account_is_looked_up_when_the_answer_has_gone(rf, ana, django_assert_num_queries):
    request = rf.post(FORGOTTEN["en"], {"email": "ana@example.org"})
    request._dont_enforce_csrf_checks = True
    with django_assert_num_queries(0):
        response = Forgotten.as_view()(request)
    assert mail.outbox == []
    response.close()
    assert len(mail.outbox) == 1


def test_nobody_is_written_to_twice_in_five_minutes(client, ana):
    for _time in range(3):
        ask(client)
    assert len(mail.outbox) == 1


def test_a_link_works_once_and_for_a_day(client, ana):
    with time_machine.travel("2026-03-01 12:00:00Z", tick=False):
        ask(client)
    link = link_in(mail.outbox[0])
    with time_machine.travel("2026-03-02 12:00:01Z", tick=False):
        assertContains(client.get(link), "leads nowhere")
    with time_machine.travel("2026-03-02 11:59:00Z", tick=False):
        choose(client, link)
        assertContains(client.get(link), "leads nowhere")
    assert client.get("/admin/password/choose/MQ/x/").status_code == 200


def test_the_link_is_taken_out_of_the_address_at_once(client, ana):
    ask(client)
    link = link_in(mail.outbox[0])
    assert client.get(link).url.endswith("/set-password/")


def test_a_password_that_is_too_easy_is_refused_here_as_well(client, ana):
    ask(client)
    assertContains(choose(client, link_in(mail.outbox[0]), "research-hub"), "do not count")
    assert type_password(client, ana).status_code == 302


def test_the_second_factor_is_asked_for_after_it_and_every_session_has_ended(client, ana):
    with_factor(ana)
    elsewhere = type(client)()
    elsewhere.force_login(ana)
    ask(client)
    choose(client, link_in(mail.outbox[0]))
    assert not is_in(elsewhere)
    assert type_password(client, ana, password=NEW).url == "/admin/second-step/"


@pytest.mark.parametrize("language", ["", "/es"])
def test_somebody_new_chooses_their_password_themselves(client, language, django_capture_on_commit_callbacks):
    client.force_login(make_user("administrator"))
    group = Group.objects.get(name="editor")
    with django_capture_on_commit_callbacks(execute=True):
        new = {"username": "ines", "email": "ines@example.org", "groups": [group.pk]}
        assert press(client, f"{language}/admin/auth/user/add/", usable_password="false", **new).status_code == 302
    ines = get_user_model().objects.get(username="ines")
    assert not ines.has_usable_password() and ines.is_staff
    visitor = type(client)()
    choose(visitor, link_in(mail.outbox[0]))
    assert type_password(visitor, ines, password=NEW).url == "/admin/"
    assert is_in(visitor)
    assert AuditEntry.objects.filter(action="password_link", subject="ines").exists()


def test_somebody_new_without_an_address_gets_no_link(client):
    client.force_login(make_user("administrator"))
    page = press(client, "/admin/auth/user/add/", usable_password="false", username="ines")
    assertContains(page, "it cannot be empty")
