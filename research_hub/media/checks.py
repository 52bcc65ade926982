"""What an uploaded file must be, told by its content and not by its name."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image as Picture

from research_hub.activity.dates import MAX_YEAR, MIN_YEAR

MOST_PIXELS = 80_000_000
FORMATS = ["JPEG", "PNG", "WEBP"]


def is_stored(file) -> bool:
    """Whether it was checked when it came; reading it again at every save of its record would prove nothing."""
    return getattr(file, "_committed", False)


def check_size(file):
    if not is_stored(file) and file.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("This file has %(size)s; at most %(most)s can be uploaded."),
            params={
                "size": filesizeformat(file.size),
                "most": filesizeformat(settings.UPLOAD_MAX_BYTES),
            },
            code="too_large",
        )


def check_image(file):
    """Decode every pixel: Pillow's own verify() accepts a picture that was cut off."""
    if is_stored(file):
        return
    file.seek(0)
    try:
        with Picture.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(_("This picture has too many pixels; save a smaller copy."), code="pixels")
            picture.load()
    except ValidationError:
        raise
    except Exception as error:  # a decoder may raise anything at a hostile file
        raise ValidationError(
            _("This picture is broken or not a JPEG, PNG or WebP; save it again and upload the copy."),
            code="broken",
        ) from error
    file.seek(0)


def check_year(moment):
    """Moments near the ends of time leave the calendar in another time zone."""
    if not MIN_YEAR < moment.year < MAX_YEAR:
        raise ValidationError(_("Write a year from 1000 to 2999."), code="range")


def check_document(file):
    if is_stored(file):
        return
    file.seek(0)
    head = file.read(1024)
    file.seek(max(0, file.size - 2048))
    tail = file.read()
    file.seek(0)
    if b"%PDF-" not in head or b"%%EOF" not in tail:
        raise ValidationError(_("This file is not a whole PDF; export it again."), code="not_pdf")
