"""Texts in a PO file, with polib."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from tempfile import NamedTemporaryFile

import polib
from django.utils.translation import gettext as _

from research_hub.languages.text import other

from .package import MAX_FAULTS, ExchangeError, Fault, Found, Languages, Unit, languages_of, primary, wrong_letters

FUZZY = {"draft", "stale", "unverified", "suspicious"}
LINE = re.compile(
    r'(?:#~\s*)?(?:(?P<keyword>msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\])\s*)?"(?:[^"\\]|\\.)*+"|#.*|'
)
MAX_LINES = 5_000  # of one text: polib adds line to line, and needs minutes where twenty megabytes are one text


def document(units: Iterable[Unit], source_language: str, target_language: str) -> bytes:
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": "Research Hub",
        "Language": target_language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": source_language,
    }
    file.extend(entry(unit) for unit in units)
    return str(file).encode()


def entry(unit: Unit) -> polib.POEntry:
    return polib.POEntry(
        msgctxt=unit.name,
        msgid=unit.source,
        msgstr=unit.target,
        comment="\n".join(unit.notes),
        flags=["fuzzy"] if unit.target and unit.state in FUZZY else [],
    )


def contents(data: bytes) -> tuple[Languages, Iterator[Found]]:
    text = decoded(data)
    if faults := list(islice(faults_in(text), MAX_FAULTS)):
        raise ExchangeError(*faults)
    file = parsed(text)
    target = file.metadata.get("Language")
    source = file.metadata.get("X-Source-Language") or other(primary(target))
    return languages_of(source, target), (found(entry) for entry in file if not entry.obsolete)


def found(entry: polib.POEntry) -> Found:
    fault = _("The text here has plural forms. Give it one translation.") if entry.msgid_plural else ""
    return Found(entry.linenum, [entry.msgctxt], entry.msgid, entry.msgstr, fault)


def decoded(data: bytes) -> str:
    if b"msgid" not in data.replace(b"\0", b""):
        raise ExchangeError((None, _("This is neither a PO nor an XLIFF file. Choose the one that your tool saved.")))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong_letters(data.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise wrong_letters(text.count("\n", 0, text.index("\0")) + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def faults_in(text: str) -> Iterator[Fault]:
    """What polib lets pass: a string without an end, of which it drops the last letter, and a file that is cut off."""
    keyword, run = "msgstr", 0
    for number, line in enumerate(text.split("\n"), start=1):
        matched = LINE.fullmatch(line.strip())
        keyword, run = (matched["keyword"], 0) if matched and matched["keyword"] else (keyword, run + 1)
        if not matched:
            yield unreadable(number)
        if run == MAX_LINES:
            yield number, _("The text here has too many lines. Let your tool write each text in one line.")
    if not keyword.startswith("msgstr"):
        yield number, _("The file was cut off: a translation is missing here. Save it again or download it anew.")


def parsed(text: str) -> polib.POFile:
    """By way of a file: a text polib takes for a path where one is called so, and breaks its lines at U+2028.

    The comment at the end keeps polib from dropping the last text where an empty comment follows it.
    """
    with NamedTemporaryFile("w", encoding="utf-8", suffix=".po") as file:
        file.write(f"{text}\n#\n")
        file.flush()
        try:
            return polib.pofile(file.name, encoding="utf-8")
        except OSError as error:
            line = re.search(r"\(line (\d+)\)", str(error))
            raise ExchangeError(unreadable(int(line[1]) if line else None)) from None


def unreadable(line: int | None) -> Fault:
    return line, _("This line is not as in a PO file. Look for a quotation mark too many or too few, or save it again.")
