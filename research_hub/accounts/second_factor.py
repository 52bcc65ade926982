"""The second factor: a code of six digits from a telephone (TOTP), or one of the recovery codes in its place."""

from base64 import b32encode, b64encode
from importlib import import_module
from io import BytesIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from .recovery import RecoveryCode, make_codes, use_code

MARK = "second_factor"  # in a session that began with both


def device_of(user) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_needed(user) -> bool:
    """Whether a role of theirs asks for it; who may do everything has that of an administrator as well."""
    roles = settings.SECOND_FACTOR_ROLES
    if not roles:
        return False
    return (user.is_superuser and "administrator" in roles) or user.groups.filter(name__in=roles).exists()


def is_let_in(request) -> bool:
    """Whether this session began with all that the roles of its user ask for now."""
    return bool(request.session.get(MARK)) or not is_needed(request.user)


def is_right(user, typed: str) -> bool:
    """Whether the code is right; it is used up with this. Two at once queue here."""
    typed = typed.replace(" ", "")
    with transaction.atomic():
        get_user_model().objects.select_for_update(of=("self",)).get(pk=user.pk)
        device = device_of(user)
        if device is None:
            return False
        if typed.isdecimal() and len(typed) == device.digits:
            return device.verify_token(typed)
        return use_code(user, typed)


def prepared(user) -> TOTPDevice:
    """The factor that is being set up; it counts for nothing until a code of it was right."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="totp", confirmed=False)


def set_up(user, typed: str) -> list[str]:
    """Put the prepared factor in the place of the one before, if the code is right; returns the recovery codes."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or not device.verify_token(typed.replace(" ", "")):
            return []
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        return make_codes(user)


def remove(user) -> None:
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()


def secret_of(device: TOTPDevice) -> str:
    """As it is typed where no picture can be taken."""
    secret = b32encode(device.bin_key).decode()
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def picture_of(device: TOTPDevice) -> str:
    """The QR code as the address of an image that nobody has to fetch."""
    qrcode, out = import_module("qrcode.image.svg"), BytesIO()  # for the few processes in which a telephone is set up
    code = import_module("qrcode").QRCode(image_factory=qrcode.SvgPathImage, border=4)
    code.add_data(device.config_url)
    code.make_image().save(out)
    return f"data:image/svg+xml;base64,{b64encode(out.getvalue()).decode()}"
