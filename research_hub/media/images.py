"""What is done to a picture before it is kept."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image as Picture
from PIL import ImageOps

SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}  # by what is in the file, whatever its name says
LONGEST_SIDE = 2400  # pixels: twice the widest column a page has


def upright_copy(file) -> ContentFile:
    """The picture turned upright, at most LONGEST_SIDE across, without camera data or trailing bytes."""
    file.seek(0)
    with Picture.open(file) as original:
        form = original.format
        picture = ImageOps.exif_transpose(original)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        if form == "JPEG" and picture.mode != "RGB":
            picture = picture.convert("RGB")
        picture.info = {}
        out = BytesIO()
        picture.save(out, format=form, quality=88)
    return ContentFile(out.getvalue(), name=f"picture.{SUFFIXES[form]}")
