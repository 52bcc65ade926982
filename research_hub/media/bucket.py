"""Files in an object store that speaks S3 (FILES_BUCKET), all of them private there."""

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    """Pages name a file by the site's own address, which lasts and asks who may have it; a link into the store is
    made anew for each who may, and ends soon."""

    default_acl = None
    file_overwrite = False

    def url(self, name, parameters=None, expire=None, http_method=None):
        return settings.MEDIA_URL + filepath_to_uri(name)

    def link(self, name: str, content_type: str, disposition: str) -> str:
        """For whoever has it, for FILES_LINK_SECONDS."""
        headers = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition}
        return super().url(name, parameters=headers)
