"""Files that another sends in our stead, once we have said that they may be had: nginx, or the object store."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.encoding import filepath_to_uri
from django.utils.http import content_disposition_header

ONLY_NOW = "private, no-store"


def handed_over(file, content_type: str, name: str) -> HttpResponse | None:
    """The answer that has nginx send the file from the disk, or that leads a reader who takes it home to the store.

    None where we send it ourselves: a picture in a store too, since caches keep it under our address, and no page
    that is kept may name a link that ends.
    """
    if settings.FILES_BY_NGINX and isinstance(file.storage, FileSystemStorage):
        return HttpResponse(headers={"X-Accel-Redirect": settings.FILES_BY_NGINX + filepath_to_uri(file.name)})
    if name and (link_to := getattr(file.storage, "link", None)):  # a store that can be asked for one
        link = link_to(file.name, content_type, content_disposition_header(True, name))
        return HttpResponseRedirect(link, headers={"Cache-Control": ONLY_NOW})
    return None
