"""What is done to a picture before it is kept: one sort of colour, upright, and nothing but what it shows."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image as Picture
from PIL import ImageCms, ImageOps

SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}  # by what is in the file, whatever its name says
LONGEST_SIDE = 2400  # pixels: twice the widest column a page has
SRGB = ImageCms.createProfile("sRGB")


def upright_copy(file) -> ContentFile:
    """The picture turned upright, in sRGB, at most LONGEST_SIDE across, without camera data or trailing bytes."""
    file.seek(0)
    with Picture.open(file, formats=list(SUFFIXES)) as original:
        form = original.format
        original.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG's decoder leaves out what is not needed
        picture = in_srgb(ImageOps.exif_transpose(original))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=3)
    if form == "JPEG":
        picture = picture.convert("RGB")
    picture.info = {}
    out = BytesIO()
    picture.save(out, format=form, quality=88)
    return ContentFile(out.getvalue(), name=f"picture.{SUFFIXES[form]}")


def in_srgb(picture: Picture.Image) -> Picture.Image:
    """The same colours in 8-bit RGB, or RGBA where something shows through."""
    wanted = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode.startswith("I"):
        picture = in_eight_bits(picture)
    elif wanted == "RGBA" or picture.mode in ("P", "1"):  # a colour profile is about what these stand for
        picture = picture.convert(wanted)
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(picture.info["icc_profile"]))
        return ImageCms.profileToProfile(picture, profile, SRGB, outputMode=wanted)
    except (KeyError, OSError, ValueError, ImageCms.PyCMSError):  # none, a broken one, one for other colours
        return picture.convert(wanted)


def in_eight_bits(picture: Picture.Image) -> Picture.Image:
    """A grey picture of 16 bits; Pillow's own conversion makes white of all but its darkest."""
    grey = picture.convert("I").point(lambda level: level * (1 / 257)).convert("L")
    grey.info = {name: value for name, value in picture.info.items() if name == "icc_profile"}
    return grey
