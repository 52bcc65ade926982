"""The second factor: set up by its owner, asked for at each log-in, replaced, lost, and taken away."""

import pytest
import time_machine
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.accounts.recovery import RecoveryCode, make_codes
from research_hub.editorial.audit import AuditEntry
from tests.factories import make_user
from tests.pages import soup

from .people import PASSWORD, codes_on, is_in, secret_on, shown_by, type_password, with_factor

pytestmark = pytest.mark.django_db

STEP = {"en": "/admin/second-step/", "es": "/es/admin/second-step/"}
PAGE, SET_UP = "/admin/second-factor/", "/admin/second-factor/set-up/"
NOON = "2026-03-01 12:00:00Z"


@pytest.fixture
def ana():
    return make_user("editor", username="ana", password=PASSWORD)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(("language", "asked"), [("en", "six digits"), ("es", "seis dígitos")])
def test_who_has_one_is_in_only_after_the_code(client, ana, language, asked):
    device = with_factor(ana)
    assert type_password(client, ana, language).url == STEP[language]
    assert not is_in(client)
    assertContains(client.get(STEP[language]), asked)
    assert client.post(STEP[language], {"code": "000000"}).status_code == 200
    assert not is_in(client)
    with time_machine.travel("2026-03-01 12:01:00Z", tick=False):
        assert client.post(STEP[language], {"code": shown_by(device)}).status_code == 302
        assert is_in(client)
    assert actions() == ["log_in_failed", "log_in"]


@time_machine.travel(NOON, tick=False)
def test_a_code_opens_once(client, ana):
    code = shown_by(with_factor(ana))
    type_password(client, ana)
    client.post(STEP["en"], {"code": code})
    assert is_in(client)
    client.logout()
    type_password(client, ana)
    assertContains(client.post(STEP["en"], {"code": code}), "used before")
    assert not is_in(client)


@time_machine.travel(NOON, tick=False)
def test_the_password_is_forgotten_again_when_the_code_does_not_come(client, ana):
    device = with_factor(ana)
    type_password(client, ana)
    with time_machine.travel("2026-03-01 12:11:00Z", tick=False):
        assert client.post(STEP["en"], {"code": shown_by(device)}).url == "/admin/login/"
        assert not is_in(client)


def test_without_a_password_the_second_step_leads_to_the_first(client, ana):
    assert client.get(STEP["en"]).url == "/admin/login/"
    assert client.get(SET_UP).url == "/admin/login/"


def test_a_recovery_code_opens_once_and_the_others_are_counted(client, ana):
    with_factor(ana)
    code = make_codes(ana)[3]
    type_password(client, ana)
    client.post(STEP["en"], {"code": code.lower().replace("-", " ")})
    assertContains(client.get("/admin/"), "9 recovery codes are left.")
    client.logout()
    type_password(client, ana)
    assert client.post(STEP["en"], {"code": code}).status_code == 200
    assert not is_in(client)


def test_recovery_codes_are_long_random_and_kept_as_digests_only(ana):
    codes = make_codes(ana)
    plain = [code.replace("-", "") for code in codes]
    assert len(set(plain)) == 10 and {len(code) for code in plain} == {24}  # 5 bits each
    kept = "".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code in kept.upper() for code in plain)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("language", ["en", "es"])
def test_whose_role_asks_for_it_sets_it_up_on_the_way_in(client, settings, language):
    settings.SECOND_FACTOR_ROLES = ["publisher"]
    user = make_user("publisher", username="pia", password=PASSWORD)
    page = client.get(type_password(client, user, language).url)
    assert soup(page).select_one("img.qr")["src"].startswith("data:image/svg+xml;base64,")
    assert len(secret_on(page)) == 32
    assert not is_in(client)
    url = page.wsgi_request.path
    assert client.post(url, {"code": "000000"}).status_code == 200
    assert not is_in(client)
    with time_machine.travel("2026-03-01 12:01:00Z", tick=False):
        done = client.post(url, {"code": shown_by(TOTPDevice.objects.get())})
        assert len(codes_on(done)) == 10
        assert is_in(client)
        assertNotContains(client.get(PAGE), codes_on(done)[0])
    assert actions() == ["second_factor", "log_in"]


