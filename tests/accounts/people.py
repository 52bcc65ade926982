"""Somebody of the staff at the door: their password, the code that their telephone shows, and where they come to."""

import re
from binascii import unhexlify

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.pages import soup

PASSWORD = "alondra-en-la-rama"
LOG_IN = {"en": "/admin/login/", "es": "/es/admin/login/"}


def type_password(client, user, language="en", password=PASSWORD, **headers):
    return client.post(LOG_IN[language], {"username": user.username, "password": password}, **headers)


def shown_by(device: TOTPDevice, later=0) -> str:
    """What the telephone shows now, or some steps of thirty seconds later."""
    return f"{totp(unhexlify(device.key), 30, 0, 6, later):06}"


def with_factor(user) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="totp")


def is_in(client) -> bool:
    return client.get("/admin/").status_code == 200


def codes_on(page) -> list[str]:
    return [code.get_text() for code in soup(page).select(".codes code")]


def secret_on(page) -> str:
    return re.sub(r"\s", "", soup(page).select_one(".secret").get_text())
