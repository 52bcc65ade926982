"""Small files that claim to be, or unpack to, more than a server has; run as a program, it tells what each costs.

`python -m tests.media.bombs` prints a line of JSON for each: what was said of it, the seconds of the processor, the
megabytes that the process grew by.
"""

import json
import logging
import os
import resource
import struct
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes, pixels: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def zeros(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def webp(width: int, height: int) -> bytes:
    """One that moves, on a sheet so large, of a single pixel."""
    out = BytesIO()
    Picture.new("RGBA", (1, 1)).save(out, "WEBP", lossless=True)
    frame = bytes(12) + b"\x10\0\0\0" + out.getvalue()[12:]
    sheet = b"\x12\0\0\0" + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    named = {b"VP8X": sheet, b"ANIM": bytes(6), b"ANMF": frame}
    parts = b"".join(name + struct.pack("<I", len(data)) + data for name, data in named.items())
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts


def tiff(width: int, height: int) -> bytes:
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (279, 4, 1)]
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + rows + bytes(4)


def gif(frames: int) -> bytes:
    pixel = b"\x2c" + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6) + pixel * frames + b"\x3b"


def jpeg(width: int, height: int, scans: int) -> bytes:
    """It goes over its pixels again and again."""
    out = BytesIO()
    Picture.new("RGB", (8, 8)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    size = data.index(b"\xff\xc2") + 5
    data = data[:size] + struct.pack(">HH", height, width) + data[size + 4 :]
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def pdf(*packed: bytes, filled_with: bytes = b"") -> bytes:
    start = b"%PDF-1.5\n" + filled_with
    for number, data in enumerate(packed, start=2):
        head = b"%d 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n" % number
        start += head + data + b"\nendstream\nendobj\n"
    return start + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(start)


def bombs() -> Iterator[tuple[str, bytes]]:
    yield "wide.png", png(50_000, 50_000, pixels=zeros(10_000_000))
    yield "wide.jpg", jpeg(65_500, 65_500, 1)
    yield "again.jpg", jpeg(7_000, 7_000, 2_000)
    yield "wide.webp", webp(16_383, 16_383)
    yield "between.png", png(9_000, 9_000, pixels=zeros(10_000_000))  # more than ours, less than Pillow's limit
    yield "profile.png", png(9, 9, chunk(b"iCCP", b"a\0\0" + zeros(100_000_000)))
    yield "text.png", png(9, 9, *[chunk(b"zTXt", b"a\0\0" + zeros(3_000_000))] * 100)
    yield "claims.tiff", tiff(2_000_000_000, 2_000_000_000)
    yield "claims.png", tiff(60_000, 60_000)
    yield "frames.gif", gif(5_000)
    yield "frames.png", gif(5_000)
    yield "one.pdf", pdf(zeros(200_000_000))
    yield "many.pdf", pdf(*[zeros(10_000_000)] * 1_000)
    yield "empty.pdf", pdf(b"x\x9c" + b"\0\0\0\xff\xff" * 4_000_000)
    yield "names.pdf", pdf(filled_with=b"/JS " * 1_000_000 + b"/S/" * 1_000_000 + b"/ObjStm stream\n" * 99_000)
    yield "spaces.pdf", pdf(b"", filled_with=b"/JS" + b" " * 30_000_000)


def said_of(name: str, data: bytes, check_document, check_image) -> list[str]:
    check = check_document if name.endswith(".pdf") else check_image
    try:
        check(SimpleUploadedFile(name, data))
    except ValidationError as error:
        return error.messages
    return []


def memory(which: str) -> int:
    """In megabytes: VmRSS is what the process has, VmHWM the most that it had."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(which))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))  # a bomb that went off ends here
    django.setup()
    logging.disable(logging.CRITICAL)
    from research_hub.media.checks import check_document, check_image

    for name, data in bombs():
        Path("/proc/self/clear_refs").write_text("5")  # the most that it had is now what it has
        before, began = memory("VmRSS"), time.process_time()
        said = said_of(name, data, check_document, check_image)
        seconds, grown = time.process_time() - began, memory("VmHWM") - before
        print(json.dumps({"name": name, "said": said, "seconds": round(seconds, 3), "megabytes": grown}))
