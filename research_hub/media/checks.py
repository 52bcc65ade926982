"""What an uploaded file must be, told by its content and not by its name.

A form asks for every check of a field even after one refused: so each is cheap for a file that another refuses.
"""

import logging
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image as Picture

from research_hub.activity.dates import MAX_YEAR, MIN_YEAR

from . import documents, scanning

logger = logging.getLogger(__name__)

MOST_PIXELS = 50_000_000  # of 4 bytes each, once decoded
MOST_WORK = 20 * MOST_PIXELS  # a JPEG may go over its pixels as often as it likes; cameras and editors do so ten times
SUFFIXES_OF = {"JPEG": {".jpg", ".jpeg"}, "PNG": {".png"}, "WEBP": {".webp"}}
FORMATS = list(SUFFIXES_OF)  # no other decoder ever sees a file
BOMBS = (Picture.DecompressionBombError, Picture.DecompressionBombWarning)


def is_stored(file) -> bool:
    """Whether it was checked when it came; reading it again at every save of its record would prove nothing."""
    return getattr(file, "_committed", False)


def is_too_large(file) -> bool:
    return file.size > settings.UPLOAD_MAX_BYTES


def refusal(message: str, code: str, **params) -> ValidationError:
    """The reason for the editor; for the log its code alone, as a name may be personal or made to deceive."""
    logger.warning("An upload was refused: %s", code)
    return ValidationError(message, params=params, code=code)


def check_size(file):
    if not is_stored(file) and is_too_large(file):
        size, most = filesizeformat(file.size), filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise refusal(_("This file has %(size)s; at most %(most)s can be uploaded."), "too_large", size=size, most=most)


def check_image(file):
    """Read every byte and decode every pixel, but only of what says beforehand that it is not too much."""
    if is_stored(file) or is_too_large(file):
        return
    try:
        form = decoded(file)
    except ValidationError:
        raise
    except BOMBS as error:
        raise too_many_pixels() from error
    except Exception as error:  # a decoder may raise anything at a hostile file
        raise refusal(
            _("This picture is broken or not a JPEG, PNG or WebP; save it again and upload the copy."), "broken"
        ) from error
    suffix = Path(file.name or "").suffix.lower()
    if suffix not in SUFFIXES_OF[form]:
        message = _("The name of this file ends in “%(suffix)s”, but it is a %(form)s: save it again as what it is.")
        raise refusal(message, "other_format", suffix=suffix[:20], form=form)
    check_by_scanner(file)


def decoded(file) -> str:
    """The format of the picture, all of which can be read."""
    file.seek(0)
    scans = file.read().count(b"\xff\xda")
    file.seek(0)
    with Picture.open(file, formats=FORMATS) as picture:
        pixels = picture.width * picture.height
        if pixels > MOST_PIXELS or (picture.format == "JPEG" and scans * pixels > MOST_WORK):
            raise too_many_pixels()
        picture.verify()
    file.seek(0)
    with Picture.open(file, formats=FORMATS) as picture:
        picture.draft(None, (1, 1))  # a JPEG is read to its end all the same, and takes less room
        picture.load()
        form = picture.format
    file.seek(0)
    return form


def too_many_pixels() -> ValidationError:
    message = _("This picture has too many pixels: at most %(most)s million. Save a smaller copy and upload that.")
    return refusal(message, "pixels", most=MOST_PIXELS // 1_000_000)


def check_year(moment):
    """Moments near the ends of time leave the calendar in another time zone."""
    if not MIN_YEAR < moment.year < MAX_YEAR:
        raise ValidationError(_("Write a year from 1000 to 2999."), code="range")


def check_document(file):
    if is_stored(file) or is_too_large(file):
        return
    file.seek(0)
    fault = documents.fault(file.read())
    file.seek(0)
    if fault:
        raise refusal(documents.REASONS[fault], fault)
    check_by_scanner(file)


def check_by_scanner(file):
    file.seek(0)
    verdict = scanning.verdict(file)
    file.seek(0)
    if verdict is scanning.Verdict.BAD:
        raise refusal(_("The virus scanner refuses this file. Have your computer checked."), "virus")
    if verdict is scanning.Verdict.UNKNOWN:
        message = _("The virus scanner does not answer, so nothing can be uploaded. Try again later.")
        raise refusal(message, "not_scanned")
