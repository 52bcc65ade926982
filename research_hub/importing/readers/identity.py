"""What tells one work from another: DOI, ISBN, language, and a name of its own for a record that has none."""

import re
import unicodedata
from hashlib import sha256
from urllib.parse import unquote

from django.conf.locale import LANG_INFO

from publications.identifiers import is_doi, is_isbn

DOI = re.compile(r"(?:^|doi\.org/|\bdoi[:=]\s*)(10\.\d{4,9}(?:/|%2f)[^\s\"<>&]+)", re.I)
WHOLE_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.I)
ISBN = re.compile(r"(?<![\dXx-])(?:97[89][- ]?)?\d(?:[- ]?\d){8}[- ]?[\dXx](?![\dXx-])")

THREE_LETTERS = {
    "eng": "en", "spa": "es", "por": "pt", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "ita": "it", "cat": "ca",
    "nld": "nl", "dut": "nl", "zho": "zh", "chi": "zh", "jpn": "ja", "rus": "ru", "ara": "ar", "glg": "gl", "eus": "eu",
    "baq": "eu", "kor": "ko", "pol": "pl", "swe": "sv", "hat": "ht", "que": "qu",
}  # fmt: skip
NAMES = {
    "ingles": "en", "castilian": "es", "castellano": "es", "portugues": "pt", "frances": "fr", "aleman": "de",
    "italiano": "it", "chinese": "zh",
}  # fmt: skip


def folded(text: str) -> str:
    """Its letters and digits alone, without case and accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(char for char in bare if not unicodedata.combining(char))))


NAMES |= {
    folded(told[key]): code.split("-")[0]
    for code, told in reversed(LANG_INFO.items())
    for key in ("name", "name_local")
    if key in told
}


def doi_in(*texts: str) -> str:
    """The first DOI in the texts, by itself or in an address; in lower case, as DOIs are compared."""
    for text in texts:
        text = text.strip()
        found = WHOLE_DOI.fullmatch(text) or DOI.search(text)
        if found and is_doi(doi := trimmed(unquote(found[1]).lower())):
            return doi
    return ""


def trimmed(doi: str) -> str:
    """Without the full stop of the sentence or the bracket that it stood in."""
    doi = doi.rstrip(".,;:'\"")
    for opening, closing in ("()", "[]"):
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1].rstrip(".,;")
    return doi


def isbn_in(*texts: str) -> str:
    for text in texts:
        for found in ISBN.finditer(text):
            if is_isbn(found[0].upper()):
                return found[0].upper()
    return ""


def language_in(text: str) -> str:
    """The code of the first language that the text names: “es”, “es-MX”, “spa”, “Spanish; Castilian”, “Español”."""
    first = re.split(r"[;,/|]|\s+and\s+|\s+y\s+", text.strip())[0].strip()
    code = re.split(r"[-_]", first.lower())[0]
    if code in THREE_LETTERS:
        return THREE_LETTERS[code]
    if re.fullmatch(r"[a-z]{2}", code) and re.fullmatch(r"[A-Za-z]{2}(?:[-_]\w+)*", first):
        return code
    return NAMES.get(folded(first), "")


def named_by(title: str, date: str) -> str:
    """A name for a record that has none, the same each time it is read."""
    return sha256(f"{folded(title)}|{date}".encode()).hexdigest()[:20]
