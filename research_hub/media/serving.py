"""How a stored file is handed out: `serve` is the one door, for pictures, downloads and previews alike."""

import re
from collections.abc import Iterator
from hashlib import blake2b

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from .handover import handed_over

# Shared caches ask anew every five minutes, so that a picture is private again once no public page shows it.
FOREVER = "public, max-age=31536000, immutable, s-maxage=300"
ASK_FIRST = "public, no-cache"  # what may be withdrawn at any moment
NOBODY_ELSE = "private, no-store"

RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
BLOCK = 64 * 1024  # bytes


def serve(request, file, *, content_type: str, cache: str, name: str = ""):
    """The stored file, whole or the part that is asked for, as a response that no browser takes for a page.

    With a name it is one to keep; without, one to be shown in a page. Who calls has asked whether it may be given.
    """
    elsewhere = handed_over(file, content_type, name)
    if elsewhere is not None and elsewhere.status_code == 302:
        return elsewhere
    etag = f'"{blake2b(file.name.encode(), digest_size=16).hexdigest()}"'  # a file never changes under its name
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged if unchanged is not None else elsewhere or opened(request, file, etag)
    response["Cache-Control"] = cache
    if cache != NOBODY_ELSE:  # what nobody may keep, nobody need know again
        response["ETag"] = etag
    if response.status_code in (200, 206):
        response["Content-Type"] = content_type
        response["Content-Disposition"] = content_disposition_header(True, name) if name else "inline"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def opened(request, file, etag: str) -> HttpResponse | FileResponse | StreamingHttpResponse:
    try:
        stored = file.storage.open(file.name, "rb")
        size = stored.size
    except FileNotFoundError as error:
        raise Http404 from error
    part = part_asked_for(request, etag, size)
    if part is None:
        return FileResponse(stored)
    start, stop = part
    if start >= stop:
        stored.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Content-Range": f"bytes {start}-{stop - 1}/{size}", "Content-Length": str(stop - start)}
    return StreamingHttpResponse(blocks(stored, start, stop), status=206, headers=headers)


def part_asked_for(request, etag: str, size: int) -> tuple[int, int] | None:
    """From which byte up to before which; None for the whole. What cannot be understood asks for nothing (RFC 9110)."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    is_of_this = request.headers.get("If-Range", etag) == etag
    if request.method != "GET" or not asked or not is_of_this:
        return None
    first, last = asked[1], asked[2]
    if not first:
        return (max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size


def blocks(stored, start: int, stop: int) -> Iterator[bytes]:
    with stored:
        stored.seek(start)
        while start < stop and (block := stored.read(min(BLOCK, stop - start))):
            start += len(block)
            yield block
