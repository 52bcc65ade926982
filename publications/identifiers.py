"""The identifiers of research: what a well-formed one looks like, checked by their own check digits."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def is_orcid(text: str) -> bool:
    """ISO 7064 MOD 11-2, as at support.orcid.org "Structure of the ORCID Identifier"."""
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", text):
        return False
    total = 0
    for digit in text.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == text[-1]


def is_isbn(text: str) -> bool:
    """ISBN-10 or ISBN-13 with its check digit; hyphens and spaces do not matter."""
    digits = re.sub(r"[- ]", "", text)
    if re.fullmatch(r"\d{13}", digits):
        return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return sum((10 - i) * (10 if d == "X" else int(d)) for i, d in enumerate(digits)) % 11 == 0
    return False


def is_doi(text: str) -> bool:
    return bool(re.fullmatch(r"10\.\d{4,9}/\S+", text))


def validate_orcid(text: str) -> None:
    if not is_orcid(text):
        raise ValidationError(_("This is not an ORCID: compare it with 0000-0002-1825-0097."), code="orcid")


def validate_isbn(text: str) -> None:
    if not is_isbn(text):
        raise ValidationError(_("This is not an ISBN: its last digit does not fit the others."), code="isbn")


def validate_doi(text: str) -> None:
    if not is_doi(text):
        raise ValidationError(_("A DOI begins with 10., such as 10.1000/182; without https://doi.org/."), code="doi")
