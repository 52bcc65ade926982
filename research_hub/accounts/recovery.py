"""Codes for whoever has lost the telephone: each opens once in the place of its own.

A code has 120 random bits, so that its digest alone tells nobody what it was; they are shown when they are made, and
never again.
"""

import re
import secrets
from base64 import b32encode
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

HOW_MANY = 10
BYTES = 15


class RecoveryCode(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self):
        return f"{self.user} · {self.made_at:%Y-%m-%d}"


def make_codes(user) -> list[str]:
    """New ones, which take the place of those before; as they are to be written down."""
    codes = [b32encode(secrets.token_bytes(BYTES)).decode() for _number in range(HOW_MANY)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=digest_of(code)) for code in codes)
    return ["-".join(re.findall("....", code)) for code in codes]


def use_code(user, typed: str) -> bool:
    """Whether it is one of theirs; it is none any more."""
    return bool(RecoveryCode.objects.filter(user=user, digest=digest_of(typed)).delete()[0])


def digest_of(code: str) -> str:
    return sha256(re.sub(r"[\s-]", "", code).upper().encode()).hexdigest()
