"""Who guesses passwords is stopped; nobody else is shut out with them."""

import pytest
import time_machine
from pytest_django.asserts import assertContains

from research_hub.editorial.audit import AuditEntry
from tests.factories import make_user

from .people import PASSWORD, is_in, type_password

pytestmark = pytest.mark.django_db
NOON = "2026-03-01 12:00:00Z"


@pytest.fixture
def ana():
    return make_user("editor", username="ana", password=PASSWORD)


def guess(client, user, times, **headers):
    return [type_password(client, user, password=f"wrong-{n}", **headers).status_code for n in range(times)]


@pytest.mark.parametrize(("language", "told"), [("en", "Try again in 15 minutes"), ("es", "Inténtelo de nuevo en 15")])
def test_the_fifth_wrong_password_shuts_out_and_the_right_one_does_not_help(client, ana, language, told):
    assert guess(client, ana, 5) == [200, 200, 200, 200, 429]
    page = type_password(client, ana, language)
    assertContains(page, told, status_code=429)
    assert page["Retry-After"] == "900"
    assert not is_in(client)


def test_neither_another_name_at_the_same_address_nor_the_same_elsewhere_is_shut_out(client, ana):
    ben = make_user("editor", password=PASSWORD)
    guess(client, ana, 50)
    assert type_password(client, ben).url == "/admin/"
    client.logout()
    assert type_password(client, ana, REMOTE_ADDR="192.0.2.7").url == "/admin/"


def test_it_ends_by_itself_and_what_is_tried_meanwhile_does_not_make_it_longer(client, ana):
    with time_machine.travel(NOON, tick=False):
        guess(client, ana, 5)
    with time_machine.travel("2026-03-01 12:14:00Z", tick=False):
        assert guess(client, ana, 3) == [429] * 3
    with time_machine.travel("2026-03-01 12:15:01Z", tick=False):
        assert type_password(client, ana).url == "/admin/"


def test_the_right_password_before_that_begins_the_count_anew(client, ana):
    guess(client, ana, 4)
    type_password(client, ana)
    client.logout()
    assert guess(client, ana, 4) == [200] * 4


def test_an_address_that_tries_many_names_is_shut_out(client, ana, settings):
    settings.LOCK_OUT_NAMES = 3
    for name in ("a", "b", "c"):
        client.post("/admin/login/", {"username": name, "password": "wrong"})
    assert type_password(client, ana).status_code == 429
    assert type_password(client, ana, REMOTE_ADDR="192.0.2.7").url == "/admin/"


def test_a_name_that_is_tried_from_many_addresses_is_shut_out_everywhere(client, ana, settings):
    settings.LOCK_OUT_ADDRESSES = 3
    for last in range(3):
        guess(client, ana, 1, REMOTE_ADDR=f"192.0.2.{last}")
    assert type_password(client, ana, REMOTE_ADDR="192.0.2.99").status_code == 429
    assert type_password(client, make_user("editor", password=PASSWORD)).url == "/admin/"


def test_what_a_guesser_says_to_have_been_forwarded_for_is_not_believed(client, ana, settings):
    for n in range(5):
        type_password(client, ana, password="wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}")
    assert type_password(client, ana, HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 429


def test_an_administrator_lets_them_try_again_at_once(client, ana):
    guess(client, ana, 5)
    boss = type(client)()
    boss.force_login(make_user("administrator", password=PASSWORD))
    access = f"/admin/auth/user/{ana.pk}/access/"
    assertContains(boss.get(access), "Shut out")
    boss.post(access, {"do": "unlock", "password": PASSWORD})
    assert type_password(client, ana).url == "/admin/"


def test_it_is_written_down_once(client, ana):
    guess(client, ana, 7, REMOTE_ADDR="192.0.2.7")
    entry = AuditEntry.objects.get(action="locked_out")
    assert (entry.actor, entry.address) == ("ana", "192.0.2.7")


def test_a_name_that_nobody_has_is_answered_as_one_that_somebody_has(client, ana):
    pages = [
        client.post("/admin/login/", {"username": name, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}").content
        for n, name in enumerate(["ana", "eva"])
    ]
    plain = [page.replace(b"eva", b"ana") for page in pages]
    assert len({len(page) for page in plain}) == 1
