"""A session begins anew at each log-in, and ends: by itself, by its owner, by an administrator."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.accounts.sessions import StaffSession
from research_hub.editorial.audit import AuditEntry
from tests.admin.cast import address, press
from tests.factories import make_user

from .people import PASSWORD, is_in, type_password

pytestmark = pytest.mark.django_db
NOON = "2026-03-01 12:00:00Z"
MINE = "/admin/my-sessions/"


@pytest.fixture
def ana():
    return make_user("editor", username="ana", password=PASSWORD)


def logged_in(user, browser="Firefox") -> Client:
    client = Client(HTTP_USER_AGENT=browser)
    type_password(client, user)
    return client


def at(moment):
    return time_machine.travel(moment, tick=False)


def test_its_key_is_a_new_one_at_the_log_in_and_the_old_is_worth_nothing(client, ana):
    client.get("/admin/login/")
    session = client.session
    session["left"] = "by somebody"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    type_password(client, ana)
    after = client.cookies["sessionid"].value
    assert after != before and len(after) == 32  # of 36 letters each: 165 bits
    assert not StaffSession.objects.filter(pk=before).exists()


def test_it_ends_when_nobody_uses_it_and_stays_while_somebody_does(ana):
    with at(NOON):
        client = logged_in(ana)
    with at("2026-03-01 13:50:00Z"):
        assert is_in(client)
    with at("2026-03-01 15:40:00Z"):
        assert is_in(client)
    with at("2026-03-01 17:41:00Z"):
        assert not is_in(client)


def test_it_ends_some_hours_after_the_log_in_whatever_is_done(ana):
    with time_machine.travel(NOON, tick=False) as clock:
        client = logged_in(ana)
        for _hour in range(11):
            clock.shift(timedelta(hours=1))
            assert is_in(client)
            session = client.session
            session["changed"] = str(_hour)
            session.save()
        clock.shift(timedelta(minutes=61))
        assert not is_in(client)


def test_a_log_out_ends_it_on_the_server_and_empties_the_browser(ana):
    client = logged_in(ana)
    key = client.cookies["sessionid"].value
    page = client.post("/admin/logout/")
    assert page["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in page["Cache-Control"]
    client.cookies["sessionid"] = key
    assert not is_in(client)


def test_a_visit_to_the_address_of_the_log_out_ends_nothing(ana):
    client = logged_in(ana)
    assert client.get("/admin/logout/").status_code == 405
    assert is_in(client)


@pytest.mark.parametrize(("language", "this"), [("", "this one"), ("/es", "esta")])
def test_one_sees_ones_own_and_ends_one_of_them(ana, language, this):
    here, there, third = logged_in(ana, "Here/1"), logged_in(ana, "There/2"), logged_in(ana, "Third/3")
    stranger = logged_in(make_user("editor", password=PASSWORD), "Stranger/4")
    page = here.get(f"{language}{MINE}")
    for words in (this, "Here/1", "There/2", "Third/3", "127.0.0.1"):
        assertContains(page, words)
    assertNotContains(page, "Stranger")
    assertNotContains(page, there.cookies["sessionid"].value)
    name = StaffSession.objects.get(browser="There/2").name
    here.post(f"{language}{MINE}", {"end": name})
    assert (is_in(here), is_in(there), is_in(third), is_in(stranger)) == (True, False, True, True)
    assert AuditEntry.objects.get(action="sessions_ended").detail == {"count": 1}


def test_nobody_ends_a_session_of_somebody_else(ana):
    stranger = logged_in(make_user("editor", password=PASSWORD))
    client = logged_in(ana, "Ana/1")
    stranger.post(MINE, {"end": StaffSession.objects.get(browser="Ana/1").name})
    assert is_in(client)


def test_one_logs_out_everywhere_else(ana):
    here, there = logged_in(ana), logged_in(ana)
    here.post(MINE, {"end": "others"})
    assert is_in(here) and not is_in(there)


def test_a_new_password_ends_the_others_and_needs_the_old(ana):
    here, there = logged_in(ana), logged_in(ana)
    new = {"new_password1": "otra-rama-del-olmo", "new_password2": "otra-rama-del-olmo"}
    assert here.post("/admin/password_change/", {"old_password": "wrong", **new}).status_code == 200
    assert is_in(there)
    assert here.post("/admin/password_change/", {"old_password": PASSWORD, **new}).status_code == 302
    assert is_in(here) and not is_in(there)
    assert StaffSession.objects.of(ana).count() == 1


def test_an_administrator_ends_those_of_somebody(client, ana):
    there = logged_in(ana)
    client.force_login(make_user("administrator", password=PASSWORD))
    client.post(f"/admin/auth/user/{ana.pk}/access/", {"do": "end_sessions", "password": PASSWORD})
    assert not is_in(there)


def test_who_is_switched_off_is_out_and_stays_out_when_switched_on(client, ana):
    there = logged_in(ana)
    client.force_login(make_user("administrator"))
    press(client, address(ana), is_active=None)
    assert not is_in(there) and not StaffSession.objects.of(ana).exists()
    press(client, address(ana), is_active="on")
    assert not is_in(there)


def test_what_a_message_says_is_kept_in_the_session_and_in_no_cookie(ana):
    client = logged_in(ana)
    client.post(MINE, {"end": "others"})
    assert set(client.cookies) <= {"sessionid", "csrftoken"}
    assert client.cookies["sessionid"]["httponly"] and client.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("something/1", "something/1"),
    ],
)
def test_a_browser_is_shown_by_its_name(told, shown):
    assert StaffSession(browser=told).browser_in_short == shown