def test_a_session_from_before_the_role_asked_for_it_is_in_no_longer(client, settings):
    client.force_login(make_user("publisher"))
    assert is_in(client)
    settings.SECOND_FACTOR_ROLES = ["publisher"]
    assert not is_in(client)
    for path in (PAGE, "/admin/my-sessions/", "/admin/my-notices/", "/admin/password_change/", "/admin/jsi18n/"):
        assert "/login/" in client.get(path).url


@pytest.mark.parametrize("role", ["editor", "author", "translator"])
def test_whose_role_does_not_ask_for_it_is_in_without(client, settings, role):
    settings.SECOND_FACTOR_ROLES = ["publisher", "administrator"]
    user = make_user(role, password=PASSWORD)
    assert type_password(client, user).url == "/admin/"
    assert is_in(client)


def test_who_has_no_limits_is_an_administrator(client, settings):
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    owner = make_user("", is_superuser=True, password=PASSWORD)
    assert type_password(client, owner).url == SET_UP


@time_machine.travel(NOON, tick=False)
def test_it_is_changed_only_by_who_shows_the_password_and_the_code_again(client, ana):
    device = with_factor(ana)
    client.force_login(ana)
    assert client.get(SET_UP).url == PAGE
    for sent in ({}, {"password": "wrong", "code": shown_by(device)}, {"password": PASSWORD, "code": "000000"}):
        assert client.post(PAGE, {"do": "remove", **sent}).status_code == 200
    assert TOTPDevice.objects.filter(pk=device.pk).exists()
    with time_machine.travel("2026-03-01 12:05:00Z", tick=False):
        assert client.post(PAGE, {"do": "remove", "password": PASSWORD, "code": shown_by(device)}).url == PAGE
    assert not TOTPDevice.objects.exists()
    assert actions()[-1] == "second_factor"


@time_machine.travel(NOON, tick=False)
def test_a_new_telephone_takes_the_place_of_the_old_and_ends_the_other_sessions(client, ana):
    old = with_factor(ana)
    elsewhere = type(client)()
    elsewhere.force_login(ana)
    client.force_login(ana)
    client.post(PAGE, {"do": "set_up", "password": PASSWORD, "code": shown_by(old)})
    client.get(SET_UP)
    new = TOTPDevice.objects.get(confirmed=False)
    assert TOTPDevice.objects.filter(pk=old.pk).exists()
    assert len(codes_on(client.post(SET_UP, {"code": shown_by(new)}))) == 10
    assert list(TOTPDevice.objects.all()) == [new]
    assert is_in(client) and not is_in(elsewhere)


def test_a_role_that_asks_for_it_does_not_let_it_be_removed(client, ana, settings):
    settings.SECOND_FACTOR_ROLES = ["editor"]
    with_factor(ana)
    code = make_codes(ana)[0]
    client.force_login(ana)
    session = client.session
    session["second_factor"] = True
    session.save()
    client.post(PAGE, {"do": "remove", "password": PASSWORD, "code": code})
    assert TOTPDevice.objects.exists()


@pytest.mark.parametrize("language", ["", "/es"])
def test_an_administrator_takes_away_what_was_lost_and_is_written_down(client, ana, language):
    with_factor(ana)
    elsewhere = type(client)()
    elsewhere.force_login(ana)
    admin = make_user("administrator", password=PASSWORD)
    client.force_login(admin)
    access = f"{language}/admin/auth/user/{ana.pk}/access/"
    assert client.post(access, {"do": "reset_factor"}).status_code == 200
    assert TOTPDevice.objects.exists()
    assert client.post(access, {"do": "reset_factor", "password": PASSWORD}).status_code == 302
    assert not TOTPDevice.objects.exists() and not is_in(elsewhere)
    entry = AuditEntry.objects.get(action="second_factor")
    assert (entry.actor, entry.subject, entry.detail) == (admin.username, "ana", {"what": "reset"})


def test_wrong_codes_shut_out_as_wrong_passwords_do(client, ana):
    with_factor(ana)
    type_password(client, ana)
    answers = [client.post(STEP["en"], {"code": "000000"}).status_code for _try in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert type_password(client, ana).status_code == 429
