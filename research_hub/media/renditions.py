"""The smaller copies of a picture, how each is named and made: django-pictures, with a focal point and our encoders.

What a picture is to have follows from its row, which also names what there is of it by now.
"""

from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from pictures.models import PictureField, PictureFieldFile, PillowPicture
from pictures.utils import source_set
from PIL import Image as Picture
from PIL import ImageOps

from .images import in_srgb

WIDEST = 1280  # pixels; the widest place, that of a topic's picture on a tablet, has 960
STEPS = 4  # of the same width, up to the widest
WIDEST_CROP = 640
SQUARE = Fraction(1)

TYPES = {  # by the suffix of a file
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
MODERN = ["AVIF", "WEBP"]  # from the smallest file on, as a browser takes the first that it knows
ENCODERS = {
    "AVIF": {"quality": 60, "speed": 9},
    "WEBP": {"quality": 80},
    "JPEG": {"quality": 80, "progressive": True, "optimize": True},
    "PNG": {},
}


@dataclass(eq=False)
class Rendition(PillowPicture):
    """One copy, cropped about the focal point where it has proportions of its own."""

    focal_point: tuple[int, int] = (50, 50)

    @property
    def name(self) -> str:
        folder = Path(self.parent_name).with_suffix("")
        if self.aspect_ratio:
            shape = "x".join(map(str, self.aspect_ratio.as_integer_ratio()))
            folder /= "-".join(map(str, [shape, *self.focal_point]))  # another point, another file
        return str(folder / f"{self.width}w.{self.file_type.lower()}")

    def resize(self, image):
        if self.aspect_ratio:
            x, y = self.focal_point
            return ImageOps.fit(image, (self.width, self.height), centering=(x / 100, y / 100))
        return image.resize((self.width, max(1, round(image.height * self.width / image.width))), reducing_gap=3)

    def save(self, image):
        out = BytesIO()
        self.resize(image).save(out, format=self.file_type, **ENCODERS[self.file_type])
        self.delete()  # else the storage would choose another name
        self.storage.save(self.name, ContentFile(out.getvalue()))


Forms = dict[str, dict[int, Rendition]]  # by format and width


class FocalPictureFile(PictureFieldFile):
    def save_all(self):
        """Nothing yet: Image.save has them made after its transaction, for which other writers wait."""

    @property
    def fallback(self) -> str:
        """What every browser reads and keeps what the file shows: through a JPEG nothing can be seen."""
        return "JPEG" if self.name.endswith((".jpg", ".jpeg")) else "PNG"

    @property
    def aspect_ratios(self) -> dict[Fraction | None, Forms]:
        """All that is to be made, by proportions."""
        return {proportions: self.forms(proportions) for proportions in (None, SQUARE)}

    def forms(self, proportions: Fraction | None) -> Forms:
        """What is to be made in these proportions; nothing is wider than the picture itself."""
        focal_point, widest = (self.instance.focal_x, self.instance.focal_y), WIDEST_CROP if proportions else WIDEST
        widths = source_set((self.width, self.height), ratio=proportions, max_width=WIDEST, cols=STEPS)
        return {
            form: {
                width: Rendition(self.name, form, proportions, self.storage, width, focal_point)
                for width in sorted(widths)
                if width <= widest
            }
            for form in [*MODERN, self.fallback]
        }

    def by_name(self) -> dict[str, Rendition]:
        return {rendition.name: rendition for rendition in self.get_picture_files_list()}

    def make(self, names: set[str]) -> None:
        """Those of its renditions."""
        with self.storage.open(self.name) as stored, Picture.open(stored) as original:
            picture = in_srgb(original)
            for name, rendition in sorted(self.by_name().items()):
                if name in names:
                    rendition.save(picture)


class FocalPictureField(PictureField):
    attr_class = FocalPictureFile

    def deconstruct(self):
        """As a field of Django's: which renditions there are is no matter of the database."""
        return super(PictureField, self).deconstruct()
