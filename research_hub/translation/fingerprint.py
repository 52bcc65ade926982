"""What a text says, whatever its setting: its words decide whether a translation of it is still right."""

import hashlib
import re
import unicodedata

from research_hub.editorial.prose import plain_text
from research_hub.languages.text import clean_html

SINGLE, DOUBLE, DASHES = "‘’‚‛‹›`´ʼ", "“”„‟«»", "‐‑‒–—―−"
FOLDED = str.maketrans(
    dict.fromkeys(SINGLE + DOUBLE + '"', "'") | dict.fromkeys(DASHES, "-") | {"…": "..."} | dict.fromkeys("\xad\ufeff")
)
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]")
AROUND_DASH, QUOTES = re.compile(r"\s*-+\s*"), re.compile(r"'+")
GUILLEMETS = re.compile(r"(?<=[«‹])\s+|\s+(?=[»›])")  # some set them apart from what they hold
SIGNS = re.compile(f"[{''.join(map(chr, FOLDED))}]|{INVISIBLE.pattern}")  # looked for once, since most texts have none
LENGTH = 32  # of a fingerprint, in hexadecimal digits


def norm(text: str | None, is_rich: bool) -> str:
    """The words in their order, with the signs between them; rich text loses its mark-up.

    One way to write a quotation mark, a dash, a space and an accent, whichever was typed.
    """
    if not text:
        return ""
    words = plain_text(clean_html(text)) if is_rich else text
    words = unicodedata.normalize("NFC", words)
    if SIGNS.search(words):
        words = GUILLEMETS.sub("", INVISIBLE.sub("", words)).translate(FOLDED)
    if "'" in words:
        words = QUOTES.sub("'", words)
    if "-" in words:
        words = AROUND_DASH.sub("-", words)
    return " ".join(words.split())


def fingerprint(text: str | None, is_rich: bool) -> str:
    """The same for texts that say the same; "" where there is no word."""
    return print_of(norm(text, is_rich))


def print_of(words: str) -> str:
    """The fingerprint of words that `norm` has told."""
    return hashlib.blake2b(words.encode(), digest_size=LENGTH // 2).hexdigest() if words else ""
