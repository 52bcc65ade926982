"""Whether a PDF is whole, can be opened by everybody, and does nothing by itself.

It is read by the names in it and never run or drawn: those that begin an action are looked for in the file as it is,
and in its object streams, which are packed. Attachments are let through: they are how a report carries its data
(PDF/A-3), a reader has to ask for them, and the virus scanner gets the file with them. So are links, and forms that a
reader fills in.
"""

import re
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

MOST_UNPACKED = 32 * 1024 * 1024  # bytes, of all object streams together

REASONS = {
    "not_pdf": _("This file is not a whole PDF; export it again."),
    "locked": _("This PDF is locked by a password or against copying: export it again without protection."),
    "active": _("This PDF has a script or a program in it: export it again without, as for print."),
    "unpacks": _("What is packed in this PDF cannot be looked through; export it again, as an ordinary PDF."),
}

SPACE = rb"\x00\t\n\f\r "


def spelt(word: str) -> bytes:
    """The name, each letter of which may be written by its number."""
    return "".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in word).encode()


def key(word: str, begins: bytes) -> bytes:
    """The name before a value that begins so, or before a comment; in the address of a link neither follows it."""
    return spelt(word) + b"[" + SPACE + b"]*[%" + begins + b"]"


HEAD = re.compile(rb"%PDF-[12]\.[0-9]")
TAIL = re.compile(rb"startxref[" + SPACE + rb"]+([0-9]{1,10})[" + SPACE + rb"]+%%EOF[" + SPACE + rb"]*\Z")
TABLE = re.compile(rb"[" + SPACE + rb"]*(?:xref|[0-9]+[" + SPACE + rb"]+[0-9]+[" + SPACE + rb"]+obj)")
ROOT, LOCK = re.compile(b"/" + key("Root", b"0-9")), re.compile(b"/" + key("Encrypt", b"<0-9"))

# What begins an action: a value by itself, or a key before its value.
VALUES = b"|".join(spelt(word) for word in ("JavaScript", "Launch", "RichMedia"))
KEYS = key("JS", b"(<0-9") + b"|" + key("XFA", rb"\[0-9")
ACTIONS = re.compile(rb"/(?=[JLRX#])(?:(" + VALUES + rb")(?=[\x00\t\n\f\r /<>\[\]()%{}]|$)|" + KEYS + rb")")
BEFORE_VALUES = re.compile(rb"(?:[" + SPACE + rb"<>\[\]()]|/S|/#53|/Subtype)\Z")  # in an address it is something else

STREAM = re.compile(rb"(?<!end)stream\r?\n")
PACKED = re.compile(b"/" + spelt("ObjStm") + b"|/" + key("First", b"0-9"))  # readers know such a stream by either
FILTERED = re.compile(b"/(?:" + spelt("DecodeParms") + b"|" + spelt("DP") + b")")  # nobody packs objects so
LONGEST_DICT = 2048  # bytes before a stream that may be its dictionary
CHUNK = 64 * 1024


class Unpacks(Exception):
    """What is in it is more than can be looked through, or cannot be read."""


def fault(content: bytes) -> str:
    """Why it cannot be published, by its word in REASONS; none where it can."""
    if not HEAD.match(content) or not is_whole(content):
        return "not_pdf"
    if LOCK.search(content):
        return "locked"
    if acts(content):
        return "active"
    try:
        return "active" if any(acts(packed) for packed in object_streams(content)) else ""
    except Unpacks:
        return "unpacks"


def is_whole(content: bytes) -> bool:
    """It ends as a PDF ends, with nothing behind, and its end says where its table of contents begins."""
    tail = TAIL.search(content, max(0, len(content) - 2048))
    return bool(tail and TABLE.match(content, int(tail[1])) and ROOT.search(content))


def acts(content: bytes) -> bool:
    return any(
        not found[1] or BEFORE_VALUES.search(content[max(0, found.start() - 8) : found.start()])
        for found in ACTIONS.finditer(content)
    )


def object_streams(content: bytes) -> Iterator[bytes]:
    """Each stream of objects, unpacked."""
    left = MOST_UNPACKED
    for stream in STREAM.finditer(content):
        dictionary = content[max(0, stream.start() - LONGEST_DICT) : stream.start()].rpartition(b"obj")[2]
        if PACKED.search(dictionary):
            if FILTERED.search(dictionary):
                raise Unpacks
            unpacked = inflated(content, stream.end(), left)
            left -= len(unpacked)
            yield unpacked


def inflated(content: bytes, start: int, most: int) -> bytes:
    """The stream that begins there; it is read in chunks, as zlib copies whatever follows its end."""
    machine, unpacked = zlib.decompressobj(), b""
    try:
        while not machine.eof and start < len(content):
            unpacked += machine.decompress(machine.unconsumed_tail + content[start : start + CHUNK], most + 1)
            start += CHUNK
            if len(unpacked) > most:
                raise Unpacks
    except zlib.error as error:
        raise Unpacks from error
    if not machine.eof:
        raise Unpacks
    return unpacked
