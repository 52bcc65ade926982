from fractions import Fraction
from pathlib import PurePosixPath

from django.contrib import admin
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.views import View

from research_hub.languages.text import read

from .models import Image
from .renditions import TYPES, WIDEST, Forms, Rendition
from .serving import FOREVER, NOBODY_ELSE, serve

SHOWN = 640  # pixels: the width for who cannot choose among several


def picture(image: Image | None, proportions: Fraction | None = None) -> dict | None:
    """What media/_picture.html draws, from the row alone: of its renditions those that there are."""
    if image is None:
        return None
    forms = existing(image, proportions)
    is_cropped = bool(proportions and forms)
    forms = forms or existing(image, None)
    plain = forms.pop(image.file.fallback, {})
    return {
        "url": plain[min(plain, key=lambda width: abs(width - SHOWN))].url if plain else image.file.url,
        "alt": read(image, "alt").words,
        "width": max(plain) if is_cropped else image.width,
        "height": round(max(plain) / proportions) if is_cropped else image.height,
        "srcset": srcset(plain),
        "sources": [{"type": TYPES[f".{form.lower()}"], "srcset": srcset(widths)} for form, widths in forms.items()],
        "shared": shared(image),
    }


def existing(image: Image, proportions: Fraction | None) -> Forms:
    """Its renditions of these proportions that have been made, formats that browsers choose first coming first."""
    there = set(image.renditions)
    forms = {
        form: {width: one for width, one in widths.items() if one.name in there}
        for form, widths in image.file.forms(proportions).items()
    }
    return {form: widths for form, widths in forms.items() if widths}


def srcset(widths: dict[int, Rendition]) -> str:
    return ", ".join(f"{rendition.url} {width}w" for width, rendition in widths.items())


def shared(image: Image) -> dict:
    """The picture as other sites show it beside a link: whole, large, and in a format that all of them read."""
    widest = existing(image, None).get(image.file.fallback, {}).get(WIDEST)
    if widest is None:
        return {"url": image.file.url, "width": image.width, "height": image.height}
    return {"url": widest.url, "width": WIDEST, "height": round(image.height * WIDEST / image.width)}


def thumbnail(image: Image, proportions: Fraction | None = None) -> str:
    """The address of the smallest that there is."""
    plain = existing(image, proportions).get(image.file.fallback) or {0: image.file}
    return plain[min(plain)].url


def give_picture(request, image: Image, name: str, cache: str):
    """The picture itself or one of its renditions, under the name that its row tells."""
    if name not in image.files:
        raise Http404
    content_type = TYPES[PurePosixPath(name).suffix]  # Python's own table lacks the newer ones
    return serve(request, FieldFile(image, image.file.field, name), content_type=content_type, cache=cache)


def give_download(request, file: FieldFile, name: str, cache: str = NOBODY_ELSE):
    return serve(request, file, content_type="application/pdf", cache=cache, name=name)


def may_look_at_all(request) -> bool:
    """Whether pictures that no page shows yet are for this member of the staff."""
    return admin.site.has_permission(request) and request.user.has_perm("media.view_image")


class ImageFile(View):
    """A picture that a public page shows, for anybody; any other only for the staff."""

    http_method_names = ["get", "head"]

    def get(self, request, name):
        name = f"images/{name}"
        image = Image.objects.of_file(name).with_publicity().first()
        if image is None:
            raise Http404
        if image.is_public:
            return give_picture(request, image, name, FOREVER)
        if not may_look_at_all(request):
            raise Http404
        return give_picture(request, image, name, NOBODY_ELSE)
