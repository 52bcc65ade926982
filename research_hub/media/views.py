from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views import View

from research_hub.languages.text import read

from .models import Image


def picture(image: Image | None) -> dict | None:
    if image is None:
        return None
    return {
        "url": image.file.url,
        "alt": read(image, "alt").words,
        "width": image.width,
        "height": image.height,
    }


def send_file(file, filename=None, attachment=False):
    """A stored file as a response that no browser will take for a page."""
    try:
        response = FileResponse(file.open("rb"), as_attachment=attachment, filename=filename)
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    return response


class ImageFile(View):
    """The picture itself; its name is long and random, so only who was shown it can ask for it."""

    def get(self, request, name):
        image = Image.objects.filter(file=f"images/{name}").first()
        if image is None or not default_storage.exists(image.file.name):
            raise Http404
        response = send_file(image.file)
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
